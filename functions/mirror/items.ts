import {
  FieldPath,
  FieldValue,
  Timestamp,
  type DocumentData,
  type DocumentSnapshot,
  type Firestore,
} from '@google-cloud/firestore';
import * as z from 'zod';

import type { Item, Target } from '../calendar/resources.ts';
import { decodeId, itemPath } from '../firestore/paths.ts';
import { timestamp } from '../firestore/timestamps.ts';
import { decodeData, encodeData, type Fitted } from './data.ts';

/** The documents of mirrored items. */

/** A mirrored item. */
export interface MirroredItem {
  readonly item: Item;
  readonly etag: string | null;
  readonly omitted: readonly string[];
  /** The sequence number of its last change, 0 if the document has none. */
  readonly sequence: number;
  /** The document's other fields, such as the derived ones; times are Unix ms. */
  readonly beside: Readonly<Record<string, unknown>>;
}

/** Mirrored items by id. */
export type MirroredItems = ReadonlyMap<string, MirroredItem>;

/** The derived fields of an event, for queries. Times are Unix ms or null. */
export interface EventFields {
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  /** When it is over for good: `endsAt`, or the end of a recurring event's last occurrence. */
  readonly activeUntil: number | null;
  /** The original start of an exception. */
  readonly originalStartsAt: number | null;
  readonly status: string | null;
  readonly eventType: string | null;
  readonly recurringEventId: string | null;
}

/** Where an item belongs, so that a query over all users need not take paths apart. */
interface Provenance {
  readonly user: string;
  /** The calendar of an event or ACL rule, or the one that a calendar-list entry is about; absent for settings. */
  readonly calendarId?: string;
  /** The watch that mirrors the item. */
  readonly watch: string;
}

/** The fields of a document that are computed from the item, its watch and the calendar's time zone. */
export type ItemFields = Partial<Provenance & EventFields>;

/** Returns where an item of a watch belongs. */
export function provenanceOf(
  watch: string,
  { user, resource, calendarId }: Target,
  itemId: string,
): Provenance {
  const calendar = resource === 'calendarList' ? itemId : calendarId;
  return { user, ...(calendar === null ? {} : { calendarId: calendar }), watch };
}

const documentSchema = z.object({
  data: z.record(z.string(), z.unknown()),
  etag: z.string().nullable().catch(null),
  omitted: z.array(z.string()).catch([]),
  sequence: z.number().int().nonnegative().catch(0),
});

/** Returns the item of a mirrored document, undefined if there is none. */
export const readItem = (snapshot: DocumentSnapshot): MirroredItem | undefined =>
  readDocument(snapshot.data(), decodeId(snapshot.id));

/** Parses an item's document; undefined if it is not one. */
export function readDocument(document: DocumentData | undefined, itemId: string): MirroredItem | undefined {
  const parsed = documentSchema.safeParse(document);
  // A foreign document is not a mirrored item; the next change of the item overwrites it.
  if (!parsed.success) return undefined;
  const { data, ...rest } = parsed.data;
  const beside = Object.entries(document ?? {}).filter(([name]) => name !== 'data');
  return {
    item: decodeData(data, itemId),
    ...rest,
    beside: Object.fromEntries(
      beside.map(([name, value]: [string, unknown]) => [
        name,
        value instanceof Timestamp ? value.toMillis() : value,
      ]),
    ),
  };
}

/** Whether a document has these fields. Documents of earlier versions lack some. */
export const hasFields = ({ beside }: MirroredItem, fields: ItemFields): boolean =>
  Object.entries(fields).every(([name, value]) => beside[name] === value);

/** Returns an item's document. `sequence` is the number of the change that writes it. */
export function itemDocument(fitted: Fitted, sequence: number, fields: ItemFields): Record<string, unknown> {
  const { item, omitted } = fitted;
  return {
    data: encodeData(item),
    etag: etagOf(item),
    sequence,
    mirroredAt: FieldValue.serverTimestamp(),
    ...(omitted.length > 0 ? { omitted } : {}),
    ...storedFields(fields),
  };
}

/**
 * Returns the fields to rewrite for an unchanged item, when Google writes its times with another offset or one of its fields is
 * missing or outdated. `sequence` and `mirroredAt` stay.
 */
export const itemRewrite = ({ item }: Fitted, fields: ItemFields): Record<string, unknown> => ({
  data: encodeData(item),
  ...storedFields(fields),
});

/** All numbers among the fields are times. */
const storedFields = (fields: ItemFields): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'number' ? timestamp(value) : value,
    ]),
  );

/** Google's etags have about 20 characters. */
const LONGEST_ETAG = 1024;

/** Returns the item's etag, or null if absent or implausibly long. */
export function etagOf({ etag }: Item): string | null {
  return typeof etag === 'string' && etag.length <= LONGEST_ETAG ? etag : null;
}

const byId = (snapshots: readonly DocumentSnapshot[]): MirroredItems =>
  new Map(
    snapshots.flatMap((snapshot) => {
      const mirrored = readItem(snapshot);
      return mirrored === undefined ? [] : [[decodeId(snapshot.id), mirrored]];
    }),
  );

export function createItems(firestore: Firestore) {
  return {
    /** Returns the mirrored items among `ids`, by id. */
    readItems: async (collection: string, ids: readonly string[]) =>
      byId(
        ids.length === 0
          ? []
          : await firestore.getAll(...ids.map((id) => firestore.doc(itemPath(collection, id)))),
      ),

    /** Returns at most `limit` mirrored exceptions of a recurring event, including cancelled ones, by id. */
    exceptionsOf: async (collection: string, parentId: string, limit?: number) => {
      const query = firestore.collection(collection).where('recurringEventId', '==', parentId);
      return byId((await (limit === undefined ? query : query.limit(limit)).get()).docs);
    },

    /** Whether the collection has no documents. */
    isEmpty: async (collection: string): Promise<boolean> =>
      (await firestore.collection(collection).limit(1).select().get()).empty,

    /** Returns how many items are mirrored. A thousand cost one read. */
    countItems: async (collection: string): Promise<number> =>
      (await firestore.collection(collection).count().get()).data().count,

    /** Returns up to `limit` ids of mirrored items after `after`, in Firestore's order. */
    listIds: async (collection: string, after: string | undefined, limit: number) => {
      const byName = firestore.collection(collection).orderBy(FieldPath.documentId()).limit(limit).select();
      const query =
        after === undefined ? byName : byName.startAfter(firestore.doc(itemPath(collection, after)).id);
      return (await query.get()).docs.map((snapshot) => decodeId(snapshot.id));
    },
  };
}
