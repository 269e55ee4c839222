import { eventTag } from '../state/etag.ts';
import { type Access, atLeast } from '../state/access.ts';
import type { Attendee } from '../state/event-fields.ts';
import { type StoredEvent, isCancelled } from '../state/stored-event.ts';
import { showTime } from './times.ts';
import { showVerbatim } from './verbatim.ts';

/** How a caller wants events to be shown. */
export interface View {
  readonly access: Access;
  /** Time zone of the times in the answer. */
  readonly timeZone: string;
  readonly maxAttendees?: number | undefined;
  /** Whether deleted events show only their id, as in incremental lists without `showDeleted`. */
  readonly bareTombstones?: boolean;
}

/**
 * Returns whether the caller may see more of the event than free/busy
 * (https://developers.google.com/workspace/calendar/api/v3/reference/acl).
 */
export function seesDetails({ role, calendar, user }: Access, event: StoredEvent): boolean {
  if (!atLeast(role, 'reader')) return false;
  const { visibility } = event.fields;
  if (visibility !== 'private' && visibility !== 'confidential') return true;
  const invited = event.fields.attendees?.some(({ email }) => email === user) ?? false;
  return atLeast(role, 'writer') || invited || calendar.dataOwner === user;
}

/**
 * Returns an event as the API answers it to one caller
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events).
 */
export function showEvent(view: View, event: StoredEvent): Record<string, unknown> {
  const { access, timeZone } = view;
  if (event.verbatim) return showVerbatim(event, event.verbatim, timeZone);
  const { calendar, user } = access;
  const { fields } = event;
  const head = {
    kind: 'calendar#event',
    etag: eventTag(event.updated),
    id: event.id,
    status: fields.status ?? 'confirmed',
  };
  const instance = event.recurringEventId !== undefined &&
    event.originalStartTime && {
      recurringEventId: event.recurringEventId,
      originalStartTime: showTime(event.originalStartTime, timeZone),
    };
  if (isCancelled(event) && (event.withdrawn || view.bareTombstones || instance))
    return { ...head, ...instance };

  const times = {
    created: new Date(event.created).toISOString(),
    updated: new Date(event.updated).toISOString(),
    start: showTime(fields.start, timeZone),
    end: showTime(fields.end, timeZone),
    ...(fields.recurrence && { recurrence: fields.recurrence }),
    ...instance,
    iCalUID: event.iCalUID,
    sequence: event.sequence,
    eventType: fields.eventType ?? 'default',
  };
  if (!seesDetails(access, event)) {
    const { transparency } = fields;
    return { ...head, ...times, visibility: 'private', ...(transparency && { transparency }) };
  }

  const { attendees, omitted } = showAttendees(view, event);
  const { source, attendees: _, ...shown } = fields;
  return {
    ...head,
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${event.id} ${calendar.id}`).toString('base64url')}`,
    ...shown,
    ...times,
    status: head.status,
    creator: { email: event.creator, ...(event.creator === calendar.id && { self: true }) },
    organizer: { ...event.organizer, ...(event.organizer.email === calendar.id && { self: true }) },
    ...(attendees && { attendees }),
    ...(omitted && { attendeesOmitted: true }),
    ...(source && event.creator === user && { source }),
    ...(fields.conferenceData && hangoutLink(fields.conferenceData.entryPoints)),
    reminders: event.reminders[user] ?? { useDefault: true },
  };
}

/** Returns the attendees that the caller may see, up to the requested number. */
function showAttendees(
  { access: { calendar }, maxAttendees }: View,
  event: StoredEvent,
): { attendees: unknown[] | undefined; omitted: boolean } {
  const all = event.fields.attendees;
  if (!all) return { attendees: undefined, omitted: false };
  const own = event.organizer.email === calendar.id;
  const hidden = event.fields.guestsCanSeeOtherGuests === false && !own;
  const tooMany = maxAttendees !== undefined && all.length > maxAttendees;
  const visible = hidden || tooMany ? all.filter(({ email }) => email === calendar.id) : all;
  return {
    attendees: visible.map((attendee) => showAttendee(attendee, event, calendar.id)),
    omitted: visible.length < all.length,
  };
}

const showAttendee = (attendee: Attendee, event: StoredEvent, calendarId: string) => ({
  ...attendee,
  ...(attendee.email === event.organizer.email && { organizer: true }),
  ...(attendee.email === calendarId && { self: true }),
  responseStatus: attendee.responseStatus ?? 'needsAction',
});

function hangoutLink(
  entryPoints: readonly { entryPointType: string; uri?: string | undefined }[] | undefined,
) {
  const uri = entryPoints?.find(({ entryPointType }) => entryPointType === 'video')?.uri;
  return uri?.startsWith('https://meet.google.com/') ? { hangoutLink: uri } : {};
}
