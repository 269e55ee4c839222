import type { Json } from '../protocol/body.ts';
import type { EventDateTime, EventFields, Reminders } from './event-fields.ts';

/** An event as a calendar stores it, one copy per calendar. Never changed in place. */
export interface StoredEvent {
  readonly id: string;
  readonly iCalUID: string;
  /** All fields but reminders, normalised: times in UTC, without default values. */
  readonly fields: EventFields & { readonly start: EventDateTime; readonly end: EventDateTime };
  readonly created: number;
  /** Milliseconds; determines the etag. Changes of reminders do not affect it. */
  readonly updated: number;
  readonly sequence: number;
  readonly creator: string;
  readonly organizer: { readonly email: string; readonly displayName?: string | undefined };
  /** Each user's own reminders. A user without an entry has the calendar's defaults. */
  readonly reminders: Readonly<Record<string, Reminders>>;
  readonly recurringEventId?: string;
  readonly originalStartTime?: EventDateTime;
  /** A cancelled event that shows only its id: cancelled by its organizer, or moved away. */
  readonly withdrawn?: boolean;
  /** The status of an exception before its series lost the occurrence. It returns with the occurrence. */
  readonly lost?: EventFields['status'];
  /** The event as a control route put it in. It is served as it is until a method of the API changes it. */
  readonly verbatim?: Json;
}

/** Returns the event as every method of the API stores it: without its verbatim form, and not as a lost exception. */
export function plainEvent(event: StoredEvent): StoredEvent {
  const { verbatim: _verbatim, lost: _lost, ...own } = event;
  return own;
}

/** Returns the type of an event. A verbatim event may have a type that this API does not know. */
export function typeOf({ fields, verbatim }: StoredEvent): string {
  const given = verbatim?.['eventType'];
  return typeof given === 'string' ? given : (fields.eventType ?? 'default');
}

/** Returns whether an event is deleted, or a cancelled occurrence. */
export const isCancelled = (event: StoredEvent): boolean => event.fields.status === 'cancelled';

/** Returns whether an event is a series. */
export const isRecurring = (event: StoredEvent): boolean => (event.fields.recurrence?.length ?? 0) > 0;
