import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';

/** When something is, as the Calendar API says it (Events resource: `start`, `end`, `originalStartTime`). */

const boundary = z.object({
  date: z.string().optional().catch(undefined),
  dateTime: z.string().optional().catch(undefined),
  timeZone: z.string().optional().catch(undefined),
});

/** What a Firestore Timestamp can hold: the years 1 to 9999. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.UTC(9999, 11, 31);

/** The first of the zones that the runtime knows decides; UTC if it knows none of them. */
function inZone(
  zones: readonly (string | undefined)[],
  at: (timeZone: string) => Temporal.ZonedDateTime,
): number | undefined {
  for (const timeZone of [...zones, 'UTC']) {
    if (timeZone === undefined) continue;
    try {
      return at(timeZone).epochMilliseconds;
    } catch {
      // Not a zone that this runtime knows (or not a date at all): the next one.
    }
  }
  return undefined;
}

/** Google's own times carry an offset; one without it is local to its zone. */
function moment(dateTime: string, zones: readonly (string | undefined)[]): number | undefined {
  if (/(?:Z|[+-]\d\d:?\d\d)$/i.test(dateTime)) return Date.parse(dateTime);
  return inZone(zones, (timeZone) => Temporal.PlainDateTime.from(dateTime).toZonedDateTime(timeZone));
}

/**
 * Unix ms of a `start` or `end`, null where it makes no sense or no Timestamp can hold it. A date is taken at midnight in
 * the time zone that stands beside it or else the calendar's.
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
        ? inZone(zones, (zone) => Temporal.PlainDate.from(date).toZonedDateTime(zone))
        : undefined;
  return at === undefined || Number.isNaN(at) || at < EARLIEST || at > LATEST ? null : at;
}
