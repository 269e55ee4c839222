import type { EventDateTime, EventFields, Reminders } from './fields.ts';

/** An event as a calendar keeps it: one copy for each calendar it is on. Never changed in place. */
export interface StoredEvent {
  readonly id: string;
  readonly iCalUID: string;
  /** Everything but reminders, normalised: times in UTC, defaults left out. */
  readonly fields: EventFields & { readonly start: EventDateTime; readonly end: EventDateTime };
  readonly created: number;
  /** Milliseconds; the etag comes from it. Reminders do not move it. */
  readonly updated: number;
  readonly sequence: number;
  readonly creator: string;
  readonly organizer: { readonly email: string; readonly displayName?: string | undefined };
  /** Reminders are each user's own; who has none here has the calendar's defaults. */
  readonly reminders: Readonly<Record<string, Reminders>>;
  readonly recurringEventId?: string;
  readonly originalStartTime?: EventDateTime;
  /** A cancelled event that shows nothing but its id: withdrawn by its organizer, or moved away. */
  readonly withdrawn?: boolean;
}

/** Whether it is deleted, or a cancelled occurrence of something that lives on. */
export const isCancelled = (event: StoredEvent): boolean => event.fields.status === 'cancelled';

/** Whether it is a series. */
export const isRecurring = (event: StoredEvent): boolean => (event.fields.recurrence?.length ?? 0) > 0;
