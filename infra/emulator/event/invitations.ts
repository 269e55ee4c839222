import { isDeepStrictEqual } from 'node:util';
import type { Store } from '../state/store.ts';
import type { CalendarRecord } from '../state/records.ts';
import type { Attendee, EventFields } from '../state/event-fields.ts';
import { findEvent } from './instances.ts';
import { type StoredEvent, isCancelled, plainEvent } from '../state/stored-event.ts';

/**
 * Fields that belong to each copy alone
 * (https://developers.google.com/workspace/calendar/api/concepts/inviting-attendees-to-events).
 */
const personal = ['colorId', 'eventLabelId', 'transparency', 'visibility'] as const;

/** Returns whether the calendar holds the organizer's copy. */
export const isOrganizer = (calendar: CalendarRecord, event: StoredEvent): boolean =>
  event.organizer.email === calendar.id;

/** Returns the time of a change, later than the last one, so that no two versions share an etag. */
export const stamp = (store: Store, before: StoredEvent | undefined): number =>
  Math.max(store.clock.now(), (before?.updated ?? 0) + 1);

/** The fields that all copies of an event share. The caller's own response is not one of them. */
export function sharedFields(fields: StoredEvent['fields'], self?: string): Partial<EventFields> {
  const shared: Partial<EventFields> = { ...fields };
  for (const key of personal) delete shared[key];
  delete shared.extendedProperties;
  if (fields.extendedProperties?.shared)
    shared.extendedProperties = { shared: fields.extendedProperties.shared };
  if (self !== undefined && fields.attendees)
    shared.attendees = fields.attendees.filter(({ email }) => email !== self);
  return shared;
}

/**
 * Updates the attendees' copies to match the organizer's
 * (https://developers.google.com/workspace/calendar/api/concepts/inviting-attendees-to-events): a copy for each attendee with an
 * account here, and an id-only tombstone for each former attendee.
 */
export function distribute(
  store: Store,
  calendar: CalendarRecord,
  before: StoredEvent | undefined,
  after: StoredEvent,
): void {
  if (!isOrganizer(calendar, after) || after.fields.privateCopy) return;
  const invited = isCancelled(after) && !after.recurringEventId ? new Set<string>() : guests(after);
  for (const email of new Set([...guests(before), ...guests(after)])) {
    const own = email === calendar.id ? undefined : store.users.has(email) && store.calendars.get(email);
    if (own) deliver(store, own, after, invited.has(email));
  }
}

function guests(event: StoredEvent | undefined): Set<string> {
  return new Set(event?.fields.attendees?.flatMap(({ email }) => (email === undefined ? [] : [email])));
}

/** What an edit of an event changes in copies. A move changes the organizer alone. */
const content = ({ fields, organizer }: StoredEvent): unknown => [fields, organizer];

function deliver(store: Store, own: CalendarRecord, event: StoredEvent, invited: boolean): void {
  const copy = findEvent(own, event.id);
  if (copy && copy.iCalUID !== event.iCalUID) return;
  const stored = own.events.get(event.id)?.value;
  if (!invited) {
    if (!copy || isCancelled(copy)) return;
    const fields = { ...copy.fields, status: 'cancelled' as const };
    own.events.put(copy.id, {
      ...plainEvent(copy),
      fields,
      withdrawn: true,
      updated: stamp(store, copy),
    });
    return;
  }
  // An attendee who has deleted the event does not get it back with every edit.
  if (stored && isCancelled(stored) && (isCancelled(event) || !stored.withdrawn)) return;
  if (!stored && isCancelled(event) && !copy) return;
  // An occurrence that the organizer has cancelled can be restored.
  const next = { ...copyFor(event, stored), ...(isCancelled(event) && { withdrawn: true }) };
  if (stored && !stored.withdrawn && isDeepStrictEqual(content(stored), content(next))) return;
  own.events.put(event.id, { ...next, updated: stamp(store, stored ?? copy) });
}

function copyFor(event: StoredEvent, copy: StoredEvent | undefined): StoredEvent {
  const { withdrawn: _, ...rest } = plainEvent(event);
  return { ...rest, fields: fieldsOfCopy(event.fields, copy?.fields), reminders: copy?.reminders ?? {} };
}

/** Returns the fields of a copy after an edit of another one: those of its own stay, the others are those of the edit. */
export function fieldsOfCopy(
  edited: StoredEvent['fields'],
  own: StoredEvent['fields'] | undefined,
): StoredEvent['fields'] {
  const { extendedProperties, ...shared } = sharedFields(edited);
  const fields: EventFields = { ...shared };
  for (const key of personal) {
    const value = own?.[key];
    if (value !== undefined) Object.assign(fields, { [key]: value });
  }
  const mine = own?.extendedProperties?.private;
  if (mine || extendedProperties)
    fields.extendedProperties = { ...(mine && { private: mine }), ...extendedProperties };
  return { ...fields, start: edited.start, end: edited.end };
}

/**
 * Returns whether a guest's edit only adds guests, which is allowed unless the organizer forbids it
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events, `guestsCanInviteOthers`).
 */
export function onlyInvites(
  self: string,
  before: StoredEvent['fields'],
  after: StoredEvent['fields'],
): boolean {
  if (before.guestsCanInviteOthers === false) return false;
  const invited = new Set(before.attendees?.map(({ email }) => email));
  const attendees = after.attendees?.filter(({ email }) => invited.has(email));
  return isDeepStrictEqual(sharedFields({ ...after, attendees }, self), sharedFields(before, self));
}

/** Propagates an attendee's response to the organizer's copy, and from there to all others. */
export function respond(store: Store, copy: StoredEvent, answer: Attendee): void {
  const calendar = store.calendars.get(copy.organizer.email);
  const event = calendar && !calendar.deleted ? findEvent(calendar, copy.id) : undefined;
  if (!calendar || !event || isCancelled(event)) return;
  const attendees = event.fields.attendees?.map((attendee) =>
    attendee.email === answer.email ? { ...attendee, ...answer } : attendee,
  );
  if (!attendees || isDeepStrictEqual(attendees, event.fields.attendees)) return;
  const next = {
    ...plainEvent(event),
    fields: { ...event.fields, attendees },
    updated: stamp(store, event),
  };
  calendar.events.put(next.id, next);
  distribute(store, calendar, event, next);
}
