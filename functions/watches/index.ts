import type { Firestore } from '@google-cloud/firestore';

import type { Resource } from '../calendar/resources.ts';
import { isWatchId } from './channel-token.ts';
import { parseSpec } from './spec.ts';
import type { State } from './states.ts';
import { canonicalSpec, createWatchAdmin, type SpecInput } from './watch-admin.ts';
import type { WatchResult } from './watch.ts';

/**
 * The package entry `calendar-mirror/watches`: manages watches from a program. Writes `spec` and `nextDueAt` by merge and never
 * `status`, which belongs to the functions: overwriting a whole document would erase its sequence and its sync token.
 *
 * @module
 */

/** What to mirror: the `spec` of a watch document. */
export type WatchSpec = SpecInput;

/** Why a watch was not written. */
export type WatchProblem = 'invalidSpec' | 'invalidId' | 'idTaken' | 'collectionTaken';

/** Thrown if a watch cannot be written. Nothing was written. */
export class WatchError extends Error {
  override readonly name = 'WatchError';
  readonly problem: WatchProblem;

  constructor(problem: WatchProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** The current state of a watch. Unknown values are undefined. */
export interface WatchInfo {
  readonly id: string;
  readonly user: string | undefined;
  readonly resource: Resource | undefined;
  readonly calendarId: string | undefined;
  /** `unreadable` if a manual edit made the document's `status` invalid. */
  readonly state: State | 'unreadable';
  /** Why it is in that state: a keyword, and a sentence in `detail`. */
  readonly reason: string | undefined;
  readonly detail: string | undefined;
  /** The path of the mirrored items. */
  readonly collection: string | undefined;
  /** The sequence number of its latest change. */
  readonly sequence: number;
  /** When its latest complete sync ended. */
  readonly syncedAt: Date | undefined;
  /** Id of the calendarList watch that manages this one. */
  readonly followedBy: string | undefined;
  /** The requested removal. */
  readonly removed: 'keep' | 'purge' | undefined;
}

const checkId = (id: string): void => {
  if (isWatchId(id)) return;
  throw new WatchError('invalidId', `invalid watch id "${id}": use 1–100 letters, digits, "_" or "-"`);
};

/**
 * Creates a watch, or edits the one that already mirrors the collection. Renew checks it at its next run. A removed watch becomes
 * active again. An edit of anything but `follow` and `clock` replaces the channel and starts a full sync beside the live mirror.
 *
 * @param firestore a client of the `@google-cloud/firestore` that this package depends on
 * @param spec what to mirror; omitted fields get their defaults, except `follow`, which is kept; without `clock`, no moments are
 * published any more
 * @param options.id the watch's id; without it, the same user, resource and calendar always get the same one
 * @returns the watch's id
 * @throws {WatchError} if the spec or the id is not valid, if the id is that of another collection's watch, or if an id is given and
 * a watch of another id mirrors the collection
 *
 * @example
 * const firestore = new Firestore();
 * const id = await putWatch(firestore, { user: 'ana@example.com', resource: 'events', calendarId: 'primary' });
 */
export async function putWatch(
  firestore: Firestore,
  spec: WatchSpec,
  options: { readonly id?: string } = {},
): Promise<string> {
  const { id } = options;
  if (id !== undefined) checkId(id);
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new WatchError('invalidSpec', `invalid watch: ${parsed.problem}`);
  const { value: watchSpec } = parsed;
  if (watchSpec.removed !== undefined) {
    throw new WatchError('invalidSpec', 'invalid watch: spec.removed: request removal with removeWatch');
  }
  const written = await createWatchAdmin(firestore).upsertWatch(
    canonicalSpec(spec, watchSpec),
    watchSpec,
    id,
  );
  switch (written.outcome) {
    case 'written':
      return written.id;
    case 'idTaken': {
      const mirrors = written.mirrors ?? 'another collection';
      const next = id === undefined ? 'give an id of your own' : 'give another id, or none';
      throw new WatchError('idTaken', `watches/${written.id} is a watch of ${mirrors}: ${next}`);
    }
    case 'collectionTaken':
      throw new WatchError(
        'collectionTaken',
        `${watchSpec.collection} is mirrored by the watch ${written.holder}: use that id or none, or remove that watch first`,
      );
  }
}

/**
 * Requests the removal of a watch: its channel is stopped and syncing ends. Its document stays, with its last sequence number.
 *
 * @param firestore a client of the `@google-cloud/firestore` that this package depends on
 * @param id the watch's id
 * @param items `keep` leaves the mirrored items where they are, `purge` deletes them and announces each deletion
 * @returns whether there is such a watch
 * @throws {WatchError} if the id is not valid
 *
 * @example
 * await removeWatch(firestore, 'ana-team', 'purge');
 */
export async function removeWatch(
  firestore: Firestore,
  id: string,
  items: 'keep' | 'purge',
): Promise<boolean> {
  checkId(id);
  return (await createWatchAdmin(firestore).requestRemoval(id, items)) !== undefined;
}

function infoOf(listed: WatchResult): WatchInfo {
  const watch = listed.ok ? listed.watch : undefined;
  const watchSpec = watch?.spec.ok === true ? watch.spec.value : undefined;
  const problem = watch?.spec.ok === false ? watch.spec.problem : undefined;
  return {
    id: listed.ok ? listed.watch.id : listed.id,
    user: watchSpec?.target.user,
    resource: watchSpec?.target.resource,
    calendarId: watchSpec?.target.calendarId ?? undefined,
    state: watch?.state ?? 'unreadable',
    reason: watch?.reason,
    detail: listed.ok ? (listed.watch.detail ?? problem) : listed.problem,
    collection: watch?.collection,
    sequence: watch?.sync.sequence ?? 0,
    syncedAt: watch?.sync.completedAt === undefined ? undefined : new Date(watch.sync.completedAt),
    followedBy: watch?.followedBy,
    removed: watchSpec?.removed,
  };
}

/**
 * Lists every watch, including removed ones.
 *
 * @param firestore a client of the `@google-cloud/firestore` that this package depends on
 * @returns the watches, ordered by id
 *
 * @example
 * const paused = (await listWatches(firestore)).filter(({ state }) => state === 'paused');
 */
export async function listWatches(firestore: Firestore): Promise<readonly WatchInfo[]> {
  return (await createWatchAdmin(firestore).listWatches()).map(infoOf);
}
