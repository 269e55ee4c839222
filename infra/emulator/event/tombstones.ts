import type { Store } from '../state/store.ts';
import type { Access } from '../state/access.ts';
import { exceptionsOf, occursAt } from './instances.ts';
import { distribute, stamp } from './invitations.ts';
import { type StoredEvent, isCancelled, plainEvent } from '../state/stored-event.ts';
import { toInstant } from './times.ts';

/** Turns an event into a tombstone, and removes it from its attendees' calendars. */
export const cancel = (
  store: Store,
  access: Access,
  before: StoredEvent,
  tombstone: Pick<StoredEvent, 'lost'> = {},
): StoredEvent => putStatus(store, access, before, 'cancelled', tombstone);

/** Cancels an exception because the occurrence that it changes has ended. It returns with the occurrence, unless it was cancelled before. */
export function endException(store: Store, access: Access, exception: StoredEvent): void {
  const lost = isCancelled(exception) ? exception.lost : exception.fields.status;
  cancel(store, access, exception, lost === undefined ? {} : { lost });
}

/** Ends the exceptions of occurrences that a changed series no longer has, and restores those of occurrences that it has again. */
export function followSeries(store: Store, access: Access, series: StoredEvent): void {
  for (const exception of exceptionsOf(access.calendar, series.id)) {
    const { originalStartTime, lost } = exception;
    if (!originalStartTime) continue;
    const occurs = occursAt(series, toInstant(originalStartTime, 'UTC'));
    if (!occurs && !isCancelled(exception)) endException(store, access, exception);
    if (occurs && lost !== undefined) putStatus(store, access, exception, lost);
  }
}

/** Changes the status of an event, also in its attendees' calendars. */
function putStatus(
  store: Store,
  { calendar }: Access,
  before: StoredEvent,
  status: NonNullable<StoredEvent['lost']>,
  tombstone: Pick<StoredEvent, 'lost'> = {},
): StoredEvent {
  const fields = { ...before.fields, status };
  const after = { ...plainEvent(before), ...tombstone, fields, updated: stamp(store, before) };
  calendar.events.put(before.id, after);
  distribute(store, calendar, before, after);
  return after;
}
