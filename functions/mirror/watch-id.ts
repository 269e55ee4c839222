import { createHash } from 'node:crypto';

import type { Resource } from '../calendar/resources.ts';

/** What a watch is called that nobody has named: the same wish always gets the same id, and so is one watch. */

/** What identifies a mirrored collection: at most one watch has it. */
export interface CollectionOf {
  readonly user: string;
  readonly resource: Resource;
  /** The calendar's own id, or `primary`. */
  readonly calendarId?: string | undefined;
}

/** The id that a calendar has for everybody: a user's own one is called `primary` by that user alone. */
const canonical = ({ user, calendarId }: CollectionOf): string | undefined =>
  calendarId === 'primary' ? user : calendarId;

/** A readable id for a watch: at most 69 letters, digits and `-`. */
export function watchIdOf(of: CollectionOf): string {
  const words = [of.user.split('@')[0] ?? '', of.resource, canonical(of)?.split('@')[0] ?? ''];
  const name = words
    .filter((word) => word !== '')
    .map((word) => word.replaceAll(/[^A-Za-z0-9]+/g, '').slice(0, 20))
    .join('-');
  const hash = createHash('sha256').update(collectionKey(of)).digest('hex');
  return `${name}-${hash.slice(0, 6)}`;
}

/** One string for each mirrored collection, whether its calendar was called `primary` or by its own id. */
export const collectionKey = (of: CollectionOf): string =>
  JSON.stringify([of.user, of.resource, canonical(of) ?? null]);
