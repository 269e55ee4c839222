import { instantOf } from '../calendar/instant.ts';
import type { Item } from '../calendar/resources.ts';
import type { EventFields } from '../mirror/items.ts';

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= 1024 ? value : null;

/**
 * The fields of a mirrored event that consumers query by (Events resource: `start`, `end`, `status`, …); what is absent or makes
 * no sense is null. All-day dates are taken at midnight in the event's or else the calendar's time zone.
 */
export function eventFields(event: Item, calendarTimeZone: string | undefined): EventFields {
  return {
    startsAt: instantOf(event['start'], calendarTimeZone),
    endsAt: instantOf(event['end'], calendarTimeZone),
    status: text(event['status']),
    eventType: text(event['eventType']),
    recurringEventId: text(event['recurringEventId']),
  };
}
