/** A value as it stood from one revision to the next change. */
interface Version<T> {
  readonly value: T;
  readonly revision: number;
}

/** One item of a collection, deleted or not. Values are never changed in place, so old ones can be kept for free. */
export interface Entry<T> extends Version<T> {
  readonly id: string;
  /** When it last changed, in milliseconds. */
  readonly changedAt: number;
  /** Earlier versions, oldest first. */
  readonly past: readonly (Version<T> & { readonly until: number })[];
}

/**
 * A collection that remembers in which order its items changed: what sync tokens count. Deleting is putting a
 * value that says so; nothing is ever taken out.
 */
export interface Ledger<T> {
  /** The number of the last change; 0 before the first. */
  revision(): number;
  get(id: string): Entry<T> | undefined;
  /** In the order in which the items first came. */
  entries(): Entry<T>[];
  changedSince(revision: number): Entry<T>[];
  put(id: string, value: T): Entry<T>;
}

export interface LedgerOptions {
  readonly now: () => number;
  /** Versions superseded longer ago than this are forgotten: no token reaches back further. */
  readonly keepMs: number;
  readonly onChange: () => void;
}

/** An empty collection. */
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

/** What the entry's value was right after that revision of its ledger; `undefined` where it did not exist yet. */
export function valueAt<T>(entry: Entry<T>, revision: number): T | undefined {
  if (entry.revision <= revision) return entry.value;
  return entry.past.findLast((version) => version.revision <= revision)?.value;
}
