import type { Resource } from '../resources.ts';

/** The least that listing and watching a resource needs ("Choose Google Calendar API scopes"): read-only, one each. */
export const SCOPES: Readonly<Record<Resource, string>> = {
  events: 'https://www.googleapis.com/auth/calendar.events.readonly',
  acl: 'https://www.googleapis.com/auth/calendar.acls.readonly',
  calendarList: 'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
  settings: 'https://www.googleapis.com/auth/calendar.settings.readonly',
};
