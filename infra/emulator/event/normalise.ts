import { canonicalAddress } from '../protocol/address.ts';
import { invalid, badRequest, required, timeRangeEmpty } from '../protocol/api-errors.ts';
import type { CalendarRecord } from '../state/records.ts';
import { checkBirthday } from './birthday.ts';
import type { Attendee, ConferenceData, EventFields, Reminders } from '../state/event-fields.ts';
import { checkRecurrence } from './recurrence.ts';
import type { StoredEvent } from '../state/stored-event.ts';
import { normaliseTime, toInstant } from './times.ts';

/**
 * Google's limits for extended properties, see https://developers.google.com/workspace/calendar/api/guides/extended-properties.
 */
const KEY_LENGTH = 44;
const VALUE_LENGTH = 1024;
const MAX_PROPERTIES = 300;
const MAX_BYTES = 32 * 1024;

/** Values that are the same as an absent field. */
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
 * Returns the fields of an event as they are stored, and separately its reminders. `before` is the event that is changed. Throws
 * 400: `required` for a missing start, end, time zone or address, `timeRangeEmpty` for an end before the start, `invalid` and
 * Calendar's own reasons for invalid values.
 */
export function normaliseFields(
  { reminders, ...given }: EventFields,
  calendar: CalendarRecord,
  before?: StoredEvent,
): { fields: StoredEvent['fields']; reminders: Reminders | undefined } {
  const { timeZone } = calendar.fields;
  const start = normaliseTime(given.start, 'start', timeZone);
  const end = normaliseTime(given.end, 'end', timeZone);
  if ((start.date === undefined) !== (end.date === undefined)) throw invalid('end', 'Invalid end time.');
  if (toInstant(end, 'UTC') < toInstant(start, 'UTC')) throw timeRangeEmpty('end');
  if (given.recurrence?.length) {
    // A recurrence rule counts only in the zone that the client names.
    const named = given.start?.date !== undefined || given.start?.timeZone !== undefined;
    if (!named) throw required('start.timeZone', 'Missing time zone definition for start time.');
    checkRecurrence({ start, end, recurrence: given.recurrence });
  }
  checkReminders(reminders);
  checkEventType(given, calendar, before);
  checkSource(given);
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
      ...(given.eventType === 'birthday' && {
        birthdayProperties: { type: 'birthday', ...given.birthdayProperties },
      }),
      ...(given.recurrence?.length && { recurrence: given.recurrence }),
      ...(given.attendees?.length && { attendees: normaliseAttendees(given.attendees, before) }),
      ...(properties && { extendedProperties: properties }),
    },
    reminders:
      reminders && (reminders.overrides?.length || reminders.useDefault !== true)
        ? { ...reminders, useDefault: false }
        : undefined,
  };
}

/**
 * The URL of a source must be a web address (https://developers.google.com/workspace/calendar/api/v3/reference/events,
 * `source.url`).
 */
function checkSource({ source }: EventFields): void {
  if (source?.url !== undefined && !/^https?:\/\//i.test(source.url))
    throw invalid('source.url', 'Invalid source URL.');
}

function checkReminders(reminders: Reminders | undefined): void {
  if (reminders?.useDefault === true && reminders.overrides?.length)
    throw badRequest(
      'cannotUseDefaultRemindersAndSpecifyOverride',
      'Cannot specify both default reminders and overrides at the same time.',
    );
}

/** Status events exist on primary calendars only (https://developers.google.com/workspace/calendar/api/guides/event-types). */
function checkEventType(
  fields: EventFields,
  calendar: CalendarRecord,
  before: StoredEvent | undefined,
): void {
  const type = fields.eventType ?? 'default';
  if (type === 'default') return;
  if (type === 'fromGmail' && !before)
    throw invalid('eventType', 'Events of type fromGmail cannot be created.');
  if (!calendar.primary) throw invalid('eventType', `Events of type ${type} need a primary calendar.`);
  if (type === 'birthday') checkBirthday(fields, before);
  if (type === 'workingLocation' && !fields.workingLocationProperties)
    throw required('workingLocationProperties');
  if ((type === 'focusTime' || type === 'outOfOffice') && fields.start?.dateTime === undefined)
    throw invalid('start', `Events of type ${type} cannot take a whole day.`);
}

/** An attendee is a resource from the start or not at all (https://developers.google.com/workspace/calendar/api/v3/reference/events). */
function normaliseAttendees(attendees: readonly Attendee[], before: StoredEvent | undefined): Attendee[] {
  const known = new Map(before?.fields.attendees?.map((attendee) => [attendee.email, attendee]));
  const byEmail = new Map<string, Attendee>();
  for (const attendee of attendees) {
    if (!attendee.email) throw required('attendees.email', 'Missing attendee email.');
    if (!/^[^\s@]+@[^\s@]+$/.test(attendee.email))
      throw invalid('attendees.email', 'Invalid attendee email.');
    const email = canonicalAddress(attendee.email);
    const { resource: asked, ...own } = attendee;
    const resource = known.has(email) ? known.get(email)?.resource : asked;
    byEmail.set(email, {
      ...own,
      ...(resource !== undefined && { resource }),
      email,
      responseStatus: attendee.responseStatus ?? 'needsAction',
    });
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
  const all = [...Object.entries(own ?? {}), ...Object.entries(shared ?? {})];
  if (Buffer.byteLength(all.flat().join('')) > MAX_BYTES)
    throw invalid('extendedProperties', 'The extended properties are too large.');
  return own || shared ? { ...(own && { private: own }), ...(shared && { shared }) } : undefined;
}

function limit(map: Record<string, string> | undefined): Record<string, string> | undefined {
  const kept = Object.entries(map ?? {})
    .filter(([key]) => key.length <= KEY_LENGTH)
    .map(([key, value]): [string, string] => [key, value.slice(0, VALUE_LENGTH)]);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/**
 * Creates a requested conference. Its `id` is three groups of letters, like Meet's. A request with the id of the one `before` is
 * ignored, and so is one in conference data that is copied from another event
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events, `conferenceData.createRequest`).
 */
export function createConference(
  data: ConferenceData,
  id: string,
  before: ConferenceData | undefined,
): ConferenceData {
  const { createRequest, entryPoints } = data;
  if (!createRequest) return data;
  if (entryPoints && (!before || data.conferenceId !== before.conferenceId)) return data;
  if (before?.createRequest && createRequest.requestId === before.createRequest.requestId)
    return entryPoints ? data : before;
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
