import { Temporal } from 'temporal-polyfill';

/** Formatting of moments in a time zone. Pure. */

/** A moment in local time. */
export interface LocalTime {
  /** `Mon 2030-01-07` */
  readonly day: string;
  /** `09:00`, with seconds or milliseconds on request. */
  readonly time: string;
  /** Offset from UTC, such as `+01:00`. A time is never printed without it. */
  readonly offset: string;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Formats a date with its weekday: `Mon 2030-01-07`. */
export const dayText = (day: Temporal.PlainDate): string =>
  `${WEEKDAYS[day.dayOfWeek - 1] ?? ''} ${day.toString()}`;

/** Converts a moment (Unix ms) to local time, truncated to `smallestUnit`. */
export function localTime(
  at: number,
  timeZone: string,
  smallestUnit: 'minute' | 'second' | 'millisecond' = 'minute',
): LocalTime {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return {
    day: dayText(local.toPlainDate()),
    time: local.toPlainTime().toString({ smallestUnit, roundingMode: 'trunc' }),
    offset: local.offset,
  };
}

/** Formats a period (Unix ms): `09:00–10:00 +01:00`. Day and offset are repeated if they differ between start and end. */
export function periodText(from: number, to: number, timeZone: string): string {
  const [start, end] = [localTime(from, timeZone), localTime(to, timeZone)];
  if (from === to) return `${start.time} ${start.offset}`;
  const until = start.day === end.day ? end.time : `${end.day} ${end.time}`;
  const since = start.offset === end.offset ? start.time : `${start.time} ${start.offset}`;
  return `${since}–${until} ${end.offset}`;
}
