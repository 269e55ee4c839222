import { createHash } from 'node:crypto';

/** The four watchable collections of the Calendar API, and how each of them differs from the others. */
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

/** What is listed and watched: one resource of one user, for events and acl of one calendar (its canonical id). */
export interface Target {
  readonly user: string;
  readonly resource: Resource;
  readonly calendarId: string | null;
}

/** The list parameters that a sync token is bound to ("Synchronize resources efficiently": repeat the same query). */
export interface ListParameters {
  readonly singleEvents: boolean;
  readonly eventTypes: readonly EventType[];
}

/** True for the resources that live inside a calendar. */
export const isInCalendar = (resource: Resource): boolean => resource === 'events' || resource === 'acl';

/** Whether Google marks an item as deleted: each resource has a form of its own, and a setting has none. */
export function isDeleted(resource: Resource, item: Item): boolean {
  switch (resource) {
    case 'events':
      return item['status'] === 'cancelled';
    case 'acl':
      return item['role'] === 'none';
    case 'calendarList':
      return item['deleted'] === true;
    case 'settings':
      return false;
  }
}

/** Events on a page: two of these pages fit a small instance's memory, and most make one commit. Google allows 2,500. */
export const EVENTS_PAGE = 500;

/**
 * The query of a list call, the same for full and incremental lists. `showDeleted` is never sent: it may not be
 * false beside a sync token, and its default lists what a mirror needs. Page sizes are the largest but for events
 * (see {@link EVENTS_PAGE}). `showHidden` for calendarList: hidden calendars are part of the list.
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

/** The query of a watch call: a channel must announce the same event types that are listed. */
export function watchQuery(
  resource: Resource,
  parameters: ListParameters,
): Readonly<Record<string, unknown>> {
  return resource === 'events' && parameters.eventTypes.length > 0
    ? { eventTypes: parameters.eventTypes }
    : {};
}

/**
 * The `quotaUser` of a user's calls, at most 40 characters ("Usage limits"): without it all users of one
 * service account would share one quota. A hash, since addresses may be longer and belong in no log of queries.
 */
export const quotaUser = (user: string): string =>
  createHash('sha256').update(user).digest('hex').slice(0, 40);
