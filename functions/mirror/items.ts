import { FieldPath, FieldValue, type DocumentSnapshot, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import type { Item } from '../calendar/resources.ts';
import { decodeData, encodeData, type Fitted } from './data.ts';
import { decodeId, itemPath } from './ids.ts';
import { timestamp } from './watch.ts';

/** The mirrored documents themselves. */

/** An item as the mirror has it. */
export interface MirroredItem {
  readonly item: Item;
  readonly etag: string | null;
  readonly omitted: readonly string[];
}

/** The fields of an event that consumers query by; times are Unix ms, null where there is none. */
export interface EventFields {
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly status: string | null;
  readonly eventType: string | null;
  readonly recurringEventId: string | null;
}

const documentSchema = z.object({
  data: z.record(z.string(), z.unknown()),
  etag: z.string().nullable().catch(null),
  omitted: z.array(z.string()).catch([]),
});

/** The item of a mirrored document, undefined where the document is none. */
export function readItem(snapshot: DocumentSnapshot): MirroredItem | undefined {
  const parsed = documentSchema.safeParse(snapshot.data());
  // A document that somebody else put there is no mirrored item; the next change of the item overwrites it.
  if (!parsed.success) return undefined;
  const { data, etag, omitted } = parsed.data;
  return { item: decodeData(data, decodeId(snapshot.id)), etag, omitted };
}

/** The document of an item. `sequence` is the number of the change that put it there. */
export function itemDocument(
  fitted: Fitted,
  sequence: number,
  fields: EventFields | undefined,
): Record<string, unknown> {
  const { item, omitted } = fitted;
  return {
    data: encodeData(item),
    etag: etagOf(item),
    sequence,
    mirroredAt: FieldValue.serverTimestamp(),
    ...(omitted.length > 0 ? { omitted } : {}),
    ...(fields && {
      ...fields,
      startsAt: timestamp(fields.startsAt ?? undefined) ?? null,
      endsAt: timestamp(fields.endsAt ?? undefined) ?? null,
    }),
  };
}

/** Google's have some 20 characters. An endless one would have to fit the document twice. */
const LONGEST_ETAG = 1024;

/** An item's etag, null where Google sent none that deserves the name. */
export function etagOf({ etag }: Item): string | null {
  return typeof etag === 'string' && etag.length <= LONGEST_ETAG ? etag : null;
}

export function createItems(firestore: Firestore) {
  const read = async (paths: readonly string[]): Promise<ReadonlyMap<string, MirroredItem>> => {
    const found = new Map<string, MirroredItem>();
    if (paths.length === 0) return found;
    for (const snapshot of await firestore.getAll(...paths.map((path) => firestore.doc(path)))) {
      const mirrored = readItem(snapshot);
      if (mirrored !== undefined) found.set(decodeId(snapshot.id), mirrored);
    }
    return found;
  };

  return {
    /** The mirrored items among `ids`, by id. */
    readItems: (collection: string, ids: readonly string[]) =>
      read(ids.map((id) => itemPath(collection, id))),

    /** The mirrored exceptions of a recurring event, cancelled ones among them. */
    exceptionsOf: async (
      collection: string,
      parentId: string,
    ): Promise<ReadonlyMap<string, MirroredItem>> => {
      const query = firestore.collection(collection).where('recurringEventId', '==', parentId);
      const found = new Map<string, MirroredItem>();
      for (const snapshot of (await query.get()).docs) {
        const mirrored = readItem(snapshot);
        if (mirrored !== undefined) found.set(decodeId(snapshot.id), mirrored);
      }
      return found;
    },

    /** Whether nothing is mirrored in the collection yet. */
    isEmpty: async (collection: string): Promise<boolean> =>
      (await firestore.collection(collection).limit(1).select().get()).empty,

    /** Up to `limit` ids of mirrored items, in Firestore's order, after the one named. */
    listIds: async (
      collection: string,
      after: string | undefined,
      limit: number,
    ): Promise<readonly string[]> => {
      const byName = firestore.collection(collection).orderBy(FieldPath.documentId()).limit(limit).select();
      const query =
        after === undefined ? byName : byName.startAfter(firestore.doc(itemPath(collection, after)).id);
      return (await query.get()).docs.map((snapshot) => decodeId(snapshot.id));
    },
  };
}
