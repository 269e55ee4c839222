import {
  FieldPath,
  FieldValue,
  Timestamp,
  type Firestore,
  type Query,
  type QueryDocumentSnapshot,
} from '@google-cloud/firestore';

import { Conflict, commitConditionally } from '../firestore/client.ts';

/**
 * Watches that would never be due because `nextDueAt` is missing or not a Timestamp. The query for due watches skips them, as an
 * inequality compares only values of one type.
 * https://firebase.google.com/docs/firestore/query-data/order-limit-data
 */

/** The earliest possible Timestamp, 0001-01-01. */
const EARLIEST = new Timestamp(-62_135_596_800, 0);

/** How many watches one query fetches. */
const AT_ONCE = 300;

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

export function createUndue(firestore: Firestore) {
  const watches = firestore.collection('watches');

  return {
    /**
     * Makes every such watch due and returns their ids. Two counts tell whether there are any. Only then are all watches read, until
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
      const pages = watches.orderBy(FieldPath.documentId()).limit(AT_ONCE).select('nextDueAt');
      let { docs } = await pages.get();
      for (let last = docs.at(-1); last !== undefined; last = docs.at(-1)) {
        for (const snapshot of docs) {
          if (!(snapshot.get('nextDueAt') instanceof Timestamp) && (await repair(snapshot))) {
            repaired.push(snapshot.id);
          }
        }
        if (docs.length < AT_ONCE || isOver()) break;
        ({ docs } = await pages.startAfter(last.id).get());
      }
      return repaired;
    },
  };
}
