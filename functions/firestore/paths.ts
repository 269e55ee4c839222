import { createHash } from 'node:crypto';

import type { Target } from '../calendar/resources.ts';

/**
 * Document paths. Firestore rejects some ids that Google allows: those with `/`, `.`, `..`, and ids like `__x__`. These are
 * percent-encoded, reversibly. https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields
 */

/** Firestore's limits in bytes: of an id, and of a document name without the database's. */
const LONGEST_ID = 1500;
const LONGEST_PATH = 6000;

/** Percent-encodes a character below U+0100. */
const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

const reserved = (text: string): boolean => /^__.*__$/s.test(text);
const hideUnderscores = (text: string): string => `%5F%5F${text.slice(2, -2)}%5F%5F`;

/** Encodes an id for a path: `/`, `%`, and the reserved ids `.`, `..` and `__x__`. */
export function encodeId(id: string): string {
  if (id === '.' || id === '..') return id.replaceAll('.', '%2E');
  const encoded = id.replaceAll(/[/%]/g, percent);
  return reserved(encoded) ? hideUnderscores(encoded) : encoded;
}

/** Returns the id that {@link encodeId} was given. */
export const decodeId = (encoded: string): string =>
  encoded.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Encodes a key within a document's data. The empty key becomes `%`, which no other key encodes to. */
export function encodeKey(key: string): string {
  if (key === '') return '%';
  const encoded = key.replaceAll('%', '%25');
  return reserved(encoded) ? hideUnderscores(encoded) : encoded;
}

/** Returns the key that {@link encodeKey} was given. */
export const decodeKey = (encoded: string): string => (encoded === '%' ? '' : decodeId(encoded));

/** Returns the path of a target's mirrored collection: the Calendar API's own path below the user. */
export function collectionPath(target: Target): string {
  const user = `users/${encodeId(target.user)}`;
  return target.calendarId === null
    ? `${user}/${target.resource}`
    : `${user}/calendars/${encodeId(target.calendarId)}/${target.resource}`;
}

/** Returns the path of a collection's claim. It is hashed because a path may be longer than an id. */
export const claimPath = (collection: string): string =>
  `claims/${createHash('sha256').update(collection).digest('hex')}`;

/** Returns the path of an item's document. */
export const itemPath = (collection: string, itemId: string): string => `${collection}/${encodeId(itemId)}`;

/** Whether Firestore can store an item with this id in the collection: not too long, and well-formed Unicode. */
export function isStorableId(collection: string, itemId: string): boolean {
  const id = Buffer.byteLength(encodeId(itemId));
  return (
    id > 0 &&
    id <= LONGEST_ID &&
    Buffer.byteLength(collection) + id + 1 <= LONGEST_PATH &&
    itemId.isWellFormed()
  );
}
