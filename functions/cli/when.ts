import { Temporal } from 'temporal-polyfill';

/** Days and times as people give them and read them, in their own time zone. Pure. */

const midnight = (date: Temporal.PlainDate, timeZone: string): number =>
  date.toZonedDateTime(timeZone).epochMilliseconds;

const DAY = /^\d{4}-\d\d-\d\d$/;
const LOCAL = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?$/;
const EXACT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/;

/** The day that is meant, or undefined. */
function dayOf(text: string, now: number, timeZone: string): Temporal.PlainDate | undefined {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate();
  const days = { yesterday: -1, today: 0, tomorrow: 1 };
  const named = Object.entries(days).find(([name]) => name === text);
  if (named !== undefined) return today.add({ days: named[1] });
  return DAY.test(text) ? Temporal.PlainDate.from(text) : undefined;
}

/**
 * The moment (Unix ms) that a day or a time begins or ends with, undefined for what is neither. A time without an offset is one
 * of `timeZone`.
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
    // It looks like a time, and is none: 2030-02-30.
  }
  return undefined;
}

/** Midnight at the end of the day `days` after that of a moment (Unix ms). */
export function endOfDayAfter(at: number, days: number, timeZone: string): number {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  return midnight(day.add({ days: days + 1 }), timeZone);
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const named = (day: Temporal.PlainDate): string => `${WEEKDAYS[day.dayOfWeek - 1] ?? ''} ${day.toString()}`;

const clock = (at: Temporal.PlainDateTime): string => at.toPlainTime().toString({ smallestUnit: 'minute' });

/** The day and the time of something that is on from one moment to another (Unix ms). */
export function dayAndTime(from: number, to: number, timeZone: string): readonly [string, string] {
  const local = (at: number): Temporal.PlainDateTime =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDateTime();
  const [start, end] = [local(from), local(to)];
  const sameDay = start.toPlainDate().equals(end.toPlainDate());
  const until = sameDay ? clock(end) : `${named(end.toPlainDate())} ${clock(end)}`;
  return [named(start.toPlainDate()), from === to ? clock(start) : `${clock(start)}–${until}`];
}

/** The same for whole days, of which `after` is the one after the last; undefined for what are no dates. */
export function wholeDays(first: string, after: string): readonly [string, string] | undefined {
  try {
    const start = Temporal.PlainDate.from(first);
    const last = Temporal.PlainDate.from(after).subtract({ days: 1 });
    const isLonger = Temporal.PlainDate.compare(last, start) > 0;
    return [named(start), isLonger ? `all day to ${named(last)}` : 'all day'];
  } catch {
    return undefined;
  }
}
