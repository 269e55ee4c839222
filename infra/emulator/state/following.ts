import type { Entry, Ledger } from './ledger.ts';

/** Something that is derived from the entries of a ledger. */
interface Derived<T> {
  /** Takes an entry that is new or has changed. */
  readonly update: (entry: Entry<T>) => void;
}

/**
 * Returns a function that returns what is derived from a ledger, up to date. It is created when it is first needed, and each change is
 * taken once, when it is next needed.
 */
export function following<T, D extends Derived<T>>(create: () => D): (ledger: Ledger<T>) => D {
  const known = new WeakMap<Ledger<T>, { readonly derived: D; revision: number }>();
  return (ledger) => {
    const found = known.get(ledger) ?? { derived: create(), revision: 0 };
    known.set(ledger, found);
    if (found.revision === ledger.revision()) return found.derived;
    for (const entry of ledger.changedSince(found.revision)) found.derived.update(entry);
    found.revision = ledger.revision();
    return found.derived;
  };
}
