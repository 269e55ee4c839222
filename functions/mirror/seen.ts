import { FieldPath, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

/**
 * `watches/{watchId}/seen`: the ids on each page of a full sync. A mirrored item that was not seen is deleted at the end, as a full
 * list has no tombstones. https://developers.google.com/workspace/calendar/api/guides/sync
 */

const seenSchema = z.object({ ids: z.string() });
const idsSchema = z.array(z.string());

/** How many pages are read or deleted at once; each has some KB. */
const BATCH = 100;

/** Returns the id and document of one page. */
export const seenPage = (traversal: string, page: number, ids: readonly string[]) => ({
  id: `${traversal}-${String(page).padStart(8, '0')}`,
  document: { ids: JSON.stringify(ids) },
});

export function createSeen(firestore: Firestore) {
  const pages = (watchId: string) => firestore.collection(`watches/${watchId}/seen`);
  return {
    /** Returns all ids on a traversal's pages, and the number of pages. A hundred thousand ids take some MB. */
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
    /**
     * Deletes the pages of all of a watch's traversals but the current one. Reads the watch after the pages: a traversal that it no
     * longer names then cannot be current again.
     */
    deleteSeen: async (watchId: string): Promise<void> => {
      const all = pages(watchId).orderBy(FieldPath.documentId()).limit(BATCH).select();
      let { docs } = await all.get();
      for (let last = docs.at(-1); last !== undefined; last = docs.at(-1)) {
        const watch = await firestore.doc(`watches/${watchId}`).get();
        const current: unknown = watch.get('status.sync.traversal.id');
        const batch = firestore.batch();
        for (const { ref } of docs) {
          if (typeof current !== 'string' || !ref.id.startsWith(`${current}-`)) batch.delete(ref);
        }
        await batch.commit();
        if (docs.length < BATCH) return;
        ({ docs } = await all.startAfter(last.id).get());
      }
    },
  };
}
