import type { Item } from '../calendar/resources.ts';
import { isStorableId } from '../firestore/paths.ts';
import type { SyncStatus } from '../watches/status.ts';

/** Items by id. */
export type Items = ReadonlyMap<string, Item>;

/** The items of a page, each once: if a page repeats an item, the last one counts. */
export interface PageItems {
  readonly items: Items;
  /** Why an item cannot be mirrored, by its (shortened) id. */
  readonly skipped: ReadonlyMap<string, string>;
}

const isItem = (value: unknown): value is Item =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  value.id !== '';

/** Separates the items of a page that can be mirrored from those whose id no document can have. */
export function readPage(collection: string, page: readonly unknown[]): PageItems {
  const items = new Map<string, Item>();
  const skipped = new Map<string, string>();
  for (const value of page) {
    if (!isItem(value)) skipped.set('(no id)', 'the item has no id');
    else if (!isStorableId(collection, value.id)) {
      const reason = value.id.isWellFormed()
        ? 'the id is too long for Firestore'
        : 'the id is not well-formed Unicode';
      skipped.set(shortId(value.id), reason);
    } else items.set(value.id, value);
  }
  return { items, skipped };
}

/** Items that cannot be mirrored. The watch's status names them, and they do not delay other items. */

/** Items named in the status: the latest. */
const MAX_ITEMS = 20;
const MAX_ID_LENGTH = 100;
const MAX_REASON_LENGTH = 300;

/** Shortens an id for the status. Firestore rejects half a surrogate pair, in the id itself or left by the cut. */
export const shortId = (itemId: string): string => itemId.slice(0, MAX_ID_LENGTH).toWellFormed();

/** Adds items to the status, with the reason for each. */
export function withSkippedItems(sync: SyncStatus, skipped: ReadonlyMap<string, string>): SyncStatus {
  if (skipped.size === 0) return sync;
  const earlier = (sync.skippedItems ?? []).filter(({ item }) => !skipped.has(item));
  const latest = Array.from(skipped, ([item, reason]) => ({
    item,
    reason: reason.slice(0, MAX_REASON_LENGTH).toWellFormed(),
  }));
  return { ...sync, skippedItems: [...earlier, ...latest].slice(-MAX_ITEMS) };
}

/** Removes items from the status that Google now lists as deleted, or in a form that can be mirrored. */
export function withoutSkippedItems(sync: SyncStatus, itemIds: Iterable<string>): SyncStatus {
  const { skippedItems, ...rest } = sync;
  if (skippedItems === undefined) return sync;
  const resolved = new Set(Array.from(itemIds, shortId));
  const left = skippedItems.filter(({ item }) => !resolved.has(item));
  return left.length > 0 ? { ...rest, skippedItems: left } : rest;
}
