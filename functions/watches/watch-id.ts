import { createHash } from 'node:crypto';

import type { Resource } from '../calendar/resources.ts';

/** Deterministic default ids: requesting the same target twice yields the same watch. */

/** Identifies a mirrored collection, which has at most one watch. */
export interface CollectionId {
  readonly user: string;
  readonly resource: Resource;
  /** The calendar's own id, or `primary`. */
  readonly calendarId?: string | undefined;
}

/** Resolves `primary`, which only the user can use, to the calendar's own id. */
const canonical = ({ user, calendarId }: CollectionId): string | undefined =>
  calendarId === 'primary' ? user : calendarId;

/** Hex digits of the hash in an id: 64 bits. */
const DIGITS = 16;
/** Of earlier versions: 24 bits, which collide among some thousand users. */
const FORMER_DIGITS = 6;

function idOf(of: CollectionId, digits: number): string {
  const words = [of.user.split('@')[0] ?? '', of.resource, canonical(of)?.split('@')[0] ?? ''];
  const name = words
    .filter((word) => word !== '')
    .map((word) => word.replaceAll(/[^A-Za-z0-9]+/g, '').slice(0, 20))
    .join('-');
  const hash = createHash('sha256').update(collectionKey(of)).digest('hex');
  return `${name}-${hash.slice(0, digits)}`;
}

/** Returns the default id of a watch: readable, at most 79 letters, digits and `-`. */
export const watchIdOf = (of: CollectionId): string => idOf(of, DIGITS);

/** Returns the default ids that a collection's watch may have: the current one, then that of earlier versions. */
export const watchIdsOf = (of: CollectionId): readonly [string, string] => [
  idOf(of, DIGITS),
  idOf(of, FORMER_DIGITS),
];

/** Returns a unique key of a mirrored collection, the same for `primary` and the calendar's own id. */
export const collectionKey = (of: CollectionId): string =>
  JSON.stringify([of.user, of.resource, canonical(of) ?? null]);
