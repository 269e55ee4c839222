import { alreadyDeleted, forbidden } from '../refusals.ts';
import type { Store } from '../store.ts';
import type { Access } from '../state/access.ts';
import { type WriteContext, requireEvent } from './context.ts';
import { exceptionsOf, findEvent } from './instances.ts';
import { distribute, isOrganizer, respond, stamp } from './invitations.ts';
import { type StoredEvent, isCancelled } from './stored.ts';
import { seesDetails } from './view.ts';

/**
 * "Events: delete", for series with all their exceptions; an occurrence becomes a cancelled exception. Throws 410
 * `deleted` on what is deleted already.
 */
export function removeEvent({ store, access }: WriteContext, id: string): StoredEvent {
  const { calendar } = access;
  const before = requireEvent(access, id);
  if (isCancelled(before)) throw alreadyDeleted();
  if (!seesDetails(access, before)) throw forbidden();
  return store.together(() => {
    for (const exception of exceptionsOf(calendar, id)) cancel(store, access, exception);
    const self = before.fields.attendees?.find(({ email }) => email === calendar.id);
    if (self && !isOrganizer(calendar, before))
      respond(store, before, { ...self, responseStatus: 'declined' });
    return cancel(store, access, findEvent(calendar, id) ?? before);
  });
}

/** Makes an event a tombstone here, and withdraws it from its guests. */
export function cancel(
  store: Store,
  { calendar }: Access,
  before: StoredEvent,
  tombstone: { readonly withdrawn?: boolean } = {},
): StoredEvent {
  const fields = { ...before.fields, status: 'cancelled' as const };
  const after = { ...before, ...tombstone, fields, updated: stamp(store, before) };
  calendar.events.put(before.id, after);
  distribute(store, calendar, before, after);
  return after;
}
