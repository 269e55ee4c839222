/** Values for every field of the API's requests, and the requests that they are part of. */

type Json = Readonly<Record<string, unknown>>;

const TIMED = {
  summary: 'Base',
  start: { dateTime: '2030-01-07T09:00:00Z' },
  end: { dateTime: '2030-01-07T10:00:00Z' },
};
const WHOLE_DAY = { summary: 'Base', start: { date: '2030-01-07' }, end: { date: '2030-01-09' } };
const FREE = { transparency: 'transparent', visibility: 'public' };
const LOCATION = { eventType: 'workingLocation', ...WHOLE_DAY, ...FREE, end: { date: '2030-01-08' } };

/** Bodies that the fields below a path need around them. The first that fits counts. */
const CONTEXTS: Readonly<Record<string, readonly (readonly [path: string, body: Json])[]>> = {
  AclRule: [['', { role: 'reader', scope: { type: 'user', value: 'guest@example.com' } }]],
  Calendar: [
    [
      'workingHours',
      {
        summary: 'Base',
        workingHours: {
          workingHoursEnabled: true,
          availableTimes: [{ dayOfWeek: 'monday', periodStart: 60, periodEnd: 120 }],
        },
      },
    ],
    [
      'labelProperties',
      { summary: 'Base', labelProperties: { eventLabels: [{ backgroundColor: '#ffffff' }] } },
    ],
    ['', { summary: 'Base' }],
  ],
  CalendarListEntry: [
    ['defaultReminders', { defaultReminders: [{ method: 'popup', minutes: 5 }] }],
    [
      'notificationSettings',
      { notificationSettings: { notifications: [{ type: 'eventCreation', method: 'email' }] } },
    ],
    ['', {}],
  ],
  Channel: [['', { id: 'channel-1', type: 'web_hook', address: 'http://127.0.0.1:9/' }]],
  Event: [
    ['attachments', { ...TIMED, attachments: [{ fileUrl: 'https://example.com/file' }] }],
    ['attendees', { ...TIMED, attendees: [{ email: 'guest@example.com' }] }],
    [
      'birthdayProperties',
      {
        ...WHOLE_DAY,
        end: { date: '2030-01-08' },
        eventType: 'birthday',
        visibility: 'private',
        transparency: 'transparent',
        recurrence: ['RRULE:FREQ=YEARLY'],
      },
    ],
    ['conferenceData.createRequest', { ...TIMED, conferenceData: { createRequest: { requestId: 'base' } } }],
    [
      'conferenceData',
      {
        ...TIMED,
        conferenceData: { entryPoints: [{ entryPointType: 'video', uri: 'https://example.com/call' }] },
      },
    ],
    ['end.dateTime', TIMED],
    ['end.date', WHOLE_DAY],
    ['eventType', { ...TIMED }],
    ['focusTimeProperties', { ...TIMED, eventType: 'focusTime' }],
    ['outOfOfficeProperties', { ...TIMED, eventType: 'outOfOffice' }],
    ['recurrence', { ...TIMED, start: { ...TIMED.start, timeZone: 'UTC' } }],
    ['reminders.useDefault', { ...TIMED, reminders: { overrides: [{ method: 'popup', minutes: 3 }] } }],
    [
      'reminders',
      { ...TIMED, reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 3 }] } },
    ],
    ['source', { ...TIMED, source: { url: 'https://example.com/', title: 'Base' } }],
    ['start.dateTime', TIMED],
    ['start.date', WHOLE_DAY],
    [
      'workingLocationProperties.homeOffice',
      { ...LOCATION, workingLocationProperties: { type: 'homeOffice' } },
    ],
    [
      'workingLocationProperties.customLocation',
      { ...LOCATION, workingLocationProperties: { type: 'customLocation' } },
    ],
    ['workingLocationProperties', { ...LOCATION, workingLocationProperties: { type: 'officeLocation' } }],
    ['', TIMED],
  ],
  FreeBusyRequest: [
    [
      '',
      {
        timeMin: '2030-01-07T00:00:00Z',
        timeMax: '2030-01-08T00:00:00Z',
        items: [{ id: 'primary' }, { id: 'other@example.com' }],
      },
    ],
  ],
};

/** Values of fields that take no text, or only certain texts. */
const VALUES: Readonly<Record<string, unknown>> = {
  'AclRule.role': 'writer',
  'AclRule.scope.type': 'group',
  'AclRule.scope.value': 'other@example.com',
  'Calendar.labelProperties.eventLabels[].backgroundColor': '#0088aa',
  'Calendar.labelProperties.eventLabels[].id': '5fa1c0de-0000-4000-8000-000000000000',
  'Calendar.timeZone': 'Europe/Warsaw',
  'Calendar.workingHours.availableTimes[].dayOfWeek': 'friday',
  'Calendar.workingHours.availableTimes[].periodEnd': 180,
  'Calendar.workingHours.availableTimes[].periodStart': 30,
  'Calendar.workingHours.workingHoursEnabled': false,
  'CalendarListEntry.backgroundColor': '#0088aa',
  'CalendarListEntry.colorId': '7',
  'CalendarListEntry.defaultReminders[].method': 'email',
  'CalendarListEntry.foregroundColor': '#ffffff',
  'Channel.address': 'http://example.com/not-on-this-machine',
  'Channel.expiration': '4102444800000',
  'Channel.type': 'sms',
  'Event.attachments[].fileUrl': 'https://example.com/other',
  'Event.attendees[].email': 'other@example.com',
  'Event.attendees[].responseStatus': 'tentative',
  'Event.birthdayProperties.type': 'birthday',
  'Event.conferenceData.createRequest.conferenceSolutionKey.type': 'hangoutsMeet',
  'Event.conferenceData.createRequest.status.statusCode': 'failure',
  'Event.conferenceData.entryPoints[].entryPointType': 'phone',
  'Event.conferenceData.entryPoints[].uri': 'https://example.com/other',
  'Event.colorId': '3',
  'Event.creator.self': false,
  'Event.end.date': '2030-01-10',
  'Event.end.dateTime': '2030-01-07T11:00:00Z',
  'Event.end.timeZone': 'Europe/Warsaw',
  'Event.eventType': 'focusTime',
  'Event.focusTimeProperties.autoDeclineMode': 'declineNone',
  'Event.focusTimeProperties.chatStatus': 'doNotDisturb',
  'Event.guestsCanInviteOthers': false,
  'Event.guestsCanSeeOtherGuests': false,
  'Event.id': 'sample5',
  'Event.organizer.email': 'other@example.com',
  'Event.organizer.self': false,
  'Event.outOfOfficeProperties.autoDeclineMode': 'declineNone',
  'Event.recurrence[]': 'RRULE:FREQ=DAILY;COUNT=2',
  'Event.reminders.overrides[].method': 'email',
  'Event.reminders.useDefault': false,
  'Event.source.url': 'https://example.com/other',
  'Event.start.date': '2030-01-06',
  'Event.start.dateTime': '2030-01-07T08:00:00Z',
  'Event.start.timeZone': 'Europe/Warsaw',
  'Event.status': 'tentative',
  'Event.transparency': 'transparent',
  'Event.visibility': 'private',
  'Event.workingLocationProperties.homeOffice': { any: 'thing' },
  'Event.workingLocationProperties.type': 'officeLocation',
  'FreeBusyRequest.calendarExpansionMax': 1,
  'FreeBusyRequest.items[].id': 'unknown@example.com',
  'FreeBusyRequest.timeMax': '2030-01-07T09:30:00Z',
  'FreeBusyRequest.timeMin': '2030-01-07T09:30:00Z',
  'FreeBusyRequest.timeZone': 'Europe/Warsaw',
};

const BY_TYPE: Readonly<Record<string, unknown>> = {
  'string/date': '2030-03-03',
  'string/date-time': '2030-03-03T03:03:03Z',
  'integer/int32': 7,
  boolean: true,
};

/** Returns a value that is not the field's default. */
export const valueOf = (path: string, type: string): unknown => VALUES[path] ?? BY_TYPE[type] ?? 'sample';

/** Returns the body that a field needs around it. */
export function contextOf(path: string): Json {
  const [schema = '', ...names] = path.split('.');
  const below = names.join('.');
  const found = CONTEXTS[schema]?.find(([prefix]) => below.startsWith(prefix));
  if (!found) throw new Error(`No context for ${path}`);
  return found[1];
}

/** The steps of a path after its schema; `0` is the first element of a list, and the key of a map is `ttl`, which channels know. */
const stepsOf = (path: string): readonly string[] =>
  path
    .split('.')
    .slice(1)
    .flatMap((name) => (name.endsWith('[]') ? [name.slice(0, -2), '0'] : [name === '*' ? 'ttl' : name]));

/** Returns a copy of a body with a field. */
export const withField = (body: Json, path: string, value: unknown): Json => ({
  ...body,
  ...put(body, stepsOf(path), value),
});

function put(at: unknown, [step = '', ...rest]: readonly string[], value: unknown): object {
  const there = typeof at === 'object' && at !== null ? at : {};
  const copy = step === '0' ? Object.values(there) : { ...there };
  Reflect.set(copy, step, rest.length === 0 ? value : put(Reflect.get(copy, step), rest, value));
  return copy;
}

/** Returns the value of a field, or undefined without one. */
export const fieldOf = (body: unknown, path: string): unknown =>
  stepsOf(path).reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    body,
  );
