import type { CalendarRecord } from '../state/records.ts';
import { eventTag } from '../state/etag.ts';
import type { Store } from '../state/store.ts';
import type { Json } from '../protocol/body.ts';
import { EventDateTime, EventFields } from '../state/event-fields.ts';
import { stamp } from './invitations.ts';
import type { StoredEvent } from '../state/stored-event.ts';
import { NEVER, normaliseTime, parseTimestamp, showTime, spanOf } from './times.ts';

/**
 * Events that a test puts in as they are: served as given, whatever the API would say of them. What the emulator needs to know
 * (when an event takes place, whether it recurs, …) is read from them on a best-effort basis.
 */

/**
 * Puts an event into a calendar exactly as given, replacing the event with the same id. It counts as an edit: incremental lists
 * include it, and channels are notified. A missing id, `kind` or `etag` is added. Returns the event as it is served.
 */
export function putVerbatim(store: Store, calendar: CalendarRecord, given: Json): Json {
  const id = stringOf(given['id']) ?? store.newId(26);
  const before = calendar.events.get(id)?.value;
  const now = stamp(store, before);
  const updated = timestampOf(given['updated']) ?? now;
  const verbatim: Json = { kind: 'calendar#event', etag: eventTag(updated), ...given, id };
  const series = stringOf(given['recurringEventId']);
  const originalStartTime = timeOf(given['originalStartTime'], calendar);
  const event: StoredEvent = {
    id,
    iCalUID: stringOf(given['iCalUID']) ?? `${id}@google.com`,
    fields: fieldsOf(given, calendar),
    created: timestampOf(given['created']) ?? updated,
    updated,
    sequence: Number.isSafeInteger(given['sequence']) ? Number(given['sequence']) : 0,
    creator: emailOf(given['creator']) ?? calendar.dataOwner,
    organizer: { email: emailOf(given['organizer']) ?? calendar.id },
    reminders: {},
    ...(series !== undefined && { recurringEventId: series }),
    ...(originalStartTime && { originalStartTime }),
    verbatim,
  };
  calendar.events.put(id, event);
  return verbatim;
}

/** Returns a verbatim event, or an occurrence of a verbatim series, as it is served; the same to every caller. */
export function showVerbatim(event: StoredEvent, verbatim: Json, timeZone: string): Json {
  const cancelled = event.fields.status === 'cancelled';
  if (event.id === verbatim['id']) return cancelled ? { ...verbatim, status: 'cancelled' } : verbatim;
  const occurrence = {
    id: event.id,
    recurringEventId: event.recurringEventId,
    originalStartTime: event.originalStartTime && showTime(event.originalStartTime, timeZone),
  };
  const { recurrence: _, ...fields } = verbatim;
  if (cancelled) return { kind: fields['kind'], etag: fields['etag'], status: 'cancelled', ...occurrence };
  const { start, end } = event.fields;
  return { ...fields, ...occurrence, start: showTime(start, timeZone), end: showTime(end, timeZone) };
}

/** Returns every field with a valid value. An event without readable times takes place at no time and does not recur. */
function fieldsOf(given: Json, calendar: CalendarRecord): StoredEvent['fields'] {
  const read = Object.entries(EventFields.shape).flatMap(([name, schema]) => {
    const parsed = schema.safeParse(given[name]);
    return parsed.success && parsed.data !== undefined ? [[name, parsed.data] as const] : [];
  });
  const fields = EventFields.parse(Object.fromEntries(read));
  const start = timeOf(given['start'], calendar);
  if (!start) return { ...fields, start: NEVER, end: NEVER, recurrence: undefined };
  return { ...fields, start, end: timeOf(given['end'], calendar) ?? start };
}

/** Returns a time as it is stored, without an unknown time zone. Undefined if it cannot be parsed. */
function timeOf(given: unknown, { fields: { timeZone } }: CalendarRecord): EventDateTime | undefined {
  const whole = EventDateTime.safeParse(given);
  const time = EventDateTime.pick({ dateTime: true }).safeParse(given);
  for (const { data } of [whole, time]) {
    const read = data && attempt(() => normaliseTime(data, 'start', timeZone));
    if (read && attempt(() => spanOf({ start: read, end: read }, timeZone))) return read;
  }
  return undefined;
}

const timestampOf = (given: unknown): number | undefined =>
  typeof given === 'string' ? attempt(() => parseTimestamp(given, 'updated')) : undefined;

const stringOf = (given: unknown): string | undefined =>
  typeof given === 'string' && given !== '' ? given : undefined;

const emailOf = (given: unknown): string | undefined =>
  typeof given === 'object' && given !== null && 'email' in given ? stringOf(given.email) : undefined;

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
