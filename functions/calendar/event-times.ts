import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';

import type { Item } from './resources.ts';
import { readZone, UTC, type Zone } from './zone.ts';

/**
 * Reads `start`, `end` and `originalStartTime` of an event:
 * https://developers.google.com/workspace/calendar/api/v3/reference/events#start
 */

const boundary = z.object({
  date: z.string().optional().catch(undefined),
  dateTime: z.string().optional().catch(undefined),
  timeZone: z.string().optional().catch(undefined),
});

/** A `start` or `end`: a date for all-day events, else a time. */
export type EventTime = z.infer<typeof boundary>;

/** Returns the fields of a `start` or `end` that are valid. */
export const boundaryOf = (value: unknown): EventTime => boundary.safeParse(value).data ?? {};

/** The range of a Firestore Timestamp: the years 1 to 9999. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.UTC(9999, 11, 31);

/** Returns the first of these time zones that is known, or else UTC. */
export const firstKnownZone = (...names: readonly (string | undefined)[]): Zone =>
  names.map((name) => (name === undefined ? undefined : readZone(name))).find((zone) => zone !== undefined) ??
  UTC;

/** Returns the moment of a local time; undefined if the date does not exist. */
function inZone(zones: readonly (string | undefined)[], local: () => Temporal.PlainDateTime) {
  try {
    return firstKnownZone(...zones).momentOf(local().toZonedDateTime('UTC').epochMilliseconds);
  } catch {
    return undefined;
  }
}

/** Returns the moment of a time. Google's have an offset; a time without one is local to its zone. */
function moment(dateTime: string, zones: readonly (string | undefined)[]): number | undefined {
  if (/(?:Z|[+-]\d\d:?\d\d)$/i.test(dateTime)) return Date.parse(dateTime);
  return inZone(zones, () => Temporal.PlainDateTime.from(dateTime));
}

/**
 * Returns the Unix ms of a `start` or `end`; null if it is invalid or out of the range of a Timestamp. A date means midnight in its own
 * `timeZone`, or else in the calendar's.
 */
export function instantOf(value: unknown, calendarTimeZone: string | undefined): number | null {
  const { date, dateTime, timeZone } = boundaryOf(value);
  const zones = [timeZone, calendarTimeZone];
  const at =
    dateTime !== undefined
      ? moment(dateTime, zones)
      : date !== undefined
        ? inZone(zones, () => Temporal.PlainDate.from(date).toPlainDateTime())
        : undefined;
  return at === undefined || Number.isNaN(at) || at < EARLIEST || at > LATEST ? null : at;
}

/** Returns the date of a `start` or `end` that is a date and not a time; `dateTime` takes precedence. */
export function dateOf(value: unknown): string | undefined {
  const { date, dateTime } = boundaryOf(value);
  return dateTime === undefined ? date : undefined;
}

/**
 * Returns when an event starts and ends, in Unix ms; null if its `start` or `end` is missing or invalid. A date means midnight in the
 * event's, or else the calendar's, time zone. An all-day event whose end is not after its start lasts one day: Google accepts such
 * events and returns them unchanged.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
 */
export function timesOf(
  { start, end }: Readonly<Record<string, unknown>>,
  calendarTimeZone: string | undefined,
): { readonly startsAt: number | null; readonly endsAt: number | null } {
  const startsAt = instantOf(start, calendarTimeZone);
  const endsAt = instantOf(end, calendarTimeZone);
  const times = { startsAt, endsAt };
  const [first, last] = [dateOf(start), dateOf(end)];
  if (startsAt === null || endsAt === null || first === undefined || last === undefined) return times;
  const day = Temporal.PlainDate.from(first);
  if (Temporal.PlainDate.compare(last, day) > 0) return times;
  const nextDay = { ...boundaryOf(start), date: day.add({ days: 1 }).toString() };
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
  const at = Date.parse(dateTime);
  return Number.isNaN(at) ? value : { ...value, dateTime: new Date(at).toISOString() };
}

/** Replaces the times of an event by moments in UTC, so that times that differ only in their offsets are equal. */
export const withMoments = (event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  ...event,
  ...Object.fromEntries(TIMES.flatMap((name) => (name in event ? [[name, withMoment(event[name])]] : []))),
});
