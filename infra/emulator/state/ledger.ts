/** A value from one revision to the next change. */
interface Version<T> {
  readonly value: T;
  readonly revision: number;
}

/** An item of a collection, deleted or not. Values are never changed in place, so old versions cost no copy. */
export interface Entry<T> extends Version<T> {
  readonly id: string;
  /** Time of the last change, in milliseconds. */
  readonly changedAt: number;
  /** Earlier versions, oldest first. */
  readonly past: readonly (Version<T> & { readonly until: number })[];
}

/**
 * A collection that keeps the order of changes, which sync tokens refer to. A deletion is a value too; nothing is ever removed.
 */
export interface Ledger<T> {
  /** The number of the last change, or 0 before the first. */
  revision(): number;
  get(id: string): Entry<T> | undefined;
  /** In the order of their first appearance. */
  entries(): Entry<T>[];
  changedSince(revision: number): Entry<T>[];
  put(id: string, value: T): Entry<T>;
}

export interface LedgerOptions {
  readonly now: () => number;
  /** Superseded versions older than this are dropped: no sync token is that old. */
  readonly keepMs: number;
  readonly onChange: () => void;
}

/** Returns an empty collection. */
export function createLedger<T>({ now, keepMs, onChange }: LedgerOptions): Ledger<T> {
  const entries = new Map<string, Entry<T>>();
  let revision = 0;
  return {
    revision: () => revision,
    get: (id) => entries.get(id),
    entries: () => [...entries.values()],
    changedSince: (since) => [...entries.values()].filter((entry) => entry.revision > since),
    put(id, value) {
      const at = now();
      const before = entries.get(id);
      const past = before
        ? [...before.past, { value: before.value, revision: before.revision, until: at }].filter(
            ({ until }) => until >= at - keepMs,
          )
        : [];
      const entry = { id, value, revision: ++revision, changedAt: at, past };
      entries.set(id, entry);
      onChange();
      return entry;
    },
  };
}

/** Returns the entry's value right after a revision of its ledger, or undefined if it did not exist yet. */
export function valueAt<T>(entry: Entry<T>, revision: number): T | undefined {
  if (entry.revision <= revision) return entry.value;
  return entry.past.findLast((version) => version.revision <= revision)?.value;
}
