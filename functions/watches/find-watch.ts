import type { DocumentSnapshot } from '@google-cloud/firestore';

import { parseSpec } from './spec.ts';

/** Finds the watch document of a collection among those that its default ids name. Pure. */

type Snapshot = Pick<DocumentSnapshot, 'exists' | 'get'>;

/** Returns the collection that a watch document has claimed or specifies; undefined if neither is readable. */
export function collectionOf(snapshot: Snapshot): string | undefined {
  const claimed: unknown = snapshot.get('status.collection');
  if (typeof claimed === 'string') return claimed;
  const spec = parseSpec(snapshot.get('spec'));
  return spec.ok ? spec.value.collection : undefined;
}

/**
 * Returns the document to write for a collection: the first existing one that does not belong to another collection, else the
 * first candidate; undefined if that one is another collection's watch.
 */
export function documentFor<T extends Snapshot>(collection: string, candidates: readonly T[]): T | undefined {
  const isOurs = (each: T): boolean => each.exists && (collectionOf(each) ?? collection) === collection;
  const [first] = candidates;
  return candidates.find(isOurs) ?? (first?.exists === false ? first : undefined);
}
