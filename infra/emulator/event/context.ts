import { notFound } from '../protocol/api-errors.ts';
import type { Store } from '../state/store.ts';
import type { Access } from '../state/access.ts';
import { findEvent } from './instances.ts';
import type { StoredEvent } from '../state/stored-event.ts';

/** The caller, the calendar and the parameters of a write. */
export interface WriteContext {
  readonly store: Store;
  readonly access: Access;
  readonly query: URLSearchParams;
  /** Whether a seed is written, which may be taken from Google: ids have any form, and a label does not supersede a color. */
  readonly seeding?: boolean;
}

/** Returns the event with that id. Throws 404 if there is none. */
export function requireEvent({ calendar }: Access, id: string): StoredEvent {
  const event = findEvent(calendar, id);
  if (!event) throw notFound();
  return event;
}
