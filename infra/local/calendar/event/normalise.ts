import { invalid, refused, required, timeRangeEmpty } from '../refusals.ts';
import type { CalendarRecord } from '../state/records.ts';
import type { Attendee, ConferenceData, EventFields, Reminders } from './fields.ts';
import { checkRecurrence } from './recurrence.ts';
import type { StoredEvent } from './stored.ts';
import { normaliseTime, toInstant } from './times.ts';

/** What Google stores of an extended property ("Extended properties", limits). */
const KEY_LENGTH = 44;
const VALUE_LENGTH = 1024;
const MAX_PROPERTIES = 300;

/** Values that mean the same as saying nothing. */
const defaults: Readonly<Record<string, unknown>> = {
  transparency: 'opaque',
  visibility: 'default',
  eventType: 'default',
  anyoneCanAddSelf: false,
  endTimeUnspecified: false,
  guestsCanInviteOthers: true,
  guestsCanModify: false,
  guestsCanSeeOtherGuests: true,
  privateCopy: false,
};

/**
 * The fields of an event as they are stored, and its reminders apart. Throws 400: `required` for a start, an end,
 * a time zone or an address that is missing, `timeRangeEmpty` for an end before the start, `invalid` and
 * Calendar's own reasons for what can never be.
 */
export function normaliseFields(
  { reminders, ...given }: EventFields,
  calendar: CalendarRecord,
): { fields: StoredEvent['fields']; reminders: Reminders | undefined } {
  const { timeZone } = calendar.fields;
  const start = normaliseTime(given.start, 'start', timeZone);
  const end = normaliseTime(given.end, 'end', timeZone);
  if ((start.date === undefined) !== (end.date === undefined)) throw invalid('end', 'Invalid end time.');
  const length = toInstant(end, 'UTC') - toInstant(start, 'UTC');
  if (length < 0 || (start.date !== undefined && length === 0)) throw timeRangeEmpty('end');
  if (given.recurrence?.length) {
    // The rule counts in the zone that the client names, or not at all.
    const named = given.start?.date !== undefined || given.start?.timeZone !== undefined;
    if (!named) throw required('start.timeZone', 'Missing time zone definition for start time.');
    checkRecurrence({ start, end, recurrence: given.recurrence });
  }
  checkReminders(reminders);
  checkEventType(given, calendar);
  if (given.colorId !== undefined && !/^([1-9]|1[01])$/.test(given.colorId)) throw invalid('colorId');

  const kept = Object.entries(given).filter(([key, value]) => value !== undefined && defaults[key] !== value);
  const fields: EventFields = Object.fromEntries(kept);
  delete fields.recurrence;
  delete fields.attendees;
  delete fields.extendedProperties;
  const properties = normaliseProperties(given.extendedProperties);
  return {
    fields: {
      ...fields,
      start,
      end,
      status: given.status ?? 'confirmed',
      ...(given.recurrence?.length && { recurrence: given.recurrence }),
      ...(given.attendees?.length && { attendees: normaliseAttendees(given.attendees) }),
      ...(properties && { extendedProperties: properties }),
    },
    reminders:
      reminders && (reminders.overrides?.length || reminders.useDefault !== true) ? reminders : undefined,
  };
}

function checkReminders(reminders: Reminders | undefined): void {
  if (reminders?.useDefault === true && reminders.overrides?.length)
    throw refused(
      'cannotUseDefaultRemindersAndSpecifyOverride',
      'Cannot specify both default reminders and overrides at the same time.',
    );
}

/** Status events live on primary calendars only, birthdays are whole days every year ("Event types"). */
function checkEventType(fields: EventFields, calendar: CalendarRecord): void {
  const type = fields.eventType ?? 'default';
  if (type === 'default') return;
  if (type === 'fromGmail') throw invalid('eventType', 'Events of type fromGmail cannot be created.');
  if (!calendar.primary) throw invalid('eventType', `Events of type ${type} need a primary calendar.`);
  if (type === 'birthday' && fields.start?.date === undefined)
    throw invalid('start', 'A birthday takes a whole day.');
  if (type === 'birthday' && !fields.recurrence?.some((line) => /FREQ=YEARLY/i.test(line)))
    throw invalid('recurrence', 'A birthday recurs every year.');
  if (type === 'workingLocation' && !fields.workingLocationProperties)
    throw required('workingLocationProperties');
  if ((type === 'focusTime' || type === 'outOfOffice') && fields.start?.dateTime === undefined)
    throw invalid('start', `Events of type ${type} cannot take a whole day.`);
}

function normaliseAttendees(attendees: readonly Attendee[]): Attendee[] {
  const byEmail = new Map<string, Attendee>();
  for (const attendee of attendees) {
    if (!attendee.email) throw required('attendees.email', 'Missing attendee email.');
    if (!/^[^\s@]+@[^\s@]+$/.test(attendee.email))
      throw invalid('attendees.email', 'Invalid attendee email.');
    const email = attendee.email.toLowerCase();
    byEmail.set(email, { ...attendee, email, responseStatus: attendee.responseStatus ?? 'needsAction' });
  }
  return [...byEmail.values()];
}

function normaliseProperties(
  properties: EventFields['extendedProperties'],
): EventFields['extendedProperties'] {
  const own = limit(properties?.private);
  const shared = limit(properties?.shared);
  const count = Object.keys(own ?? {}).length + Object.keys(shared ?? {}).length;
  if (count > MAX_PROPERTIES) throw invalid('extendedProperties', 'Too many extended properties.');
  return own || shared ? { ...(own && { private: own }), ...(shared && { shared }) } : undefined;
}

function limit(map: Record<string, string> | undefined): Record<string, string> | undefined {
  const kept = Object.entries(map ?? {})
    .filter(([key]) => key.length <= KEY_LENGTH)
    .map(([key, value]): [string, string] => [key, value.slice(0, VALUE_LENGTH)]);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** A conference that was asked for, made on the spot; `id` is three groups of letters, as Meet has them. */
export function createConference(data: ConferenceData, id: string): ConferenceData {
  const { createRequest } = data;
  if (!createRequest || data.entryPoints) return data;
  if (!createRequest.requestId) throw required('conferenceData.createRequest.requestId');
  const type = createRequest.conferenceSolutionKey?.type ?? 'hangoutsMeet';
  if (type !== 'hangoutsMeet') throw invalid('conferenceData', 'Invalid conference type value.');
  return {
    createRequest: {
      ...createRequest,
      conferenceSolutionKey: { type },
      status: { statusCode: 'success' },
    },
    conferenceId: id,
    conferenceSolution: { key: { type }, name: 'Google Meet' },
    entryPoints: [
      { entryPointType: 'video', uri: `https://meet.google.com/${id}`, label: `meet.google.com/${id}` },
    ],
  };
}
