import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';

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

/** The range of a Firestore Timestamp: the years 1 to 9999. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.UTC(9999, 11, 31);

/** Returns the first of these time zones that is known, or else UTC. */
export const firstKnownZone = (...names: readonly (string | undefined)[]): Zone =>
  names.map((name) => (name === undefined ? undefined : readZone(name))).find((zone) => zone !== undefined) ??
  UTC;

/** Returns the moment of a local time; undefined if the date does not exist. */
function inZone(
  zones: readonly (string | undefined)[],
  local: () => Temporal.PlainDateTime,
): number | undefined {
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
  const parsed = boundary.safeParse(value);
  if (!parsed.success) return null;
  const { date, dateTime, timeZone } = parsed.data;
  const zones = [timeZone, calendarTimeZone];
  const at =
    dateTime !== undefined
      ? moment(dateTime, zones)
      : date !== undefined
        ? inZone(zones, () => Temporal.PlainDate.from(date).toPlainDateTime())
        : undefined;
  return at === undefined || Number.isNaN(at) || at < EARLIEST || at > LATEST ? null : at;
}
