import { createHash } from 'node:crypto';

/** The four watchable collections of the Calendar API, and how they differ. */
export const RESOURCES = ['events', 'acl', 'calendarList', 'settings'] as const;
export type Resource = (typeof RESOURCES)[number];

/** Values of `eventTypes` that Google documents for events.list and events.watch. */
export const EVENT_TYPES = [
  'birthday',
  'default',
  'focusTime',
  'fromGmail',
  'outOfOffice',
  'workingLocation',
] as const;
type EventType = (typeof EVENT_TYPES)[number];

/** An event, ACL rule, calendar-list entry or setting as Google returned it. */
export type Item = Readonly<Record<string, unknown>> & { readonly id: string };

/** A watchable collection: a resource of one user; for events and acl, of one calendar by its canonical id. */
export interface Target {
  readonly user: string;
  readonly resource: Resource;
  readonly calendarId: string | null;
}

/**
 * The list parameters that a sync token is bound to: incremental syncs must repeat them.
 * @see https://developers.google.com/workspace/calendar/api/guides/sync
 */
export interface ListParameters {
  readonly singleEvents: boolean;
  readonly eventTypes: readonly EventType[];
}

/** Returns whether a resource belongs to a calendar. */
export const isInCalendar = (resource: Resource): boolean => resource === 'events' || resource === 'acl';

/** How Google marks a deleted item of each resource; settings have no way. */
const DELETED: Readonly<Record<Resource, (item: Readonly<Record<string, unknown>>) => boolean>> = {
  events: ({ status }) => status === 'cancelled',
  acl: ({ role }) => role === 'none',
  calendarList: ({ deleted }) => deleted === true,
  settings: () => false,
};

/** Returns whether Google marks an item as deleted. */
export const isDeleted = (resource: Resource, item: Readonly<Record<string, unknown>>): boolean =>
  DELETED[resource](item);

/** Events per page: two pages fit the memory of a small instance, and most pages make one commit. Google allows 2,500. */
export const EVENTS_PAGE = 500;

/**
 * Returns the query of a list call, the same for full and incremental lists. `showDeleted` is never sent: it may not be false with a
 * sync token, and its default lists what a mirror needs. Pages have the maximum size, except for events (see {@link EVENTS_PAGE}).
 * `showHidden` includes the hidden calendars of a calendar list.
 */
export function listQuery(resource: Resource, parameters: ListParameters): Readonly<Record<string, unknown>> {
  switch (resource) {
    case 'events':
      return {
        maxResults: EVENTS_PAGE,
        ...(parameters.singleEvents ? { singleEvents: true } : {}),
        ...watchQuery(resource, parameters),
      };
    case 'calendarList':
      return { maxResults: 250, showHidden: true };
    case 'acl':
    case 'settings':
      return { maxResults: 250 };
  }
}

/** Returns the query of a watch call: a channel must announce the event types that are listed. */
export function watchQuery(
  resource: Resource,
  parameters: ListParameters,
): Readonly<Record<string, unknown>> {
  return resource === 'events' && parameters.eventTypes.length > 0
    ? { eventTypes: parameters.eventTypes }
    : {};
}

/**
 * Returns the `quotaUser` of a user's calls, at most 40 characters. Without it all users of a service account would share one quota.
 * It is a hash, because addresses may be longer, and should not appear in logs of queries.
 * @see https://developers.google.com/workspace/calendar/api/guides/quota
 */
export const quotaUser = (user: string): string =>
  createHash('sha256').update(user).digest('hex').slice(0, 40);
