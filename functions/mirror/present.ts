import { FieldPath, QueryDocumentSnapshot, Timestamp, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import type { Item } from '../calendar/resources.ts';
import { storedSize } from './data.ts';
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

/** What a page holds at most; an item that is larger than that has a page of its own. */
export interface PageSize {
  readonly items: number;
  /** Of the items as they are stored. */
  readonly bytes: number;
}

const lastChange = z.object({
  sequence: z.number().int().positive(),
  mirroredAt: z.instanceof(Timestamp).transform((timestamp) => timestamp.toMillis()),
});

/** Documents of one query: few enough for Firestore's deadline, however slowly they are taken. */
const QUERY = 5_000;

function presentItem(snapshot: QueryDocumentSnapshot): PresentItem | undefined {
  const mirrored = readItem(snapshot);
  const { data: last } = lastChange.safeParse(snapshot.data());
  if (mirrored === undefined || last === undefined) return undefined;
  const { item, omitted } = mirrored;
  return { itemId: decodeId(snapshot.id), item, omitted, ...last };
}

/** All documents of a collection in the order of their ids, read no faster than they are taken. */
async function* documents(
  firestore: Firestore,
  collection: string,
): AsyncGenerator<QueryDocumentSnapshot, void> {
  const byName = firestore.collection(collection).orderBy(FieldPath.documentId()).limit(QUERY);
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
    if (last === undefined || count < QUERY) return;
    query = byName.startAfter(last.id);
  }
}

export const createPresent = (firestore: Firestore) => ({
  /**
   * The mirrored items of a collection in pages. Each item is as it was at some moment before its page is handed out.
   * Documents that sync has not written are in none.
   */
  presentItems: async function* (
    collection: string,
    size: PageSize,
  ): AsyncGenerator<readonly PresentItem[], void> {
    let page: PresentItem[] = [];
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
