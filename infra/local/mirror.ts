import type { Firestore, Query, QueryDocumentSnapshot } from '@google-cloud/firestore';
import * as z from 'zod';
import { RESOURCES, type Resource } from '../../functions/calendar/resources.ts';
import type { CollectionId } from '../../functions/watches/watch-id.ts';

/** A mirrored document, with its path parsed. */
export interface MirroredItem extends CollectionId {
  readonly itemId: string;
  readonly path: string;
  /** The item as Google returned it. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly sequence: number;
  /** Names of fields that were too large to mirror. */
  readonly omitted: readonly string[];
}

const MirroredDocument = z.looseObject({
  data: z.record(z.string(), z.unknown()),
  etag: z.string().nullish(),
  sequence: z.number().int(),
  omitted: z.array(z.string()).default([]),
});

/** Returns every mirrored document of the database. */
export async function readMirror(firestore: Firestore): Promise<MirroredItem[]> {
  const groups = RESOURCES.map((resource) => readItems(firestore.collectionGroup(resource)));
  return (await Promise.all(groups)).flat();
}

/** A difference in the mirror, as a Firestore listener reports it. */
export interface MirrorChange {
  readonly kind: 'added' | 'modified' | 'removed';
  readonly item: MirroredItem;
}

/**
 * Calls `listener` for each batch of differences in the mirror. The first batches have the documents that exist already.
 * Returns a function that unsubscribes.
 */
export function listenToMirror(
  firestore: Firestore,
  listener: (resource: Resource, changes: readonly MirrorChange[]) => void,
  onError: (error: Error) => void,
): () => void {
  const ends = RESOURCES.map((resource) =>
    listenToItems(firestore.collectionGroup(resource), (changes) => listener(resource, changes), onError),
  );
  return () => {
    for (const end of ends) end();
  };
}

/** The same for the items of one query, such as one mirrored collection. */
export function listenToItems(
  items: Query,
  listener: (changes: readonly MirrorChange[]) => void,
  onError: (error: Error) => void,
): () => void {
  return items.onSnapshot((snapshot) => {
    const changes = snapshot.docChanges().map(({ type, doc }) => ({ kind: type, item: itemOf(doc) }));
    if (changes.length > 0) listener(changes);
  }, onError);
}

/** Returns the items of one query, such as one mirrored collection. */
export const readItems = async (items: Query): Promise<MirroredItem[]> =>
  (await items.get()).docs.map(itemOf);

function itemOf(document: QueryDocumentSnapshot): MirroredItem {
  const { data, sequence, omitted } = MirroredDocument.parse(document.data());
  return {
    ...placeOf(document.ref.path),
    path: document.ref.path,
    data: decodeKeys(data),
    sequence,
    omitted,
  };
}

/**
 * Parses the path of a mirrored document: the Calendar API's path below the user, percent-encoded.
 * @throws Error if it is not the path of a mirrored item.
 */
export function placeOf(path: string): CollectionId & { readonly itemId: string } {
  const [users, user = '', ...rest] = path.split('/').map(decodePercent);
  const [itemId, resource] = rest.toReversed();
  const known = RESOURCES.find((name) => name === resource);
  const calendarId = rest.length === 4 && rest[0] === 'calendars' ? rest[1] : undefined;
  const ofCalendar = known === 'events' || known === 'acl';
  if (
    users !== 'users' ||
    known === undefined ||
    itemId === undefined ||
    ofCalendar !== (calendarId !== undefined)
  ) {
    throw new Error(`${path} is not the path of a mirrored item`);
  }
  return { user, resource: known, calendarId, itemId };
}

function decodePercent(text: string): string {
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) => decodeURIComponent(bytes));
}

/** Returns an item with the keys that Google returned. The mirror encodes keys that Firestore reserves. */
function decodeKeys(map: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key === '%' ? '' : decodePercent(key), decodeValue(value)]),
  );
}

function decodeValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeValue);
  return typeof value === 'object' && value !== null ? decodeKeys(value) : value;
}
