import { FieldPath, type DocumentData, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import { changeSchema, type Change } from '../feed/change.ts';

/**
 * `watches/{watchId}/outbox`: committed changes that may not be published yet. An entry is written in the commit of its items, and
 * deleted once Pub/Sub has every change in it.
 */

export interface OutboxEntry {
  readonly id: string;
  readonly changes: readonly Change[];
}

/** The most bytes of JSON in one entry: a document has at most 1 MiB. */
export const LARGEST_ENTRY = 900_000;

const entrySchema = z.object({ changes: z.string() });
const changesSchema = z.array(changeSchema);

/** Ids sort by the number of the first change. */
const entryId = (first: number): string => String(first).padStart(16, '0');

/** Returns the id and document of an entry. Changes are one JSON string, which may nest freely and is never indexed. */
export function outboxEntry(changes: readonly Change[]): {
  readonly id: string;
  readonly document: DocumentData;
} {
  return { id: entryId(changes[0]?.sequence ?? 0), document: { changes: JSON.stringify(changes) } };
}

export function createOutbox(firestore: Firestore) {
  const entries = (watchId: string) => firestore.collection(`watches/${watchId}/outbox`);
  return {
    /**
     * Returns at most `limit` entries of a watch in sequence order, the oldest first. `after` is a number up to which all are gone: a
     * query that starts behind it does not read over deleted entries, which slow queries down for some time.
     * @see https://firebase.google.com/docs/firestore/best-practices
     */
    readOutbox: async (watchId: string, after: number, limit: number): Promise<readonly OutboxEntry[]> => {
      const ordered = entries(watchId).orderBy(FieldPath.documentId());
      const { docs } = await ordered
        .startAt(entryId(after + 1))
        .limit(limit)
        .get();
      return docs.map((snapshot) => {
        const { changes } = entrySchema.parse(snapshot.data());
        return { id: snapshot.id, changes: changesSchema.parse(JSON.parse(changes)) };
      });
    },
    /** Deletes an entry whose changes are all published. Idempotent. */
    deleteOutboxEntry: async (watchId: string, id: string): Promise<void> => {
      await entries(watchId).doc(id).delete();
    },
  };
}
