import { isDeepStrictEqual } from 'node:util';

import { isDeleted, type Item, type Resource } from '../calendar/resources.ts';
import { fit, type Fitted } from '../mirror/data.ts';
import { fitsPath } from '../mirror/ids.ts';
import { etagOf, type MirroredItem } from '../mirror/items.ts';
import { nameOf } from './set-aside.ts';

/**
 * What one page of a list means for the mirror. Pure: a page and what is mirrored of it in, differences out.
 * They carry no numbers yet; see `parts.ts`.
 */

/** One difference between Google and the mirror. */
export interface Difference {
  readonly itemId: string;
  readonly change: 'created' | 'updated' | 'deleted' | 'snapshot';
  readonly before: Item | null;
  /** What the document is to hold, or null to delete it. */
  readonly after: Fitted | null;
}

export interface PageInput {
  readonly resource: Resource;
  readonly collection: string;
  /** The page's items as Google sent them, unchecked. */
  readonly items: readonly unknown[];
  /** True until a first full sync has completed: what is new then is a `snapshot`. */
  readonly initial: boolean;
  readonly singleEvents: boolean;
  /** Recurring events that were deleted on earlier pages of this traversal. */
  readonly deletedParents: ReadonlySet<string>;
}

/** What a page holds, once each: a page may repeat an item, and then its last form counts. */
export interface PageItems {
  readonly items: ReadonlyMap<string, Item>;
  /** What cannot be mirrored, with the reason, by as much of an id as there is. */
  readonly setAside: ReadonlyMap<string, string>;
}

const isItem = (value: unknown): value is Item =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  value.id !== '';

/** Sorts a page's items into those that can be mirrored and those that no document can hold. */
export function readPage(collection: string, page: readonly unknown[]): PageItems {
  const items = new Map<string, Item>();
  const setAside = new Map<string, string>();
  for (const value of page) {
    if (!isItem(value)) setAside.set('(no id)', 'the item has no id');
    else if (!fitsPath(collection, value.id)) {
      const reason = value.id.isWellFormed()
        ? 'the id is too long for Firestore'
        : 'the id is no proper text';
      setAside.set(nameOf(value.id), reason);
    } else items.set(value.id, value);
  }
  return { items, setAside };
}

/** A cancelled occurrence of a recurring event ("Events: status"): kept for as long as its parent lives. */
function parentOf(item: Item): string | undefined {
  const parent = item['recurringEventId'];
  return typeof parent === 'string' && parent !== '' ? parent : undefined;
}

const isRecurring = (item: Item): boolean =>
  Array.isArray(item['recurrence']) && item['recurrence'].length > 0;

/**
 * The recurring events whose deletion a page announces. Their exceptions go with them, and Google need not
 * say so for each. A tombstone may hold nothing but an id: what is mirrored tells whether the event recurred.
 */
export function deletedParents(
  { resource, singleEvents }: Pick<PageInput, 'resource' | 'singleEvents'>,
  items: ReadonlyMap<string, Item>,
  mirrored: ReadonlyMap<string, MirroredItem>,
): ReadonlySet<string> {
  const parents = new Set<string>();
  if (resource !== 'events' || singleEvents) return parents;
  for (const [id, item] of items) {
    if (!isDeleted(resource, item) || parentOf(item) !== undefined) continue;
    const before = mirrored.get(id);
    if (before === undefined || isRecurring(before.item)) parents.add(id);
  }
  return parents;
}

/**
 * Recurring events that a page turns into single ones. What was cancelled of the series means nothing any more; occurrences
 * that still stand are Google's to speak of.
 */
export function endedSeries(
  { resource, singleEvents }: Pick<PageInput, 'resource' | 'singleEvents'>,
  items: ReadonlyMap<string, Item>,
  mirrored: ReadonlyMap<string, MirroredItem>,
): ReadonlySet<string> {
  const ended = new Set<string>();
  if (resource !== 'events' || singleEvents) return ended;
  for (const [id, item] of items) {
    const before = mirrored.get(id);
    const stopped = before !== undefined && isRecurring(before.item) && !isRecurring(item);
    if (stopped && !isDeleted(resource, item)) ended.add(id);
  }
  return ended;
}

/** Whether the page's word on an item is that it is gone. */
function isGone(input: PageInput, item: Item, parents: ReadonlySet<string>): boolean {
  if (!isDeleted(input.resource, item)) return false;
  const parent = input.resource === 'events' && !input.singleEvents ? parentOf(item) : undefined;
  return parent === undefined || parents.has(parent);
}

/** Unchanged means equal etag and deeply equal content: event etags do not move with reminders, nor with rights. */
function isUnchanged(before: MirroredItem, after: Fitted): boolean {
  return (
    before.etag === etagOf(after.item) &&
    isDeepStrictEqual(before.omitted, after.omitted) &&
    isDeepStrictEqual(before.item, after.item)
  );
}

/**
 * The differences between a page and the mirror, in the page's order; what is unchanged is none.
 * `mirrored` holds what the mirror has of the page's items, and of the exceptions of `parents` and of the series in `ended`.
 */
export function compare(
  input: PageInput,
  items: ReadonlyMap<string, Item>,
  mirrored: ReadonlyMap<string, MirroredItem>,
  parents: ReadonlySet<string>,
  ended: ReadonlySet<string>,
): readonly Difference[] {
  const gone = new Set([...parents, ...ended, ...input.deletedParents]);
  const differences: Difference[] = [];
  const remove = (itemId: string): void => {
    const before = mirrored.get(itemId);
    if (before) differences.push({ itemId, change: 'deleted', before: before.item, after: null });
  };
  for (const [itemId, item] of items) {
    if (isGone(input, item, gone)) {
      remove(itemId);
      continue;
    }
    const before = mirrored.get(itemId);
    const after = fit(item);
    if (before === undefined) {
      differences.push({ itemId, change: input.initial ? 'snapshot' : 'created', before: null, after });
    } else if (!isUnchanged(before, after)) {
      differences.push({ itemId, change: 'updated', before: before.item, after });
    }
  }
  for (const [itemId, { item }] of mirrored) {
    const parent = parentOf(item);
    if (parent === undefined || items.has(itemId)) continue;
    if (parents.has(parent) || (ended.has(parent) && isDeleted(input.resource, item))) remove(itemId);
  }
  return differences;
}

/**
 * How many items a page calls deleted that the mirror never had: they came and went between two syncs. No change, but
 * something that a notification should have told of.
 */
export const cameAndWent = (
  resource: Resource,
  items: ReadonlyMap<string, Item>,
  mirrored: ReadonlyMap<string, MirroredItem>,
): number => [...items].filter(([id, item]) => isDeleted(resource, item) && !mirrored.has(id)).length;

/** What a sweep finds: each of these is mirrored and Google no longer lists it. */
export const deletions = (mirrored: ReadonlyMap<string, MirroredItem>): readonly Difference[] =>
  [...mirrored].map(([itemId, { item }]) => ({ itemId, change: 'deleted', before: item, after: null }));
