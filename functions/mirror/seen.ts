import { FieldPath, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

/**
 * `watches/{watchId}/seen`: the ids that each page of a full sync listed. What is mirrored and was not seen is gone
 * ("Synchronize resources efficiently": a full list after a 410 has no tombstones).
 */

const seenSchema = z.object({ ids: z.string() });
const idsSchema = z.array(z.string());

/** How many pages are read or deleted at once: a page is some KB. */
const BATCH = 100;

/** Name and document of one page's ids, below the watch. */
export const seenPage = (traversal: string, page: number, ids: readonly string[]) => ({
  id: `${traversal}-${String(page).padStart(8, '0')}`,
  document: { ids: JSON.stringify(ids) },
});

export function createSeen(firestore: Firestore) {
  const pages = (watchId: string) => firestore.collection(`watches/${watchId}/seen`);
  return {
    /** All ids that a traversal's pages saw, and how many pages that was. Ids alone: a hundred thousand are some MB. */
    readSeen: async (watchId: string, traversal: string) => {
      const ids = new Set<string>();
      const byName = FieldPath.documentId();
      const all = pages(watchId).where(byName, '<', `${traversal}.`).orderBy(byName).limit(BATCH);
      let [count, last] = [0, `${traversal}-`];
      for (;;) {
        const { docs } = await all.startAfter(last).get();
        for (const snapshot of docs) {
          for (const id of idsSchema.parse(JSON.parse(seenSchema.parse(snapshot.data()).ids))) ids.add(id);
        }
        count += docs.length;
        last = docs.at(-1)?.id ?? last;
        if (docs.length < BATCH) break;
      }
      return { ids, pages: count };
    },
    /** Forgets the pages of every traversal of a watch, those of abandoned ones too. */
    deleteSeen: async (watchId: string): Promise<void> => {
      for (;;) {
        const { docs } = await pages(watchId).limit(BATCH).select().get();
        if (docs.length === 0) return;
        const batch = firestore.batch();
        for (const { ref } of docs) batch.delete(ref);
        await batch.commit();
      }
    },
  };
}
