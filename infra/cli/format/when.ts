import { Temporal } from 'temporal-polyfill';

import { dayText, localTime, periodText } from '../../../functions/calendar/time-text.ts';

/** Parsing and formatting of days and times in local time. Pure. */

const midnight = (date: Temporal.PlainDate, timeZone: string): number =>
  date.toZonedDateTime(timeZone).epochMilliseconds;

const DAY = /^\d{4}-\d\d-\d\d$/;
const LOCAL = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?$/;
const EXACT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/;

/** Parses a day; undefined if it is not one. */
function dayOf(text: string, now: number, timeZone: string): Temporal.PlainDate | undefined {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate();
  const days = { yesterday: -1, today: 0, tomorrow: 1 };
  const named = Object.entries(days).find(([name]) => name === text);
  if (named !== undefined) return today.add({ days: named[1] });
  return DAY.test(text) ? Temporal.PlainDate.from(text) : undefined;
}

/**
 * Returns the moment (Unix ms) at which a day or a time begins or ends, undefined if it is not a valid one. A time without an
 * offset is in `timeZone`.
 */
export function momentOf(
  text: string,
  edge: 'from' | 'to',
  now: number,
  timeZone: string,
): number | undefined {
  try {
    const day = dayOf(text, now, timeZone);
    if (day !== undefined) return midnight(edge === 'from' ? day : day.add({ days: 1 }), timeZone);
    if (EXACT.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
    if (LOCAL.test(text))
      return Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds;
  } catch {
    // Well-formed but invalid: 2030-02-30.
  }
  return undefined;
}

/** Returns midnight at the end of the day that is `days` after a moment (Unix ms). */
export function endOfDayAfter(at: number, days: number, timeZone: string): number {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  return midnight(day.add({ days: days + 1 }), timeZone);
}

/** Formats the day and the time of a period (Unix ms). */
export const dayAndTime = (from: number, to: number, timeZone: string): readonly [string, string] => [
  localTime(from, timeZone).day,
  periodText(from, to, timeZone),
];

/** Formats the day and the time of an all-day event that ends before `after`; undefined if a date is invalid. */
export function wholeDays(first: string, after: string): readonly [string, string] | undefined {
  try {
    const start = Temporal.PlainDate.from(first);
    const last = Temporal.PlainDate.from(after).subtract({ days: 1 });
    const isLonger = Temporal.PlainDate.compare(last, start) > 0;
    return [dayText(start), isLonger ? `all day to ${dayText(last)}` : 'all day'];
  } catch {
    return undefined;
  }
}
