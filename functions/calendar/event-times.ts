import { Temporal } from 'temporal-polyfill';

import { instantOf } from './instant.ts';
import type { Item } from './resources.ts';

/** Start and end of an event in Unix ms; null if its `start` or `end` is missing or invalid. */
export interface EventTimes {
  readonly startsAt: number | null;
  readonly endsAt: number | null;
}

/** Returns whether a `start` or `end` is a date and not a time; `dateTime` takes precedence. */
const isDate = (value: unknown): value is { readonly date: string } =>
  typeof value === 'object' &&
  value !== null &&
  'date' in value &&
  typeof value.date === 'string' &&
  !('dateTime' in value && typeof value.dateTime === 'string');

/**
 * Returns when an event starts and ends. A date means midnight in the event's, or else the calendar's, time zone. An all-day event
 * whose end is not after its start lasts one day: Google accepts such events and returns them unchanged.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
 */
export function timesOf(
  { start, end }: Readonly<Record<string, unknown>>,
  calendarTimeZone: string | undefined,
): EventTimes {
  const startsAt = instantOf(start, calendarTimeZone);
  const endsAt = instantOf(end, calendarTimeZone);
  const times = { startsAt, endsAt };
  if (startsAt === null || endsAt === null || !isDate(start) || !isDate(end)) return times;
  const day = Temporal.PlainDate.from(start.date);
  if (Temporal.PlainDate.compare(end.date, day) > 0) return times;
  const nextDay = { ...start, date: day.add({ days: 1 }).toString() };
  // The last day that a Timestamp can hold has no successor.
  return { startsAt, endsAt: instantOf(nextDay, calendarTimeZone) ?? startsAt };
}

/** Returns whether an event is the parent of a series, not a single event or an occurrence. */
export const isRecurring = ({ recurrence }: Item): boolean =>
  Array.isArray(recurrence) && recurrence.length > 0;

/** The fields of an event that are times. */
const TIMES = ['start', 'end', 'originalStartTime'];
/** A time with an offset, which denotes a moment. */
const WITH_OFFSET = /T.*(?:Z|[+-]\d\d:?\d\d)$/i;

function withMoment(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('dateTime' in value)) return value;
  const { dateTime } = value;
  if (typeof dateTime !== 'string' || !WITH_OFFSET.test(dateTime)) return value;
  const moment = Date.parse(dateTime);
  return Number.isNaN(moment) ? value : { ...value, dateTime: moment };
}

/** Replaces the times of an event by moments, so that times that differ only in their offsets are equal. */
export const withMoments = (event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  ...event,
  ...Object.fromEntries(TIMES.flatMap((name) => (name in event ? [[name, withMoment(event[name])]] : []))),
});
