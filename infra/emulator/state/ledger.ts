import { createVector, elementsOf } from './vector.ts';

/** A value from one revision to the next change. */
interface Version<T> {
  readonly value: T;
  readonly revision: number;
}

interface PastVersion<T> extends Version<T> {
  readonly until: number;
}

/** An item of a collection, deleted or not. Values are never changed in place, so old versions cost no copy. */
export interface Entry<T> extends Version<T> {
  readonly id: string;
  /** Its place in the order of first appearance. */
  readonly position: number;
  /** Time of the last change, in milliseconds. */
  readonly changedAt: number;
  /** Earlier versions, oldest first. */
  readonly past: readonly PastVersion<T>[];
}

/** A collection as it was at one moment. */
export interface FrozenLedger<T> {
  /** The number of entries. */
  readonly length: number;
  /** Returns the entry at a place in the order of first appearance. */
  at(position: number): Entry<T> | undefined;
  get(id: string): Entry<T> | undefined;
}

/**
 * A collection that keeps the order of changes, which sync tokens refer to. A deletion is a value too; nothing is ever removed.
 */
export interface Ledger<T> extends FrozenLedger<T> {
  /** The number of the last change, or 0 before the first. */
  revision(): number;
  /** Time of the last change, or 0 before the first. */
  changedAt(): number;
  /** In the order of their first appearance. */
  entries(): Entry<T>[];
  /** Takes as long as there are changes, however many entries there are. In the order of their first appearance. */
  changedSince(revision: number): Entry<T>[];
  /** Returns the collection as it is now. Costs no copy. */
  freeze(): FrozenLedger<T>;
  put(id: string, value: T): Entry<T>;
  /** Returns all that there is, history included, as JSON. */
  save(): SavedLedger<T>;
}

/** A ledger as JSON, its entries in the order of their first appearance. */
export interface SavedLedger<T> {
  readonly revision: number;
  readonly changedAt: number;
  readonly entries: readonly (Omit<Entry<T>, 'position' | 'past'> & Partial<Pick<Entry<T>, 'past'>>)[];
}

export interface LedgerOptions {
  readonly now: () => number;
  /** Superseded versions older than this are dropped: no sync token is that old. */
  readonly keepMs: number;
  readonly onChange: () => void;
}

/** Superseded changes are dropped when they outnumber the others by this many. */
const SUPERSEDED = 64;
const NO_PAST: never[] = [];

/** Returns an empty collection, or one as it was saved. */
export function createLedger<T>({ now, keepMs, onChange }: LedgerOptions, saved?: SavedLedger<T>): Ledger<T> {
  const entries = createVector<Entry<T>>();
  const positions = new Map<string, number>();
  /** What changed, in order: without the entries themselves, which would keep superseded values in memory. */
  let changes: Pick<Entry<T>, 'position' | 'revision'>[] = [];
  /** The past of each entry that has one, by position. Its versions share one list: entries may change thousands of times. */
  const pasts = new Map<number, PastVersion<T>[]>();
  let revision = saved?.revision ?? 0;
  let changedAt = saved?.changedAt ?? 0;
  for (const { past = NO_PAST, ...kept } of saved?.entries ?? []) {
    const position = entries.length;
    const own = past.length > 0 ? [...past] : NO_PAST;
    if (past.length > 0) pasts.set(position, own);
    positions.set(kept.id, position);
    entries.push({ ...kept, position, past: own });
    changes.push({ position, revision: kept.revision });
  }
  changes.sort((a, b) => a.revision - b.revision);

  const isCurrent = (change: Pick<Entry<T>, 'position' | 'revision'>): boolean =>
    entries.at(change.position)?.revision === change.revision;
  const get = (id: string): Entry<T> | undefined => {
    const position = positions.get(id);
    return position === undefined ? undefined : entries.at(position);
  };
  function addToPast({ position, value, revision: since }: Entry<T>, until: number): PastVersion<T>[] {
    const past = pasts.get(position) ?? [];
    past.push({ value, revision: since, until });
    past.splice(
      0,
      past.findIndex((version) => version.until >= until - keepMs),
    );
    pasts.set(position, past);
    return past;
  }

  return {
    revision: () => revision,
    changedAt: () => changedAt,
    get length() {
      return entries.length;
    },
    at: (position) => entries.at(position),
    get,
    entries: () => elementsOf(entries),
    changedSince(since) {
      const found = changes.slice(firstAfter(changes, since)).filter(isCurrent);
      return found
        .toSorted((a, b) => a.position - b.position)
        .flatMap(({ position }) => entries.at(position) ?? []);
    },
    freeze() {
      const frozen = entries.freeze();
      return {
        length: frozen.length,
        at: (position) => frozen.at(position),
        get(id) {
          const position = positions.get(id);
          return position === undefined ? undefined : frozen.at(position);
        },
      };
    },
    put(id, value) {
      const at = now();
      const before = get(id);
      const position = before?.position ?? entries.length;
      const past = before ? addToPast(before, at) : NO_PAST;
      const entry = { id, position, value, revision: ++revision, changedAt: at, past };
      if (before) entries.set(position, entry);
      else {
        entries.push(entry);
        positions.set(id, position);
      }
      changes.push({ position, revision });
      if (changes.length > 2 * entries.length + SUPERSEDED) changes = changes.filter(isCurrent);
      changedAt = Math.max(changedAt, at);
      onChange();
      return entry;
    },
    save: () => ({
      revision,
      changedAt,
      entries: elementsOf(entries).map(({ id, value, revision: changed, changedAt: at, past }) => ({
        id,
        value,
        revision: changed,
        changedAt: at,
        ...(past.length > 0 && { past: [...past] }),
      })),
    }),
  };
}

/** Returns the index of the first change after a revision. */
function firstAfter(changes: readonly { readonly revision: number }[], revision: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((changes[middle]?.revision ?? Infinity) > revision) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Returns the entry's value right after a revision of its ledger, or undefined if it did not exist yet. */
export function valueAt<T>(entry: Entry<T>, revision: number): T | undefined {
  if (entry.revision <= revision) return entry.value;
  return entry.past.findLast((version) => version.revision <= revision)?.value;
}
