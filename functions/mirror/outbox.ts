import { FieldPath, type DocumentData, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import { changeSchema, type Change } from '../feed/change.ts';

/**
 * `watches/{watchId}/outbox`: numbered changes that are committed but perhaps not yet published. An entry is
 * written in the same commit as the items it speaks of, and deleted once Pub/Sub has every change in it.
 */

export interface OutboxEntry {
  readonly id: string;
  readonly changes: readonly Change[];
}

/** Bytes of JSON in one entry: a document has at most 1 MiB. */
export const LARGEST_ENTRY = 900_000;

const entrySchema = z.object({ changes: z.string() });
const changesSchema = z.array(changeSchema);

/** Ids sort as the numbers of the first changes do. */
const entryId = (first: number): string => String(first).padStart(16, '0');

/** The id and document of an entry. Changes are one JSON text: it nests and names as it likes, and is never indexed. */
export function outboxEntry(changes: readonly Change[]): {
  readonly id: string;
  readonly document: DocumentData;
} {
  return { id: entryId(changes[0]?.sequence ?? 0), document: { changes: JSON.stringify(changes) } };
}

export function createOutbox(firestore: Firestore) {
  const entries = (watchId: string) => firestore.collection(`watches/${watchId}/outbox`);
  return {
    /** The oldest entries of a watch, at most `limit`, in sequence order. */
    readOutbox: async (watchId: string, limit: number): Promise<readonly OutboxEntry[]> => {
      const { docs } = await entries(watchId).orderBy(FieldPath.documentId()).limit(limit).get();
      return docs.map((snapshot) => {
        const { changes } = entrySchema.parse(snapshot.data());
        return { id: snapshot.id, changes: changesSchema.parse(JSON.parse(changes)) };
      });
    },
    /** Forgets an entry whose changes are all published. Deleting twice is harmless. */
    deleteOutboxEntry: async (watchId: string, id: string): Promise<void> => {
      await entries(watchId).doc(id).delete();
    },
  };
}
