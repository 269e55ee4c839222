import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

import type { Item } from '../calendar/resources.ts';
import type { EventFields } from '../mirror/items.ts';

/** The fields of a mirrored event that consumers query by (Events resource: `start`, `end`, `status`, …). */

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

function instant(value: unknown, calendarTimeZone: string | undefined): number | null {
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

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= 1024 ? value : null;

/** Reads the query fields; what is absent or makes no sense is null. All-day dates are taken at midnight in the event's or else the calendar's time zone. */
export function eventFields(event: Item, calendarTimeZone: string | undefined): EventFields {
  return {
    startsAt: instant(event['start'], calendarTimeZone),
    endsAt: instant(event['end'], calendarTimeZone),
    status: text(event['status']),
    eventType: text(event['eventType']),
    recurringEventId: text(event['recurringEventId']),
  };
}
