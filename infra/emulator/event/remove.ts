import { alreadyDeleted, forbidden } from '../protocol/api-errors.ts';
import { requireDeletable } from './birthday.ts';
import { type WriteContext, requireEvent } from './context.ts';
import { exceptionsOf, findEvent } from './instances.ts';
import { isOrganizer, respond } from './invitations.ts';
import { type StoredEvent, isCancelled } from '../state/stored-event.ts';
import { cancel, endException } from './tombstones.ts';
import { seesDetails } from './view.ts';

/**
 * Deletes an event (https://developers.google.com/workspace/calendar/api/v3/reference/events/delete), a series with all its
 * exceptions. A deleted occurrence becomes a cancelled exception. Throws 410 `deleted` if it is deleted already.
 */
export function removeEvent({ store, access }: WriteContext, id: string): StoredEvent {
  const { calendar } = access;
  const before = requireEvent(access, id);
  if (isCancelled(before)) throw alreadyDeleted();
  if (!seesDetails(access, before)) throw forbidden();
  requireDeletable(before);
  return store.together(() => {
    for (const exception of exceptionsOf(calendar, id)) endException(store, access, exception);
    const self = before.fields.attendees?.find(({ email }) => email === calendar.id);
    if (self && !isOrganizer(calendar, before))
      respond(store, before, { ...self, responseStatus: 'declined' });
    return cancel(store, access, findEvent(calendar, id) ?? before);
  });
}
