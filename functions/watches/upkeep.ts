import {
  FieldPath,
  FieldValue,
  Timestamp,
  type Firestore,
  type Query,
  type QueryDocumentSnapshot,
} from '@google-cloud/firestore';

import { Conflict, commitConditionally } from '../firestore/client.ts';
import { isWatchId } from './channel-token.ts';

/** Finds and repairs the leftovers of manual edits. */

/**
 * Watches that would never be due because `nextDueAt` is missing or not a Timestamp. The query for due watches skips them, as an
 * inequality compares only values of one type.
 * https://firebase.google.com/docs/firestore/query-data/order-limit-data
 */

/** The earliest possible Timestamp, 0001-01-01. */
const EARLIEST = new Timestamp(-62_135_596_800, 0);

/** How many watches one query fetches. */
const PAGE_SIZE = 300;

const count = async (query: Query): Promise<number> => (await query.count().get()).data().count;

/** Makes a watch due, unless it has been edited since it was read. */
async function repair({ ref, updateTime }: QueryDocumentSnapshot): Promise<boolean> {
  const change = { nextDueAt: FieldValue.serverTimestamp() };
  try {
    await commitConditionally(ref.update(change, { lastUpdateTime: updateTime }));
    return true;
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    return false;
  }
}

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

export function createUpkeep(firestore: Firestore) {
  const watches = firestore.collection('watches');

  /** Returns the next few watch ids after `after` with a subcollection of that name, whether the watch exists or not. */
  async function holders(collection: string, after: string) {
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
     * Makes every watch due that would never be, and returns their ids. Two counts tell whether there are any. Only then are all watches read, until
     * `isOver`, as no query finds a missing field. A watch edited meanwhile is skipped.
     */
    repairUndue: async (isOver: () => boolean): Promise<readonly string[]> => {
      const [all, dated] = await Promise.all([
        count(watches),
        count(watches.where('nextDueAt', '>=', EARLIEST)),
      ]);
      const repaired: string[] = [];
      // A watch created or deleted between the counts costs at most one pass that finds nothing.
      if (all === dated) return repaired;
      const pages = watches.orderBy(FieldPath.documentId()).limit(PAGE_SIZE).select('nextDueAt');
      let { docs } = await pages.get();
      for (let last = docs.at(-1); last !== undefined; last = docs.at(-1)) {
        for (const snapshot of docs) {
          if (!(snapshot.get('nextDueAt') instanceof Timestamp) && (await repair(snapshot))) {
            repaired.push(snapshot.id);
          }
        }
        if (docs.length < PAGE_SIZE || isOver()) break;
        ({ docs } = await pages.startAfter(last.id).get());
      }
      return repaired;
    },

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
