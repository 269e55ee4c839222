/**
 * The query parameters of each method, typed as in the API definition. Routes receive only their own parameters, with valid
 * types; as with Google, unknown parameters are ignored.
 */
import { parseTimestamp } from '../event/times.ts';
import { invalid } from '../protocol/api-errors.ts';

/** The type of a value: `positive` is a whole number from 1 on, `version` is 0 or 1, a list of words is an enumeration. */
export type ParameterType = 'string' | 'positive' | 'version' | 'boolean' | 'date-time' | readonly string[];

const MAX_INT32 = 2 ** 31 - 1;

/** How the front end reads a boolean, in any case: measured on Google Drive, https://github.com/brekkylab/backlot/issues/339. */
const BOOLEANS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['true', 't', 'yes', 'y', '1'].map((word) => [word, 'true'])),
  ...Object.fromEntries(['false', 'f', 'no', 'n', '0'].map((word) => [word, 'false'])),
};

const page = { maxResults: 'positive', pageToken: 'string' } as const;
const synchronisable = { ...page, syncToken: 'string' } as const;
const notifying = { sendNotifications: 'boolean', sendUpdates: ['all', 'externalOnly', 'none'] } as const;
const versions = {
  conferenceDataVersion: 'version',
  eventLabelVersion: 'version',
  supportsAttachments: 'boolean',
} as const;
const writing = { ...notifying, ...versions, maxAttendees: 'positive' } as const;
const viewing = { alwaysIncludeEmail: 'boolean', maxAttendees: 'positive', timeZone: 'string' } as const;
const sharing = { sendNotifications: 'boolean' } as const;
const colouring = { colorRgbFormat: 'boolean' } as const;

const aclList = { ...synchronisable, showDeleted: 'boolean' } as const;

const calendarList = {
  ...synchronisable,
  minAccessRole: ['freeBusyReader', 'reader', 'writerWithoutPrivateAccess', 'writer', 'owner'],
  showDeleted: 'boolean',
  showHidden: 'boolean',
  showOwnOrganizationOnly: 'boolean',
} as const;

const events = {
  ...synchronisable,
  ...viewing,
  eventTypes: ['birthday', 'default', 'focusTime', 'fromGmail', 'outOfOffice', 'workingLocation'],
  iCalUID: 'string',
  orderBy: ['startTime', 'updated'],
  privateExtendedProperty: 'string',
  q: 'string',
  sharedExtendedProperty: 'string',
  showDeleted: 'boolean',
  showHiddenInvitations: 'boolean',
  singleEvents: 'boolean',
  timeMax: 'date-time',
  timeMin: 'date-time',
  updatedMin: 'date-time',
} as const;

/** Parameters by method id; other methods have none. The server handles those that all methods share (`alt`, `fields`, …). */
export const PARAMETERS: Readonly<Record<string, Readonly<Record<string, ParameterType>>>> = {
  'calendar.acl.insert': sharing,
  'calendar.acl.list': aclList,
  'calendar.acl.patch': sharing,
  'calendar.acl.update': sharing,
  'calendar.acl.watch': aclList,
  'calendar.calendarList.insert': colouring,
  'calendar.calendarList.list': calendarList,
  'calendar.calendarList.patch': colouring,
  'calendar.calendarList.update': colouring,
  'calendar.calendarList.watch': calendarList,
  'calendar.calendars.transferOwnership': { newDataOwner: 'string', useAdminAccess: 'boolean' },
  'calendar.events.delete': notifying,
  'calendar.events.get': viewing,
  'calendar.events.import': versions,
  'calendar.events.insert': writing,
  'calendar.events.instances': {
    ...page,
    ...viewing,
    originalStart: 'string',
    showDeleted: 'boolean',
    timeMax: 'date-time',
    timeMin: 'date-time',
  },
  'calendar.events.list': events,
  'calendar.events.move': { ...notifying, destination: 'string' },
  'calendar.events.patch': { ...writing, alwaysIncludeEmail: 'boolean' },
  'calendar.events.quickAdd': { ...notifying, text: 'string' },
  'calendar.events.update': { ...writing, alwaysIncludeEmail: 'boolean' },
  'calendar.events.watch': events,
  'calendar.settings.list': synchronisable,
  'calendar.settings.watch': synchronisable,
};

/**
 * Returns a method's own parameters from a query. Booleans are `true` or `false` in it, whichever way they were written.
 * @throws CalendarError 400 `invalid`, naming the first parameter of a wrong type or outside its range
 */
export function readParameters(method: string, query: URLSearchParams): URLSearchParams {
  const types = PARAMETERS[method] ?? {};
  const own = new URLSearchParams();
  for (const [name, value] of query) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) continue;
    if (type === 'date-time') parseTimestamp(value, name);
    else if (!fits(type, value)) throw invalid(name);
    own.append(name, type === 'boolean' ? (BOOLEANS[value.toLowerCase()] ?? value) : value);
  }
  return own;
}

function fits(type: Exclude<ParameterType, 'date-time'>, value: string): boolean {
  switch (type) {
    case 'positive':
      return /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= MAX_INT32;
    case 'version':
      return value === '0' || value === '1';
    case 'boolean':
      return Object.hasOwn(BOOLEANS, value.toLowerCase());
    case 'string':
      return true;
    default:
      return type.includes(value);
  }
}
