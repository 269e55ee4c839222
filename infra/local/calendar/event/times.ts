import { Temporal } from 'temporal-polyfill';
import { invalid, required } from '../refusals.ts';
import type { EventDateTime } from './fields.ts';

/** When something happens, in milliseconds since the epoch; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;

/** Whether it names a time zone of the IANA database. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds of an RFC 3339 timestamp with its mandatory offset, whole seconds only. Throws 400 `invalid` naming `location`. */
export function parseTimestamp(text: string, location: string): number {
  const ms = withOffset.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw invalid(location, 'Bad Request');
  return Math.floor(ms / 1000) * 1000;
}

/** An RFC 3339 timestamp in UTC without milliseconds, as events have them. */
export const utcSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

/**
 * A start or end as it is stored: a date, or a time in UTC with its time zone. `zone` is that of the calendar.
 * Throws 400 `required` when nothing is given, `invalid` for anything that is no time.
 */
export function normaliseTime(
  time: EventDateTime | undefined,
  which: 'start' | 'end',
  zone: string,
): EventDateTime {
  if (!time || (time.date === undefined && time.dateTime === undefined))
    throw required(which, `Missing ${which} time.`);
  if (time.timeZone !== undefined && !isTimeZone(time.timeZone))
    throw invalid(`${which}.timeZone`, 'Invalid time zone definition for ' + which + ' time.');
  if (time.date !== undefined) {
    if (time.dateTime !== undefined) throw invalid(which, `Invalid ${which} time.`);
    return { date: time.date };
  }
  return {
    dateTime: utcSeconds(instantOf(time.dateTime ?? '', time.timeZone, which)),
    timeZone: time.timeZone ?? zone,
  };
}

function instantOf(dateTime: string, timeZone: string | undefined, which: string): number {
  if (withOffset.test(dateTime)) return parseTimestamp(dateTime, `${which}.dateTime`);
  if (timeZone === undefined)
    throw required(`${which}.timeZone`, `Missing time zone definition for ${which} time.`);
  try {
    return Temporal.PlainDateTime.from(dateTime).toZonedDateTime(timeZone).epochMilliseconds;
  } catch {
    throw invalid(`${which}.dateTime`, `Invalid ${which} time.`);
  }
}

/** The instant of a stored time; a whole day begins at midnight in the time zone given. */
export function toInstant(time: EventDateTime, zone: string): number {
  if (time.dateTime !== undefined) return Date.parse(time.dateTime);
  if (zone === 'UTC') return Date.parse(`${time.date}T00:00:00Z`);
  return Temporal.PlainDate.from(time.date ?? '').toZonedDateTime(zone).epochMilliseconds;
}

/** When a stored event takes place, whole days being those of the time zone given. */
export const spanOf = (
  fields: { readonly start: EventDateTime; readonly end: EventDateTime },
  zone: string,
): Span => ({ start: toInstant(fields.start, zone), end: toInstant(fields.end, zone) });

/** A stored time as an answer shows it: in the time zone asked for, with its offset. */
export function showTime(time: EventDateTime, zone: string): EventDateTime {
  if (time.dateTime === undefined) return time;
  return { ...time, dateTime: showInstant(Date.parse(time.dateTime), zone) };
}

/** An instant as RFC 3339 with the offset of that time zone. */
export function showInstant(ms: number, zone: string): string {
  if (zone === 'UTC') return utcSeconds(ms);
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  return local.offset === '+00:00'
    ? utcSeconds(ms)
    : local.toString({ timeZoneName: 'never', smallestUnit: 'second' });
}
