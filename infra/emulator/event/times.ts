import { Temporal } from 'temporal-polyfill';
import { timeText } from '../../../functions/calendar/recurrence/occurrences.ts';
import { readZone, UTC, type Zone } from '../../../functions/calendar/zone.ts';
import { invalid, required } from '../protocol/api-errors.ts';
import type { EventDateTime } from '../state/event-fields.ts';

/** Start and end in milliseconds since the epoch; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const withOffset = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;

/** Returns midnight UTC of a date. NaN for a text that is not a date, or a day that its month does not have. */
export function dayOf(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).getUTCDate() === Number(text.slice(8)) ? ms : Number.NaN;
}

/** Returns whether a name is a time zone: of the IANA database, or an offset. */
export const isTimeZone = (name: string): boolean => readZone(name) !== undefined;

/** Returns a time zone whose name was validated when it was stored. */
const zoneOf = (name: string): Zone => readZone(name) ?? UTC;

/**
 * Parses an RFC 3339 timestamp with its mandatory offset into milliseconds, whole seconds only. Throws 400 `invalid` naming
 * `location`.
 */
export function parseTimestamp(text: string, location: string): number {
  const ms = secondsOf(text);
  if (Number.isNaN(ms)) throw invalid(location, 'Bad Request');
  return ms;
}

function secondsOf(text: string): number {
  const isTime = withOffset.test(text) && !Number.isNaN(dayOf(text.slice(0, 10)));
  return isTime ? Math.floor(Date.parse(text) / 1000) * 1000 : Number.NaN;
}

/** Formats an RFC 3339 timestamp in UTC without milliseconds, as events have them. */
const utcSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

/**
 * Returns a start or end as it is stored: a date, or a time in UTC with its time zone. `zone` is the calendar's. Throws 400
 * `required` if nothing is given, `invalid` if it is not a time.
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
  const local = secondsOf(`${dateTime}Z`);
  if (Number.isNaN(local)) throw invalid(`${which}.dateTime`, `Invalid ${which} time.`);
  return zoneOf(timeZone).momentOf(local);
}

/** The stored time of an event without a readable time: its instant is NaN, which is in no window. */
export const NEVER: EventDateTime = { dateTime: '' };

/** Returns the instant of a stored time. A whole day begins at midnight in the given time zone. */
export function toInstant(time: EventDateTime, zone: string): number {
  if (time.dateTime !== undefined) return Date.parse(time.dateTime);
  return zoneOf(zone).momentOf(Date.parse(`${time.date}T00:00:00Z`));
}

/**
 * Returns when a stored event takes place; whole days are those of the given time zone. An all-day event that ends on its start
 * lasts that day: Google accepts and returns such events (https://github.com/odoo/odoo/issues/87646,
 * https://github.com/allenporter/gcal_sync/pull/225).
 */
export function spanOf(
  { start, end }: { readonly start: EventDateTime; readonly end: EventDateTime },
  zone: string,
): Span {
  const { date } = start;
  const until = date !== undefined && (end.date ?? '') <= date ? dayAfter(date) : end;
  return { start: toInstant(start, zone), end: toInstant(until, zone) };
}

const dayAfter = (date: string): EventDateTime => ({
  date: Temporal.PlainDate.from(date).add({ days: 1 }).toString(),
});

/** Returns a stored time as answers show it: in the requested time zone, with its offset. Undefined for `NEVER`. */
export function showTime(time: EventDateTime, zone: string): EventDateTime | undefined {
  if (time === NEVER) return undefined;
  if (time.dateTime === undefined) return time;
  return { ...time, dateTime: showInstant(Date.parse(time.dateTime), zone) };
}

/** Formats an instant as RFC 3339 with the offset of a time zone. */
export const showInstant = (ms: number, zone: string): string => timeText(ms, zoneOf(zone));
