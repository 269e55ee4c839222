import { isDeepStrictEqual } from 'node:util';

import { isRecurring, withMoments } from '../calendar/event-times.ts';
import { isDeleted, type Item, type Resource } from '../calendar/resources.ts';
import { kindsOf } from '../feed/kinds.ts';
import { fit, type Fitted } from '../mirror/data.ts';
import { etagOf, hasFields, type MirroredItem, type MirroredItems } from '../mirror/items.ts';
import type { FieldsOf } from './event-fields.ts';
import type { Items } from './read-page.ts';

/** The differences between a page of a list and the mirror. Pure; `batches.ts` numbers them. */

/** One difference between Google and the mirror. */
export interface Difference {
  readonly itemId: string;
  /** `none`: the item has not changed, but its document is rewritten (see `itemRewrite`). */
  readonly change: 'created' | 'updated' | 'deleted' | 'snapshot' | 'none';
  /** What the change means, from the whole items. */
  readonly kinds: readonly string[];
  readonly before: Item | null;
  /** The new content of the document, or null to delete it. */
  readonly after: Fitted | null;
}

export interface CompareOptions {
  readonly resource: Resource;
  /** Whether no full sync has completed yet, so that new items are snapshots. */
  readonly initial: boolean;
  readonly singleEvents: boolean;
  /** The last number before the watch's epoch. An item with this number or a lower one belongs to another numbering. */
  readonly base: number;
  /** Recurring events deleted on earlier pages of the traversal. */
  readonly deletedParents: ReadonlySet<string>;
  /** Returns the fields that an item's document should have. */
  readonly fieldsOf: FieldsOf;
}

/** The options that tell whether a list has recurring events. */
type ListOptions = Pick<CompareOptions, 'resource' | 'singleEvents'>;

/** A page, and the mirrored documents to compare it with. */
export interface ComparedPage {
  readonly items: Items;
  /** The mirrored documents of the items, and of the exceptions of both kinds of series below. */
  readonly mirrored: MirroredItems;
  /** Recurring events that the page deletes. */
  readonly deletedParents: ReadonlySet<string>;
  /** Recurring events that the page turns into single ones. */
  readonly endedSeries: ReadonlySet<string>;
  /** Returns the occurrence that a new exception replaces, undefined if its series is not known. */
  readonly replacedBy: (exception: Item) => Item | undefined;
}

/**
 * Returns the id of the recurring event that an item is an occurrence of.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#recurringEventId
 */
export function parentOf(item: Item): string | undefined {
  const parent = item['recurringEventId'];
  return typeof parent === 'string' && parent !== '' ? parent : undefined;
}

/**
 * Returns the recurring events that a page ends. The exceptions of those that it deletes are deleted with them, and Google may not list
 * each of those; a deleted event may have no field but its id, so the mirror tells whether it was recurring. Of those that it turns
 * into single events, cancelled occurrences are obsolete; for the others, wait until Google lists them as deleted.
 */
export function findEndings({ resource, singleEvents }: ListOptions, items: Items, mirrored: MirroredItems) {
  const [deletedParents, endedSeries] = [new Set<string>(), new Set<string>()];
  for (const [id, item] of resource !== 'events' || singleEvents ? [] : items) {
    const before = mirrored.get(id);
    const wasRecurring = before !== undefined && isRecurring(before.item);
    if (!isDeleted(resource, item)) {
      if (wasRecurring && !isRecurring(item)) endedSeries.add(id);
    } else if (parentOf(item) === undefined && (before === undefined || wasRecurring)) {
      deletedParents.add(id);
    }
  }
  return { deletedParents, endedSeries };
}

/**
 * Returns whether an item is deleted. A cancelled occurrence is not, as long as its series exists.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#status
 */
function isGone({ resource, singleEvents }: CompareOptions, item: Item, goneSeries: ReadonlySet<string>) {
  if (!isDeleted(resource, item)) return false;
  const parent = resource === 'events' && !singleEvents ? parentOf(item) : undefined;
  return parent === undefined || goneSeries.has(parent);
}

/**
 * Compares an item with its mirrored document. Unchanged means equal etag and equal content: edits of reminders and
 * changes of access rights keep the etag of an event. After a change of the calendar's time zone, Google writes the
 * same times with other offsets, so times are compared as moments.
 */
function compareItem(before: MirroredItem, after: Fitted, fieldsOf: FieldsOf) {
  const comparable = before.etag === etagOf(after.item) && isDeepStrictEqual(before.omitted, after.omitted);
  if (!comparable) return 'updated';
  const isSame = isDeepStrictEqual(before.item, after.item);
  if (!isSame && !isDeepStrictEqual(withMoments(before.item), withMoments(after.item))) return 'updated';
  return isSame && hasFields(before, fieldsOf(after.item)) ? undefined : 'none';
}

/** Returns the kinds of an update. The etag to compare is that of the document, as in {@link compareItem}. */
const updateKinds = (resource: Resource, { item, etag, omitted }: MirroredItem, after: Item) =>
  kindsOf({ resource, change: 'updated', before: { ...item, etag }, after, omitted });

function deletion(resource: Resource, itemId: string, { item: before }: MirroredItem): Difference {
  const kinds = kindsOf({ resource, change: 'deleted', before, after: null });
  return { itemId, change: 'deleted', kinds, before, after: null };
}

/** Returns the differences between a page and the mirror, in the order of the page. */
export function compare(page: ComparedPage, options: CompareOptions): readonly Difference[] {
  const { resource } = options;
  const { items, mirrored, deletedParents, endedSeries, replacedBy } = page;
  const goneSeries = new Set([...deletedParents, ...endedSeries, ...options.deletedParents]);
  const differences: Difference[] = [];
  const remove = (itemId: string): void => {
    const before = mirrored.get(itemId);
    if (before) differences.push(deletion(resource, itemId, before));
  };
  for (const [itemId, item] of items) {
    if (isGone(options, item, goneSeries)) {
      remove(itemId);
      continue;
    }
    const before = mirrored.get(itemId);
    const after = fit(item);
    const isForeign = before !== undefined && options.base > 0 && before.sequence <= options.base;
    if (before === undefined || isForeign) {
      const change = isForeign || options.initial ? 'snapshot' : 'created';
      const replaced = change === 'created' ? replacedBy(item) : undefined;
      const kinds = kindsOf({ resource, change, before: null, after: item, replaced });
      differences.push({ itemId, change, kinds, before: null, after });
    } else {
      const change = compareItem(before, after, options.fieldsOf);
      const kinds = change === 'updated' ? updateKinds(resource, before, item) : [];
      if (change) differences.push({ itemId, change, kinds, before: before.item, after });
    }
  }
  for (const [itemId, { item }] of mirrored) {
    const parent = parentOf(item);
    if (parent === undefined || items.has(itemId)) continue;
    const isObsolete = endedSeries.has(parent) && isDeleted(resource, item);
    if (deletedParents.has(parent) || isObsolete) remove(itemId);
  }
  return differences;
}

/**
 * Returns how many items on a page are deleted and were never mirrored: they came and went between two syncs. These
 * are not changes, but a notification should have announced them.
 */
export const unseenDeletions = (resource: Resource, items: Items, mirrored: MirroredItems): number =>
  [...items].filter(([id, item]) => isDeleted(resource, item) && !mirrored.has(id)).length;

/** Returns how many of the differences are changes, not rewritten documents. */
export const countChanges = (differences: readonly Difference[]): number =>
  differences.filter(({ change }) => change !== 'none').length;

/** Returns the deletions of mirrored items that Google no longer lists. */
export const deletions = (resource: Resource, mirrored: MirroredItems): readonly Difference[] =>
  [...mirrored].map(([itemId, before]) => deletion(resource, itemId, before));
