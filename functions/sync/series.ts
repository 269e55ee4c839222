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

/** A date without a time ends with its day, in any time zone. */
const DAY_IN_ANY_ZONE_MS = 36 * 3_600_000;

const DATE_TIME = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?/;

const digits = (text: string): string => text.replaceAll(/[-:.]/g, '');

/** Returns the last moment of an `UNTIL` in Unix ms. */
function untilMs(until: string): number {
  const [, year, month, date, hour = '23', minute = '59', second = '59'] = DATE_TIME.exec(until) ?? [];
  const end = Date.parse(`${year ?? ''}-${month ?? ''}-${date ?? ''}T${hour}:${minute}:${second}Z`);
  return end + (until.endsWith('Z') ? 0 : DAY_IN_ANY_ZONE_MS);
}

/**
 * Returns whether the rules of a series end before the original start of one of its occurrences. False if in doubt,
 * as for a series with extra dates.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#recurrence
 */
export function endsBefore(series: Item, occurrence: Item): boolean {
  const { recurrence } = series;
  const lines = Array.isArray(recurrence) ? recurrence.filter((line) => typeof line === 'string') : [];
  const rules = lines.filter((line) => /^RRULE/i.test(line));
  const untils = rules.flatMap((line) => /[;:]UNTIL=(\d{8}(?:T\d{6}Z?)?)/i.exec(line)?.[1] ?? []);
  const start = occurrence['originalStartTime'];
  if (rules.length === 0 || untils.length < rules.length || lines.some((line) => /^RDATE/i.test(line)))
    return false;
  if (typeof start !== 'object' || start === null) return false;
  if ('dateTime' in start && typeof start.dateTime === 'string') {
    const startMs = Date.parse(start.dateTime);
    return untils.every((until) => startMs > untilMs(until));
  }
  const { date } = { date: undefined, ...start };
  return typeof date === 'string' && untils.every((until) => digits(date) > until.slice(0, 8));
}
