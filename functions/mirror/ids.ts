import type { Target } from '../calendar/resources.ts';

/**
 * Where things are. Firestore refuses some ids that Google allows ("Quotas and limits: collections, documents, and
 * fields"): one with `/`, one that is `.` or `..`, one like `__x__`. These are percent-encoded, reversibly.
 */

/** Firestore's own limits, in bytes: of one id, and of a document's whole name (with room for the database's). */
const LONGEST_ID = 1500;
const LONGEST_PATH = 6000;

/** Of `/` and `%`, whose codes have two digits. */
const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

const reserved = (text: string): boolean => /^__.*__$/s.test(text);
const hideUnderscores = (text: string): string => `%5F%5F${text.slice(2, -2)}%5F%5F`;

/** An id as it stands in a path: `/` and `%` encoded, `.`, `..` and `__x__` made harmless, the rest as it is. */
export function encodeId(id: string): string {
  if (id === '.' || id === '..') return id.replaceAll('.', '%2E');
  const encoded = id.replaceAll(/[/%]/g, percent);
  return reserved(encoded) ? hideUnderscores(encoded) : encoded;
}

/** The id that {@link encodeId} was given. */
export const decodeId = (encoded: string): string =>
  encoded.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** A key inside a document's data. The empty key is written `%`, which no encoded key can be. */
export function encodeKey(key: string): string {
  if (key === '') return '%';
  const encoded = key.replaceAll('%', '%25');
  return reserved(encoded) ? hideUnderscores(encoded) : encoded;
}

/** The key that {@link encodeKey} was given. */
export const decodeKey = (encoded: string): string => (encoded === '%' ? '' : decodeId(encoded));

/** The collection that a target's items are mirrored in: the Calendar API's own path below the user. */
export function collectionPath(target: Target): string {
  const user = `users/${encodeId(target.user)}`;
  return target.calendarId === null
    ? `${user}/${target.resource}`
    : `${user}/calendars/${encodeId(target.calendarId)}/${target.resource}`;
}

/** The document that an item is mirrored in. */
export const itemPath = (collection: string, itemId: string): string => `${collection}/${encodeId(itemId)}`;

/** Whether Firestore can hold an item of this id in this collection: not too long, and proper UTF-8 without lone surrogates. */
export function fitsPath(collection: string, itemId: string): boolean {
  const id = Buffer.byteLength(encodeId(itemId));
  return (
    id > 0 &&
    id <= LONGEST_ID &&
    Buffer.byteLength(collection) + id + 1 <= LONGEST_PATH &&
    itemId.isWellFormed()
  );
}
