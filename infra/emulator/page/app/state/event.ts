/** Events as the API returns them, as far as the page reads them, and when they are. */
import { addDays, dayTimeOf } from './zone.ts';
import type { DayTime } from './zone.ts';

interface EventTime {
  readonly date?: string;
  readonly dateTime?: string;
  readonly timeZone?: string;
}

export type Response = 'needsAction' | 'accepted' | 'tentative' | 'declined';

export interface Attendee {
  readonly email: string;
  readonly displayName?: string;
  readonly responseStatus?: Response;
  readonly self?: boolean;
  readonly organizer?: boolean;
}

export interface CalendarEvent {
  readonly id: string;
  readonly etag?: string;
  readonly status?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly location?: string;
  readonly colorId?: string;
  readonly start?: EventTime;
  readonly end?: EventTime;
  readonly endTimeUnspecified?: boolean;
  readonly recurrence?: readonly string[];
  readonly recurringEventId?: string;
  readonly attendees?: readonly Attendee[];
  readonly organizer?: { readonly email?: string; readonly self?: boolean };
  readonly eventType?: string;
  readonly visibility?: string;
}

/** An entry of a user's calendar list. */
export interface CalendarEntry {
  readonly id: string;
  readonly summary?: string;
  readonly summaryOverride?: string;
  readonly primary?: boolean;
  readonly timeZone?: string;
  readonly backgroundColor?: string;
  readonly accessRole?: string;
}

/** When an event is: whole days (`to` is the first day after it), or from one instant to another, in milliseconds. */
export type Span =
  | { readonly allDay: true; readonly from: string; readonly to: string }
  | { readonly allDay: false; readonly start: number; readonly end: number };

/** Returns when an event is, or undefined if it has no start that can be read. An end before the start counts as none. */
export function spanOf({ start, end }: CalendarEvent): Span | undefined {
  if (start?.date !== undefined) {
    if (Number.isNaN(Date.parse(start.date))) return undefined;
    const to = end?.date ?? '';
    return { allDay: true, from: start.date, to: to > start.date ? to : addDays(start.date, 1) };
  }
  const from = Date.parse(start?.dateTime ?? '');
  if (Number.isNaN(from)) return undefined;
  const until = Date.parse(end?.dateTime ?? '');
  return { allDay: false, start: from, end: until > from ? until : from };
}

/** Returns where a timed span begins and ends on the wall clock of a zone. */
export function wallOf(
  span: Span & { readonly allDay: false },
  zone: string,
): { from: DayTime; to: DayTime } {
  return { from: dayTimeOf(span.start, zone), to: dayTimeOf(span.end, zone) };
}

/** Returns the title that the page shows, cut so that a title of megabytes cannot slow it down. */
export function titleOf({ summary, visibility }: CalendarEvent): string {
  if (summary === undefined || summary.trim() === '') return visibility === 'private' ? 'Busy' : '(no title)';
  return summary.length > 300 ? `${summary.slice(0, 300)}…` : summary;
}

/** Returns the answer of the account that the event is shown to, or undefined if it is not invited. */
export function ownResponse({ attendees = [] }: CalendarEvent): Response | undefined {
  const own = attendees.find(({ self }) => self === true);
  return own && (own.responseStatus ?? 'needsAction');
}

/** Returns whether an account with this role in a calendar may change its events. */
export function canWrite({ accessRole = '' }: CalendarEntry): boolean {
  return ['owner', 'writer', 'writerWithoutPrivateAccess'].includes(accessRole);
}
