/** The four resources of the API that have sync tokens and notification channels. */
export type Resource = 'events' | 'acl' | 'calendarList' | 'settings';

/** One list that can be synchronised and watched: every channel and every sync token belongs to exactly one. */
export type Collection =
  | { readonly resource: 'events' | 'acl'; readonly calendarId: string }
  | { readonly resource: 'calendarList' | 'settings'; readonly user: string };

/** One mutation of one collection. What changed in it is for the list methods to say, as with Google. */
export interface Change {
  readonly collection: Collection;
}

/** A collection as a string: equal for equal collections, different for different ones. */
export function collectionKey(collection: Collection): string {
  return 'user' in collection
    ? `${collection.resource}/${collection.user}`
    : `${collection.resource}/${collection.calendarId}`;
}
