import { isRecurring, timesOf } from '../calendar/event-times.ts';
import { instantOf } from '../calendar/instant.ts';
import type { Item } from '../calendar/resources.ts';
import type { EventFields } from '../mirror/items.ts';
import { lazy } from '../runtime/promises.ts';

/** Returns the derived fields of an item, or undefined if its resource has none. */
export type EventFieldsOf = (item: Item) => EventFields | undefined;

/** Returns the end of a recurring event's last occurrence in Unix ms, or 9999-12-31 if it recurs forever. */
export type SeriesEnd = (event: Item, calendarTimeZone: string | undefined) => number;

const recurrence = lazy(() => import('../calendar/recurrence/series-end.ts'));

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
