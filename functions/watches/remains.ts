import { FieldPath, type Firestore } from '@google-cloud/firestore';

import { isWatchId } from './channel-token.ts';

/**
 * Remains of watches whose documents were deleted by hand: deleting a document keeps its subcollections.
 * https://firebase.google.com/docs/firestore/manage-data/delete-data
 */

/** The collections below a watch. */
const BELOW = ['outbox', 'seen'] as const;

/** How many documents one query fetches. */
const AT_ONCE = 20;

/** Returns the distinct ids without a watch document. */
export async function idsWithoutWatch(
  firestore: Firestore,
  ids: Iterable<string>,
): Promise<readonly string[]> {
  const documents = Array.from(new Set(ids), (id) => firestore.doc(`watches/${id}`));
  if (documents.length === 0) return [];
  const found = await firestore.getAll(...documents, { fieldMask: ['nextDueAt'] });
  return found.filter(({ exists }) => !exists).map(({ id }) => id);
}

interface Holder {
  readonly id: string;
  readonly isOurs: boolean;
}

export function createRemains(firestore: Firestore) {
  const watches = firestore.collection('watches');

  /** Returns the next few watch ids after `after` with a subcollection of that name, whether the watch exists or not. */
  async function holders(collection: string, after: string): Promise<readonly Holder[]> {
    const { docs } = await firestore
      // Ordered by name only, the query needs no index.
      .collectionGroup(collection)
      .orderBy(FieldPath.documentId())
      // `!` sorts before every character of an id, so this skips everything below `after`.
      .startAt(watches.doc(`${after}!`))
      .endBefore(watches.doc('~'))
      .limit(AT_ONCE)
      .select()
      .get();
    return docs.flatMap(({ ref }) => {
      const [, id, ...below] = ref.path.split('/');
      // Deeper paths and invalid ids are not ours.
      return id === undefined ? [] : [{ id, isOurs: below.length === 2 && isWatchId(id) }];
    });
  }

  return {
    /**
     * Returns the ids of deleted watches with an outbox or seen pages: slightly more than `limit` at most, or those found until
     * `isOver`. Reads a few documents per watch, however much is there.
     */
    deletedWithRemains: async (limit: number, isOver: () => boolean): Promise<readonly string[]> => {
      const deleted = new Set<string>();
      for (const collection of BELOW) {
        let found = await holders(collection, '');
        for (let last = found.at(-1); last !== undefined; last = found.at(-1)) {
          const ours = found.filter(({ isOurs }) => isOurs).map(({ id }) => id);
          for (const id of await idsWithoutWatch(firestore, ours)) deleted.add(id);
          if (deleted.size >= limit || isOver()) return [...deleted];
          found = await holders(collection, last.id);
        }
      }
      return [...deleted];
    },
  };
}
