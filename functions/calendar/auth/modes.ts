import type { Resource } from '../resources.ts';

/** How calls to Google Calendar are authorized, unless a watch's `spec.auth` overrides it. */
export const AUTH_MODES = ['service-account', 'delegation', 'oauth', 'emulator'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** Where refresh tokens are kept with `oauth`. */
export const TOKEN_STORES = ['secret-manager', 'firestore'] as const;
export type TokenStoreName = (typeof TOKEN_STORES)[number];

/**
 * The narrowest scope that lists and watches each resource.
 * @see https://developers.google.com/workspace/calendar/api/auth
 */
export const SCOPES: Readonly<Record<Resource, string>> = {
  events: 'https://www.googleapis.com/auth/calendar.events.readonly',
  acl: 'https://www.googleapis.com/auth/calendar.acls.readonly',
  calendarList: 'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
  settings: 'https://www.googleapis.com/auth/calendar.settings.readonly',
};
