import { isRecurring } from '../calendar/event-times.ts';
import { isDeleted, type Item, type Resource } from '../calendar/resources.ts';
import type { MirroredItem } from '../mirror/items.ts';

/** Recurring events and their exceptions. */

interface ListOptions {
  readonly resource: Resource;
  readonly singleEvents: boolean;
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
 * Returns the recurring events that a page deletes. Their exceptions are deleted with them, and Google may not list
 * each of those. A deleted event may have no field but its id, so the mirror tells whether it was recurring.
 */
export function findDeletedParents(
  { resource, singleEvents }: ListOptions,
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
 * Returns the recurring events that a page turns into single ones. Their cancelled occurrences are obsolete; for
 * the others, wait until Google lists them as deleted.
 */
export function findEndedSeries(
  { resource, singleEvents }: ListOptions,
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
