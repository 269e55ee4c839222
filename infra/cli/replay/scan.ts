import { FieldPath, QueryDocumentSnapshot, Timestamp, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import type { Item } from '../../../functions/calendar/resources.ts';
import { storedSize } from '../../../functions/mirror/data.ts';
import { decodeId } from '../../../functions/firestore/paths.ts';
import { readItem } from '../../../functions/mirror/items.ts';

/** Reads the stored items of a collection in pages. */

/** A mirrored item and its last change. */
export interface StoredItem {
  readonly itemId: string;
  readonly item: Item;
  readonly omitted: readonly string[];
  /** The sequence of its last change. */
  readonly sequence: number;
  /** When that was mirrored, Unix ms. */
  readonly mirroredAt: number;
}

/** Maximum size of a page. A larger item has a page of its own. */
export interface PageSize {
  readonly items: number;
  /** Size of the items as stored. */
  readonly bytes: number;
}

const lastChange = z.object({
  sequence: z.number().int().positive(),
  mirroredAt: z.instanceof(Timestamp).transform((timestamp) => timestamp.toMillis()),
});

/** Maximum documents per query, so that a slow consumer does not exceed Firestore's deadline. */
const QUERY_LIMIT = 5_000;

function presentItem(snapshot: QueryDocumentSnapshot): StoredItem | undefined {
  const mirrored = readItem(snapshot);
  const { data: last } = lastChange.safeParse(snapshot.data());
  if (mirrored === undefined || last === undefined) return undefined;
  const { item, omitted } = mirrored;
  return { itemId: decodeId(snapshot.id), item, omitted, ...last };
}

/** Yields all documents of a collection, ordered by id, at the pace of the consumer. */
async function* documents(
  firestore: Firestore,
  collection: string,
): AsyncGenerator<QueryDocumentSnapshot, void> {
  const byName = firestore.collection(collection).orderBy(FieldPath.documentId()).limit(QUERY_LIMIT);
  for (let query = byName; ;) {
    let count = 0;
    let last: QueryDocumentSnapshot | undefined;
    for await (const found of query.stream()) {
      const snapshot: unknown = found;
      if (!(snapshot instanceof QueryDocumentSnapshot)) continue;
      count += 1;
      last = snapshot;
      yield snapshot;
    }
    if (last === undefined || count < QUERY_LIMIT) return;
    query = byName.startAfter(last.id);
  }
}

export const createScan = (firestore: Firestore) => ({
  /**
   * Yields the mirrored items of a collection in pages. Each item is as it was at some moment before its page is yielded.
   * Documents that sync did not write are skipped.
   */
  presentItems: async function* (
    collection: string,
    size: PageSize,
  ): AsyncGenerator<readonly StoredItem[], void> {
    let page: StoredItem[] = [];
    let bytes = 0;
    for await (const snapshot of documents(firestore, collection)) {
      const present = presentItem(snapshot);
      if (present === undefined) continue;
      const more = storedSize(present.item);
      if (page.length === size.items || (page.length > 0 && bytes + more > size.bytes)) {
        yield page;
        [page, bytes] = [[], 0];
      }
      page.push(present);
      bytes += more;
    }
    if (page.length > 0) yield page;
  },
});
