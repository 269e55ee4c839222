/**
 * What the emulator does not serve of the API, with the reason. Everything else of the definition is served; tests compare both with
 * the running emulator.
 */

/** `ignored`: accepted without effect. `refused`: answered with an error. `served`: with a remark. */
export interface Exception {
  readonly state: 'served' | 'ignored' | 'refused';
  readonly why: string;
}

const served = (why: string): Exception => ({ state: 'served', why });
const ignored = (why: string): Exception => ({ state: 'ignored', why });

/** Parameters of all methods, also those that the definition does not have. */
export const SYSTEM_PARAMETERS: Readonly<Record<string, Exception>> = {
  access_token: served('the bearer token, as in the header'),
  oauth_token: served('the bearer token, as in the header'),
  key: served('an API key alone reads public calendars'),
  alt: served('`json` only, in any case; `media`, `proto` and others are 400'),
  callback: served('JSONP, for GET'),
  '$.xgafv': served('`1` or `2`, without a difference, as in Google Drive; others are 400'),
  fields: served('an unknown field is 400'),
  prettyPrint: served('`false` and `0`; other values count as `true`, errors are always indented'),
  quotaUser: served('at most 40 characters'),
  userIp: served('as `quotaUser`, which replaces it'),
  upload_protocol: ignored('no method of this API uploads'),
  uploadType: ignored('no method of this API uploads'),
};

const NO_MAIL = ignored('validated; the emulator sends no mail');
const NO_FILTER = ignored('of watch methods: validated, but notifications are not filtered');

/** Query parameters, by name or by method and name. */
export const PARAMETERS: Readonly<Record<string, Exception>> = {
  alwaysIncludeEmail: ignored('deprecated; Google ignores it too'),
  sendNotifications: NO_MAIL,
  sendUpdates: NO_MAIL,
  showHiddenInvitations: ignored('validated; no invitation is hidden'),
  showOwnOrganizationOnly: ignored('validated; accounts have no organization'),
  ...Object.fromEntries(
    ['acl', 'calendarList', 'events', 'settings'].map((resource) => [`${resource}.watch`, NO_FILTER]),
  ),
};

const OF_SERVER = ignored('set by the server');

/** Fields of requests, by schema and path; a path stands for all below it. Fields that the definition calls read-only are not listed. */
export const REQUEST_FIELDS: Readonly<Record<string, Exception>> = {
  'AclRule.etag': OF_SERVER,
  'AclRule.id': OF_SERVER,
  'AclRule.kind': OF_SERVER,
  'Calendar.etag': OF_SERVER,
  'Calendar.id': OF_SERVER,
  'Calendar.kind': OF_SERVER,
  'CalendarListEntry.conferenceProperties': ignored('belongs to the calendar'),
  'CalendarListEntry.etag': OF_SERVER,
  'CalendarListEntry.kind': OF_SERVER,
  'Channel.kind': OF_SERVER,
  'Channel.params': served('`ttl` only'),
  'Channel.payload': ignored('validated; notifications of this API have no body'),
  'Channel.resourceId': served('in `channels.stop`'),
  'Channel.resourceUri': OF_SERVER,
  'Event.attendeesOmitted': ignored(
    'except in `update` and `patch`: the attendees that they do not name stay',
  ),
  'Event.colorId': served('without `eventLabelVersion=1`, with which labels supersede it'),
  'Event.conferenceData.parameters': ignored('no add-ons'),
  'Event.etag': OF_SERVER,
  'Event.gadget': ignored('deprecated'),
  'Event.kind': OF_SERVER,
  'Event.iCalUID': served('in `insert` and `import`'),
  'Event.id': served('in `insert`'),
  'Event.locked': OF_SERVER,
  'Event.organizer.displayName': served('in `import`'),
  'Event.organizer.email': served('in `import`'),
  'Event.originalStartTime': ignored('set by the server, also in `import`'),
  'Event.recurringEventId': ignored('set by the server, also in `import`'),
  'FreeBusyRequest.groupExpansionMax': ignored('validated; there are no groups'),
};

/** Fields that are never answered, or only in events that a control route has put in. */
export const RESPONSE_FIELDS: Readonly<Record<string, string>> = {
  'Channel.address': 'Google does not answer it either',
  'Channel.params': 'Google does not answer it either',
  'Channel.payload': 'Google does not answer it either',
  'Channel.type': 'Google does not answer it either',
  'Event.attachments[].fileId': 'no Drive',
  'Event.attendees[].asyncOperation': 'no large groups',
  'Event.birthdayProperties.contact': 'no contacts',
  'Event.birthdayProperties.customTypeName': 'no contacts',
  'Event.conferenceData.parameters': 'no add-ons',
  'Event.creator.displayName': 'no profiles',
  'Event.creator.id': 'no profiles',
  'Event.gadget': 'deprecated',
  'Event.locked': 'no event is locked',
  'Event.organizer.id': 'no profiles',
  'FreeBusyResponse.groups': 'no groups',
};
