import { isStorableId } from '../firestore/paths.ts';
import type { Item } from '../calendar/resources.ts';
import { shortId } from './skipped-items.ts';

/** The items of a page, each once: if a page repeats an item, the last one counts. */
export interface PageItems {
  readonly items: ReadonlyMap<string, Item>;
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
