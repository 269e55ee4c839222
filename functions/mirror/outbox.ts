import { FieldPath, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import { changeSchema, type Change } from '../feed/change.ts';
import { watchMessageSchema } from '../feed/watch-message.ts';
import { positionOf } from '../watches/epochs.ts';

/**
 * `watches/{watchId}/outbox`: committed changes, and messages about the watch, that may not be published yet. An entry is written in the
 * commit of its items or of the watch's new state, and deleted once Pub/Sub has everything in it.
 */

const aboutSchema = z.array(z.object({ number: z.number(), message: watchMessageSchema }));

export interface OutboxEntry {
  /** Ids sort by the position of what is first in the entry. */
  readonly id: string;
  readonly changes: readonly Change[];
  /** Messages about the watch, which follow the changes. */
  readonly about: Readonly<z.infer<typeof aboutSchema>>;
}

/** The most bytes of JSON in one entry: a document has at most 1 MiB. */
export const LARGEST_ENTRY = 900_000;

const entrySchema = z.object({ changes: z.string(), about: z.string().default('[]') });
const changesSchema = z.array(changeSchema);

/** Returns an entry; undefined if there is nothing to publish. */
export function outboxEntry(
  changes: readonly Change[],
  about: OutboxEntry['about'] = [],
): OutboxEntry | undefined {
  const [change] = changes;
  const [news] = about;
  const id = change ? positionOf(change.sequence) : news && positionOf(news.message.sequence, news.number);
  return id === undefined ? undefined : { id, changes, about };
}

/** Returns the position of what is last in an entry. */
export function entryEnd({ id, changes, about }: OutboxEntry): string {
  const news = about.at(-1);
  if (news) return positionOf(news.message.sequence, news.number);
  const change = changes.at(-1);
  return change ? positionOf(change.sequence) : id;
}

export function createOutbox(firestore: Firestore) {
  const entries = (watchId: string) => firestore.collection(`watches/${watchId}/outbox`);
  return {
    /**
     * Returns at most `limit` entries of a watch in the order of their positions, the oldest first. `after` is a position up to which
     * all are gone, or `''`: a query that starts behind it does not read over deleted entries, which slow queries down for some time.
     * @see https://firebase.google.com/docs/firestore/best-practices
     */
    readOutbox: async (watchId: string, after: string, limit: number): Promise<readonly OutboxEntry[]> => {
      const ordered = entries(watchId).orderBy(FieldPath.documentId()).limit(limit);
      const { docs } = await (after === '' ? ordered : ordered.startAfter(after)).get();
      return docs.map((snapshot) => {
        const { changes, about } = entrySchema.parse(snapshot.data());
        return {
          id: snapshot.id,
          changes: changesSchema.parse(JSON.parse(changes)),
          about: aboutSchema.parse(JSON.parse(about)),
        };
      });
    },
    /** Deletes an entry that is published as a whole. Idempotent. */
    deleteOutboxEntry: async (watchId: string, id: string): Promise<void> => {
      await entries(watchId).doc(id).delete();
    },
  };
}
