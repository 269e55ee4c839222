import type { Page } from '../calendar/client.ts';
import type { Problem } from '../calendar/errors.ts';
import { isRecurring, timesOf, instantOf } from '../calendar/event-times.ts';
import type { Item } from '../calendar/resources.ts';
import { provenanceOf, type EventFields, type ItemFields } from '../mirror/items.ts';
import { lazy } from '../runtime/promises.ts';
import type { Run } from './run.ts';

/** Returns the fields that an item's document has beside `data`. */
export type FieldsOf = (item: Item) => ItemFields;

/** Returns the end of a recurring event's last occurrence in Unix ms, or 9999-12-31 if it recurs forever. */
type SeriesEnd = (event: Item, calendarTimeZone: string | undefined) => number;

/** The recurrence code, which most syncs do not need. */
export const recurrence = lazy(() => import('../calendar/recurrence/occurrences.ts'));

/** Maximum length of a text in a field that is indexed. */
const MAX_LENGTH = 1024;

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= MAX_LENGTH ? value : null;

/**
 * Returns the fields of a mirrored event that consumers query by; a field that is absent or invalid is null. An
 * all-day date is midnight in the time zone of the event, or else of the calendar.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
 */
export function eventFields(
  event: Item,
  calendarTimeZone: string | undefined,
  seriesEnd: SeriesEnd,
): EventFields {
  const { startsAt, endsAt } = timesOf(event, calendarTimeZone);
  // A series without a start has no occurrences.
  const seriesEndsAt = (): number | null => (startsAt === null ? null : seriesEnd(event, calendarTimeZone));
  return {
    startsAt,
    endsAt,
    activeUntil: isRecurring(event) ? seriesEndsAt() : endsAt,
    originalStartsAt: instantOf(event['originalStartTime'], calendarTimeZone),
    status: text(event['status']),
    eventType: text(event['eventType']),
    recurringEventId: text(event['recurringEventId']),
  };
}

const withoutRecurrence: SeriesEnd = ({ id }) => {
  throw new Error(`event ${id} is recurring, but was not passed to loadEventFields`);
};

/**
 * Returns a function that derives the fields of these events. It loads the recurrence code only if one of them is
 * recurring, to keep cold starts short.
 */
export async function loadEventFields(
  events: readonly Item[],
  calendarTimeZone: string | undefined,
): Promise<(event: Item) => EventFields> {
  const seriesEnd = events.some(isRecurring) ? (await recurrence()).seriesEnd : withoutRecurrence;
  return (event) => eventFields(event, calendarTimeZone, seriesEnd);
}

/** Returns a function that computes the fields of these items' documents. */
export async function loadFields(run: Run, items: readonly Item[]): Promise<FieldsOf> {
  const { watch, watchSpec } = run;
  const isEvents = watchSpec.target.resource === 'events';
  const derive = isEvents ? await loadEventFields(items, timeZoneOf(run)) : () => undefined;
  return (item) => ({ ...provenanceOf(watch.id, watchSpec.target, item.id), ...derive(item) });
}

/**
 * The calendar's time zone, which the derived fields of events depend on. Every page of events has it. A change of the
 * time zone changes no event, so no incremental list reports it.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events/list#response
 */

/** No name of a time zone is longer. */
const MAX_ZONE_LENGTH = 100;

/**
 * Records the time zone of a page. A full sync keeps that of its first page, so that all derived fields are computed
 * with one. Returns a problem if an incremental list has another time zone than the mirrored documents: a full sync
 * then rewrites them, and neither numbers nor announces what is otherwise unchanged.
 */
export function trackTimeZone(run: Run, page: Page): Problem | undefined {
  const { timeZone } = page;
  if (timeZone === undefined || timeZone.length > MAX_ZONE_LENGTH) return undefined;
  const before = run.timeZone ?? run.sync.timeZone;
  run.timeZone = timeZone;
  if (run.traversal.kind === 'full') {
    run.traversal = { ...run.traversal, timeZone: run.traversal.timeZone ?? timeZone };
    return undefined;
  }
  const changed = before !== undefined && before !== timeZone;
  return changed ? { kind: 'fullSyncRequired', reason: 'timeZoneChanged' } : undefined;
}

/** Returns the time zone to compute derived fields with. */
export const timeZoneOf = ({ traversal, sync, timeZone }: Run): string | undefined =>
  traversal.timeZone ?? timeZone ?? sync.timeZone;

/** Returns the time zone of all mirrored documents once the run is complete. An incremental sync keeps an earlier one. */
export const completedTimeZone = ({ traversal, sync, timeZone }: Run): string | undefined =>
  traversal.kind === 'full' ? (traversal.timeZone ?? sync.timeZone) : (sync.timeZone ?? timeZone);
