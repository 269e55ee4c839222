import { duplicate, forbiddenForNonOrganizer, invalid, badRequest } from '../protocol/api-errors.ts';
import type { Access } from '../state/access.ts';
import { type WriteContext, requireEvent } from './context.ts';
import { exceptionsOf } from './instances.ts';
import { distribute, isOrganizer, stamp } from './invitations.ts';
import { type StoredEvent, isCancelled, plainEvent } from '../state/stored-event.ts';
import { cancel, endException } from './tombstones.ts';

/**
 * Moves an event to another organizer, with its exceptions
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events/move). The old calendar keeps only its id. Throws 400
 * for an occurrence and for any type but `default`, 403 on an attendee's copy, 409 if the destination has another event with that
 * id.
 */
export function moveEvent({ store, access }: WriteContext, id: string, to: Access): StoredEvent {
  const { calendar } = access;
  const event = requireEvent(access, id);
  if (event.recurringEventId)
    throw badRequest(
      'cannotChangeOrganizerOfInstance',
      'Cannot change the organizer of an instance of a recurring event.',
    );
  if ((event.fields.eventType ?? 'default') !== 'default' || isCancelled(event))
    throw invalid('eventId', 'Only events of the default type can be moved.');
  if (!isOrganizer(calendar, event)) throw forbiddenForNonOrganizer();
  if (to.calendar === calendar) return event;
  const taken = to.calendar.events.get(id)?.value;
  if (taken && !taken.withdrawn && taken.iCalUID !== event.iCalUID) throw duplicate();

  return store.together(() => {
    const transfer = (verbatim: StoredEvent): StoredEvent => {
      const before = plainEvent(verbatim);
      const there = to.calendar.events.get(before.id)?.value;
      const { withdrawn: _, ...rest } = before;
      const moved: StoredEvent = {
        ...rest,
        organizer: {
          email: to.calendar.id,
          ...(!to.calendar.primary && { displayName: to.calendar.fields.summary }),
        },
        updated: Math.max(stamp(store, before), stamp(store, there)),
      };
      to.calendar.events.put(moved.id, moved);
      const fields = { ...before.fields, status: 'cancelled' as const };
      calendar.events.put(before.id, { ...before, fields, withdrawn: true, updated: stamp(store, before) });
      distribute(store, to.calendar, before, moved);
      return moved;
    };
    const exceptions = exceptionsOf(calendar, id);
    const moved = transfer(event);
    exceptions.forEach(transfer);
    return moved;
  });
}

/** Deletes all events of a calendar (https://developers.google.com/workspace/calendar/api/v3/reference/calendars/clear). */
export function clearEvents({ store, access }: WriteContext): void {
  store.together(() => {
    for (const { value } of access.calendar.events.entries()) {
      if (isCancelled(value)) continue;
      if (value.recurringEventId === undefined) cancel(store, access, value);
      else endException(store, access, value);
    }
  });
}
