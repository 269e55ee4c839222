/** The fields of an event that a test writes and compares: not those that Google sets by itself, such as `etag`. Pure. */
import { withMoments } from '../../../../functions/calendar/event-times.ts';
import { differingFields, isObject, type Fields } from '../../../../functions/feed/differences.ts';

const WRITABLE = [
  'status',
  'summary',
  'description',
  'location',
  'colorId',
  'start',
  'end',
  'recurrence',
  'transparency',
  'visibility',
  'attendees',
  'anyoneCanAddSelf',
  'guestsCanInviteOthers',
  'guestsCanModify',
  'guestsCanSeeOtherGuests',
  'extendedProperties',
  'reminders',
  'source',
  'attachments',
  'eventType',
  'workingLocationProperties',
  'outOfOfficeProperties',
  'focusTimeProperties',
] as const;

/** Returns the fields that a call can write. Of a guest, Google decides who it is. */
export function writableOf(event: Fields): Fields {
  return Object.fromEntries(
    WRITABLE.flatMap((name) => {
      const value = event[name];
      if (value === undefined) return [];
      return [[name, name === 'attendees' && Array.isArray(value) ? value.map(guestOf) : value]];
    }),
  );
}

/** Returns the fields that a patch must write so that `before` becomes `after`: null for one that is removed. */
export function patchOf(before: Fields, after: Fields): Fields {
  const [old, now] = [writableOf(before), writableOf(after)];
  const names = differingFields({ before: old, after: now });
  return Object.fromEntries(names.map((name) => [name, now[name] ?? null]));
}

/** Returns what a test compares: writable fields, times as moments. The test that is written contains the same function. */
export const comparableOf = (event: Fields): Fields => withMoments(writableOf(event));

/** `self`, `organizer` and `id` depend on who reads. */
function guestOf(guest: unknown): unknown {
  if (!isObject(guest)) return guest;
  const { self: _self, organizer: _organizer, id: _id, ...rest } = guest;
  return rest;
}

/** The same as `comparableOf`, as source for the test that is written. */
export const COMPARABLE_SOURCE = `/** What is compared: not what Google sets by itself, such as \`etag\` and \`updated\`. */
const FIELDS = ${JSON.stringify(WRITABLE).replaceAll('"', "'").replaceAll(',', ', ')};

interface Event extends Record<string, unknown> {
  start?: { dateTime?: string };
  end?: { dateTime?: string };
  attendees?: Record<string, unknown>[];
}

function comparable(event: Event): object {
  const fields: Event = {};
  for (const name of FIELDS) if (event[name] !== undefined) fields[name] = event[name];
  for (const name of ['start', 'end'] as const) {
    const time = fields[name];
    if (time?.dateTime) fields[name] = { ...time, dateTime: new Date(time.dateTime).toISOString() };
  }
  if (fields.attendees)
    fields.attendees = fields.attendees.map(({ self, organizer, id, ...guest }) => guest);
  return fields;
}`;
