import type { SyncStatus } from '../mirror/watch.ts';

/** Items that cannot be mirrored: named in the watch's status, and in no other item's way. */

/** How many are named: the latest. */
const MOST_NAMED = 20;
const LONGEST_NAME = 100;
const LONGEST_REASON = 300;

/** As much of an id as a status can hold: half a character, of the id or of the cut, is one that Firestore refuses. */
export const nameOf = (itemId: string): string => itemId.slice(0, LONGEST_NAME).toWellFormed();

/** Names items in the status, with the reasons. */
export function withSetAside(sync: SyncStatus, found: ReadonlyMap<string, string>): SyncStatus {
  if (found.size === 0) return sync;
  const known = (sync.setAside ?? []).filter(({ item }) => !found.has(item));
  const named = Array.from(found, ([item, reason]) => ({
    item,
    reason: reason.slice(0, LONGEST_REASON).toWellFormed(),
  }));
  return { ...sync, setAside: [...known, ...named].slice(-MOST_NAMED) };
}

/** Takes items off the list that Google now lists in a form that can be mirrored, or as deleted. */
export function withoutSetAside(sync: SyncStatus, itemIds: Iterable<string>): SyncStatus {
  const { setAside, ...rest } = sync;
  if (setAside === undefined) return sync;
  const fine = new Set(Array.from(itemIds, nameOf));
  const left = setAside.filter(({ item }) => !fine.has(item));
  return left.length > 0 ? { ...rest, setAside: left } : rest;
}
