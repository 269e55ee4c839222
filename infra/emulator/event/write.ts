import { isDeepStrictEqual } from 'node:util';
import { canonicalAddress } from '../protocol/address.ts';
import { duplicate, forbidden, forbiddenForNonOrganizer, invalid, notFound } from '../protocol/api-errors.ts';
import type { Store } from '../state/store.ts';
import type { Access } from '../state/access.ts';
import { type WriteContext, requireEvent } from './context.ts';
import { type Json, mergePatch, parseBody } from '../protocol/body.ts';
import { EventBody, type EventFields } from '../state/event-fields.ts';
import { byICalUID } from './groups.ts';
import { findEvent } from './instances.ts';
import {
  distribute,
  fieldsOfCopy,
  isOrganizer,
  onlyInvites,
  respond,
  sharedFields,
  stamp,
} from './invitations.ts';
import { createConference, normaliseFields } from './normalise.ts';
import { removeEvent } from './remove.ts';
import { type StoredEvent, isCancelled, plainEvent } from '../state/stored-event.ts';
import { followSeries } from './tombstones.ts';
import { seesDetails } from './view.ts';
import { restrictSeries, visibilityAfter } from './visibility.ts';

/**
 * Inserts an event (https://developers.google.com/workspace/calendar/api/v3/reference/events/insert). Throws 400 for invalid
 * fields, 409 `duplicate` if the id or the iCalUID is taken, possibly by a deleted event.
 */
export function insertEvent(context: WriteContext, json: Json): StoredEvent {
  const { store, access } = context;
  const { calendar, user } = access;
  const body = parseBody(EventBody, json);
  // An empty id counts as absent: gcalcli inserts rows of a table, whose id is empty.
  const { id: given = '' } = body;
  const allowed = context.seeding ? /^[^/]{0,1024}$/ : /^(?:[a-v0-9]{5,1024})?$/;
  if (!allowed.test(given)) throw invalid('id', 'Invalid resource id value.');
  if (calendar.events.get(given)) throw duplicate();
  // As users of gcalcli see it, which inserts what it imports: https://github.com/insanum/gcalcli/issues/730
  if (body.iCalUID !== undefined && byICalUID(calendar.events, body.iCalUID).length > 0) throw duplicate();
  const id = given === '' ? store.newId(26) : given;
  const now = store.clock.now();
  const { fields, reminders } = normaliseFields(supported(context, body, undefined), calendar);
  const event: StoredEvent = {
    id,
    iCalUID: body.iCalUID ?? `${id}@google.com`,
    fields,
    created: Math.floor(now / 1000) * 1000,
    updated: now,
    sequence: body.sequence ?? 0,
    creator: user,
    organizer: {
      email: calendar.id,
      ...(!calendar.primary && { displayName: calendar.fields.summary }),
    },
    reminders: reminders ? { [user]: reminders } : {},
  };
  return save(store, access, undefined, event);
}

/**
 * Updates or patches an event (https://developers.google.com/workspace/calendar/api/v3/reference/events/update,
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/patch). Throws 403 `forbiddenForNonOrganizer` if an
 * attendee changes a shared property, 400 as insert does and for a change of the type.
 */
export function changeEvent(
  context: WriteContext,
  id: string,
  json: Json,
  how: 'update' | 'patch',
): StoredEvent {
  const { store, access } = context;
  const { calendar, user } = access;
  const before = plainEvent(requireEvent(access, id));
  if (!seesDetails(access, before)) throw forbidden();
  if (before.withdrawn) throw notFound();
  const writable = { ...before.fields, reminders: before.reminders[user] };
  const answer = answerOnly(json, before);
  const body = parseBody(EventBody, how === 'patch' ? mergePatch(writable, answer) : answer);
  if (body.sequence !== undefined && body.sequence < before.sequence)
    throw invalid(
      'sequence',
      'Invalid sequence value. The specified sequence number is below the current sequence number of the resource.',
    );
  const eventType = before.fields.eventType ?? 'default';
  if ((body.eventType ?? eventType) !== eventType)
    throw invalid('eventType', 'The event type cannot be changed.');
  if (before.recurringEventId && body.recurrence?.length)
    throw invalid('recurrence', 'An instance of a recurring event cannot recur itself.');
  if (body.status === 'cancelled') return removeEvent(context, id);

  const visibility = visibilityAfter(before, body.visibility);
  const given = supported(context, { ...body, eventType, visibility }, before);
  const { fields, reminders } = normaliseFields(given, calendar, before);
  const { [user]: _, ...others } = before.reminders;
  const next: StoredEvent = {
    ...before,
    fields,
    reminders: reminders ? { ...others, [user]: reminders } : others,
    sequence: Math.max(body.sequence ?? 0, before.sequence + (isRescheduled(before, fields) ? 1 : 0)),
  };
  return store.together(() => {
    // What an occurrence hides, its series hides: that alone does not make an exception.
    const { recurringEventId: series } = before;
    const hides = series !== undefined && fields.visibility !== before.fields.visibility;
    const compared = hides ? { ...before.fields, visibility: fields.visibility } : before.fields;
    if (!isDeepStrictEqual(fields, compared))
      save(store, access, before, { ...next, updated: stamp(store, before) });
    // Reminders do not affect `updated` or the etag, but a change of them is still a change.
    else if (!isDeepStrictEqual(next.reminders, before.reminders)) calendar.events.put(id, next);
    if (hides) restrictSeries(store, calendar, series, fields.visibility);
    return findEvent(calendar, id) ?? next;
  });
}

/** Writes a changed or new event: for all attendees from the organizer's copy, for one user from an attendee's. */
function save(
  store: Store,
  access: Access,
  before: StoredEvent | undefined,
  after: StoredEvent,
): StoredEvent {
  const { calendar } = access;
  return store.together(() => {
    if (before && !isOrganizer(calendar, before)) return saveGuestCopy(store, access, before, after);
    calendar.events.put(after.id, after);
    if (before && (isCancelled(before) || isRescheduled(before, after.fields)))
      followSeries(store, access, after);
    distribute(store, calendar, before, after);
    return after;
  });
}

function saveGuestCopy(store: Store, access: Access, before: StoredEvent, after: StoredEvent): StoredEvent {
  const { calendar } = access;
  if (!isDeepStrictEqual(sharedFields(before.fields, calendar.id), sharedFields(after.fields, calendar.id))) {
    const original = store.calendars.get(before.organizer.email);
    const isAllowed =
      before.fields.guestsCanModify === true || onlyInvites(calendar.id, before.fields, after.fields);
    if (!isAllowed || !original || original.deleted) throw forbiddenForNonOrganizer();
    const theirs = findEvent(original, before.id);
    if (!theirs) throw notFound();
    calendar.events.put(after.id, after);
    save(store, { ...access, calendar: original }, theirs, {
      ...theirs,
      fields: fieldsOfCopy(after.fields, theirs.fields),
      sequence: after.sequence,
      updated: stamp(store, theirs),
    });
    return findEvent(calendar, after.id) ?? after;
  }
  calendar.events.put(after.id, after);
  const self = after.fields.attendees?.find(({ email }) => email === calendar.id);
  if (self) respond(store, after, self);
  return after;
}

const isRescheduled = (before: StoredEvent, fields: StoredEvent['fields']): boolean =>
  !isDeepStrictEqual(
    [before.fields.start, before.fields.end, before.fields.recurrence],
    [fields.start, fields.end, fields.recurrence],
  );

/** With `attendeesOmitted`, a write replaces only the attendees it names; the others stay. */
function answerOnly(json: Json, before: StoredEvent): Json {
  if (json['attendeesOmitted'] !== true) return json;
  const { attendees } = parseBody(EventBody.pick({ attendees: true }), json);
  const given = new Map(
    attendees?.map((attendee) => [attendee.email && canonicalAddress(attendee.email), attendee]),
  );
  const merged = before.fields.attendees?.map((attendee) => ({ ...attendee, ...given.get(attendee.email) }));
  return { ...json, attendees: merged ?? [] };
}

/**
 * Ignores fields that the client did not declare support for (conferences, attachments and labels), immutable fields, and the source
 * of an event that someone else has created
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events, `eventLabelId`, `privateCopy`, `source`).
 */
export function supported(
  { store, access, query, seeding = false }: WriteContext,
  { id: _id, iCalUID: _uid, sequence: _sequence, organizer: _organizer, ...fields }: EventBody,
  before: StoredEvent | undefined,
): EventFields {
  const conferences = query.get('conferenceDataVersion') === '1';
  const attachments = query.get('supportsAttachments') === 'true';
  const labels = query.get('eventLabelVersion') === '1';
  const conferenceData = conferences
    ? fields.conferenceData &&
      createConference(fields.conferenceData, meetingCode(store), before?.fields.conferenceData)
    : before?.fields.conferenceData;
  return {
    ...fields,
    conferenceData,
    attachments: attachments ? fields.attachments : before?.fields.attachments,
    // Labels supersede the color for clients that know them.
    colorId: labels && !seeding ? before?.fields.colorId : fields.colorId,
    eventLabelId: labels ? fields.eventLabelId || undefined : before?.fields.eventLabelId,
    source: before && before.creator !== access.user ? before.fields.source : fields.source,
    privateCopy: before ? before.fields.privateCopy : fields.privateCopy,
  };
}

const meetingCode = (store: Store): string => {
  const letters = store.newId(10).replaceAll(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
  return `${letters.slice(0, 3)}-${letters.slice(3, 7)}-${letters.slice(7)}`;
};
