import { LAST_START_MS } from './clock.ts';

/** When an emulator's clock starts, as people write it. */

const DURATION = /^\+P?(?:(\d+)W)?(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/i;
const UNITS_MS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000] as const;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/**
 * Returns how far a clock is ahead of the system's, in milliseconds, if it shows now what `text` says: an RFC 3339 time such as
 * `2026-03-01T09:00:00Z`, or a duration from now such as `+2h`, `+1d12h` or `+P1DT12H`.
 * @throws RangeError for any other text, and for a time beyond the year 9989
 */
export function readStartTime(text: string, now: number): number {
  const ahead = offsetOf(text, now);
  if (now + ahead >= LAST_START_MS) throw new RangeError(`'${text}' is beyond the year 9989`);
  return ahead;
}

function offsetOf(text: string, now: number): number {
  const [, ...counts] = DURATION.exec(text) ?? [];
  if (counts.some((count) => count !== undefined))
    return counts.reduce((sum, count, unit) => sum + Number(count ?? 0) * (UNITS_MS[unit] ?? 0), 0);
  const time = RFC3339.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time - now;
  throw new RangeError(
    `'${text}' is not a valid time: use RFC 3339 such as 2026-03-01T09:00:00Z, or a duration from now such as +2h or +1d12h`,
  );
}

/** `Date.parse` reads 31 February as 3 March. */
const isDay = (date: string): boolean =>
  new Date(`${date}T00:00:00Z`).getUTCDate() === Number(date.slice(8, 10));
