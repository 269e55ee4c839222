import { canonicalAddress } from '../protocol/address.ts';

/** The four resources of the API that have sync tokens and notification channels. */
export type Resource = 'events' | 'acl' | 'calendarList' | 'settings';

/** A list that can be synchronised and watched. Every channel and every sync token belongs to exactly one. */
export type Collection =
  | { readonly resource: 'events' | 'acl'; readonly calendarId: string }
  | { readonly resource: 'calendarList' | 'settings'; readonly user: string };

/** A mutation of a collection. As with Google, only the list methods tell what changed. */
export interface Change {
  readonly collection: Collection;
}

/** Returns a unique key of a collection. */
export function collectionKey(collection: Collection): string {
  return 'user' in collection
    ? `${collection.resource}/${collection.user}`
    : `${collection.resource}/${collection.calendarId}`;
}

/** Returns the collection with its address as the server keeps it. */
export const canonicalCollection = (collection: Collection): Collection =>
  'user' in collection
    ? { ...collection, user: canonicalAddress(collection.user) }
    : { ...collection, calendarId: canonicalAddress(collection.calendarId) };
