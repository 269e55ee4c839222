import { localTime } from '../../functions/calendar/time-text.ts';

/** Formatting of times for people. Pure. */

/** Formats a moment (Unix ms) to the second: `Mon 2030-01-07 09:00:00 +01:00`. */
export function momentText(at: number, timeZone: string): string {
  const { day, time, offset } = localTime(at, timeZone, 'second');
  return `${day} ${time} ${offset}`;
}

/** Formats the time of day of a moment (Unix ms): `09:00:00 +01:00`. */
export function clockText(
  at: number,
  timeZone: string,
  smallestUnit: 'second' | 'millisecond' = 'second',
): string {
  const { time, offset } = localTime(at, timeZone, smallestUnit);
  return `${time} ${offset}`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** Formats a duration in its largest unit: `45 s`, `3 min`, `6 d`. */
export function span(ms: number): string {
  for (const [unit, size] of UNITS) {
    if (ms >= 2 * size || (unit === 'min' && ms >= size)) return `${String(Math.floor(ms / size))} ${unit}`;
  }
  return `${String(Math.max(0, Math.floor(ms / 1000)))} s`;
}

/** Formats a moment relative to `now` (both Unix ms): `3 min ago`, `in 6 d`; `never` if undefined. */
export function fromNow(at: number | undefined, now: number): string {
  if (at === undefined) return 'never';
  return at > now ? `in ${span(at - now)}` : `${span(now - at)} ago`;
}

/** Formats a moment (Unix ms) for programs, as ISO 8601 in UTC; null if undefined. */
export const iso = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString();
