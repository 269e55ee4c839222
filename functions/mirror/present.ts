import { FieldPath, Timestamp, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import type { Item } from '../calendar/resources.ts';
import { decodeId } from './ids.ts';
import { readItem } from './items.ts';

/** What a collection holds now, a page at a time. */

/** An item with its last change. */
export interface PresentItem {
  readonly itemId: string;
  readonly item: Item;
  readonly omitted: readonly string[];
  /** The number of its last change. */
  readonly sequence: number;
  /** Unix ms: when that was mirrored. */
  readonly mirroredAt: number;
}

const lastChange = z.object({
  sequence: z.number().int().positive(),
  mirroredAt: z.instanceof(Timestamp).transform((timestamp) => timestamp.toMillis()),
});

export const createPresent = (firestore: Firestore) => ({
  /**
   * The mirrored items of a collection in pages of up to `size`. A page is as it was when it was read, and no later page is read
   * before this one is done with. Documents that sync has not written are in none.
   */
  presentItems: async function* (
    collection: string,
    size: number,
  ): AsyncGenerator<readonly PresentItem[], void> {
    const byName = firestore.collection(collection).orderBy(FieldPath.documentId()).limit(size);
    for (let query = byName; ;) {
      const { docs } = await query.get();
      yield docs.flatMap((snapshot): PresentItem[] => {
        const mirrored = readItem(snapshot);
        const { data: last } = lastChange.safeParse(snapshot.data());
        if (mirrored === undefined || last === undefined) return [];
        const { item, omitted } = mirrored;
        return [{ itemId: decodeId(snapshot.id), item, omitted, ...last }];
      });
      const end = docs.at(-1);
      if (end === undefined || docs.length < size) return;
      query = byName.startAfter(end.id);
    }
  },
});
