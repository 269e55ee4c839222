import { following } from '../state/following.ts';
import type { Entry, Ledger } from '../state/ledger.ts';
import type { StoredEvent } from '../state/stored-event.ts';

/** Finds the events that share a key: the exceptions of a series, the copies of a meeting. */
type Groups = (ledger: Ledger<StoredEvent>, key: string) => Entry<StoredEvent>[];

/** Returns the entries of the events with a key, in the order of their first appearance. An event has as many keys as `keysOf` returns. */
function groupedBy(keysOf: (event: StoredEvent) => readonly string[]): Groups {
  const groupsOf = following<StoredEvent, ReturnType<typeof createGroups>>(() => createGroups(keysOf));
  return (ledger, key) =>
    groupsOf(ledger)
      .positions(key)
      .flatMap((position) => ledger.at(position) ?? []);
}

function createGroups(keysOf: (event: StoredEvent) => readonly string[]) {
  const groups = new Map<string, Set<number>>();
  const keys = new Map<number, readonly string[]>();
  return {
    update({ position, value }: Entry<StoredEvent>): void {
      for (const key of keys.get(position) ?? []) remove(groups, key, position);
      const now = keysOf(value);
      if (now.length > 0) keys.set(position, now);
      else keys.delete(position);
      for (const key of now) add(groups, key, position);
    },
    positions: (key: string): number[] => [...(groups.get(key) ?? [])].toSorted((a, b) => a - b),
  };
}

/** Adds a position to a set of a map. */
export function add<K>(sets: Map<K, Set<number>>, key: K, position: number): void {
  const set = sets.get(key);
  if (set) set.add(position);
  else sets.set(key, new Set([position]));
}

/** Removes a position from a set of a map, and the set with its last one. */
export function remove<K>(sets: Map<K, Set<number>>, key: K, position: number): void {
  const set = sets.get(key);
  set?.delete(position);
  if (set?.size === 0) sets.delete(key);
}

/** Returns the stored exceptions of a series. */
export const bySeries = groupedBy(({ recurringEventId }) =>
  recurringEventId === undefined ? [] : [recurringEventId],
);

/** Returns the events with an iCalUID, exceptions among them. */
export const byICalUID = groupedBy(({ iCalUID }) => [iCalUID]);

/** Returns the events whose id is a given one and `_R…`: the series that "this and following events" split off from it. */
export const bySplit = groupedBy(({ id }) => [...id.matchAll(/_R/g)].map(({ index }) => id.slice(0, index)));
