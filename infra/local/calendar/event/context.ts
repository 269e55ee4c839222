import { notFound } from '../refusals.ts';
import type { Store } from '../store.ts';
import type { Access } from '../state/access.ts';
import { findEvent } from './instances.ts';
import type { StoredEvent } from './stored.ts';

/** Who writes where, and with which parameters. */
export interface WriteContext {
  readonly store: Store;
  readonly access: Access;
  readonly query: URLSearchParams;
  /** Whether ids that only Google itself would give are accepted, as a seed needs that was taken from there. */
  readonly anyId?: boolean;
}

/** The event with that id. Throws 404 where there is none. */
export function requireEvent({ calendar }: Access, id: string): StoredEvent {
  const event = findEvent(calendar, id);
  if (!event) throw notFound();
  return event;
}
