import { canonicalAddress } from '../protocol/address.ts';
import { badRequest, invalid, required } from '../protocol/api-errors.ts';
import { type Json, parseBody } from '../protocol/body.ts';
import { EventBody } from '../state/event-fields.ts';
import type { CalendarRecord } from '../state/records.ts';
import type { StoredEvent } from '../state/stored-event.ts';
import type { WriteContext } from './context.ts';
import { byICalUID } from './groups.ts';
import { stamp } from './invitations.ts';
import { normaliseFields } from './normalise.ts';
import { followSeries } from './tombstones.ts';
import { supported } from './write.ts';

/**
 * Imports a private copy of an event from elsewhere, identified by its iCalUID
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events/import). Throws 400 as insert does, without an
 * iCalUID, for any type but `default`, and for an event that the calendar's owner has no part in.
 */
export function importEvent(context: WriteContext, json: Json): StoredEvent {
  const { store, access } = context;
  const { calendar, user } = access;
  const body = parseBody(EventBody, json);
  if (!body.iCalUID) throw required('iCalUID', 'Missing iCalUID.');
  if ((body.eventType ?? 'default') !== 'default')
    throw invalid('eventType', 'Only events of the default type can be imported.');
  requireParticipant(calendar, body);
  const known = byICalUID(calendar.events, body.iCalUID).find(({ value }) => !value.recurringEventId)?.value;
  const { fields, reminders } = normaliseFields(supported(context, body, known), calendar);
  const now = store.clock.now();
  const event: StoredEvent = {
    id: known?.id ?? `_${store.newId(40)}`,
    iCalUID: body.iCalUID,
    fields,
    created: known?.created ?? Math.floor(now / 1000) * 1000,
    updated: stamp(store, known),
    sequence: body.sequence ?? known?.sequence ?? 0,
    creator: known?.creator ?? user,
    organizer: { ...body.organizer, email: canonicalAddress(body.organizer?.email ?? calendar.id) },
    reminders: { ...known?.reminders, ...(reminders && { [user]: reminders }) },
  };
  return store.together(() => {
    calendar.events.put(event.id, event);
    if (known) followSeries(store, access, event);
    return event;
  });
}

/** Google's words are from https://github.com/kewisch/gdata-provider/issues/1049. */
function requireParticipant(
  { id, dataOwner }: CalendarRecord,
  { organizer, attendees = [] }: EventBody,
): void {
  const addresses = [organizer?.email ?? id, ...attendees.map(({ email = '' }) => email)];
  if (addresses.map(canonicalAddress).some((address) => address === id || address === dataOwner)) return;
  throw badRequest(
    'participantIsNeitherOrganizerNorAttendee',
    'The owner of the calendar must either be the organizer or an attendee of an event that is imported.',
  );
}
