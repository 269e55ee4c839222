import { badRequest } from '../protocol/api-errors.ts';
import type { EventFields } from '../state/event-fields.ts';
import type { StoredEvent } from '../state/stored-event.ts';

/**
 * Birthdays as clients may write them, see https://developers.google.com/workspace/calendar/api/guides/event-types. Two
 * rejections use the reason and the words that clients have seen: for an annual recurrence and extended properties
 * (https://github.com/phw198/OutlookGoogleCalendarSync/issues/2021 and comments of public clients), and for changes of what
 * Google maintains itself (https://github.com/kellylford/QuickMail/issues/294). The others are worded in the same style.
 */

const rejected = (rule: string) => badRequest('eventTypeRestriction', `'birthday' event type must ${rule}.`);

/** Fields that other events have and birthdays do not. */
const foreign = [
  ['attendees', 'attendees'],
  ['location', 'a location'],
  ['description', 'a description'],
  ['conferenceData', 'conference data'],
  ['attachments', 'attachments'],
  ['source', 'a source'],
] as const;

const DAY = 86_400_000;

/**
 * Throws 400 `eventTypeRestriction` if a birthday is not a private, transparent all-day event every year, or has a field that
 * birthdays do not have. `before` is the event that is changed; an occurrence has no recurrence of its own.
 */
export function checkBirthday(fields: EventFields, before: StoredEvent | undefined): void {
  const { start, end, extendedProperties } = fields;
  if (start?.date === undefined || end?.date === undefined || daysOf(start.date, end.date) > 1)
    throw rejected('be an all-day event that spans exactly one day');
  if (fields.visibility !== 'private') throw rejected('have private visibility');
  if (fields.transparency !== 'transparent') throw rejected('be transparent');
  if (before?.recurringEventId === undefined && !isAnnual(fields.recurrence, start.date))
    throw rejected('have an annual recurrence');
  for (const side of ['private', 'shared'] as const)
    if (Object.keys(extendedProperties?.[side] ?? {}).length > 0)
      throw rejected(`not have ${side} extended properties`);
  for (const [name, words] of foreign) if (!isEmpty(fields[name])) throw rejected(`not have ${words}`);
  const type = before?.fields.birthdayProperties?.type ?? 'birthday';
  if ((fields.birthdayProperties?.type ?? type) !== type)
    throw rejected(`have birthdayProperties of type ${type}`);
}

/** Every year without an end. A birthday on 29 February is on the last day of that month. */
function isAnnual(recurrence: readonly string[] | undefined, date: string): boolean {
  const [line = '', ...more] = recurrence ?? [];
  const parts = line
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')
    .filter((part) => part !== 'INTERVAL=1');
  const expected = date.endsWith('-02-29') ? 'BYMONTH=2;BYMONTHDAY=-1;FREQ=YEARLY' : 'FREQ=YEARLY';
  return more.length === 0 && parts.toSorted().join(';') === expected;
}

const daysOf = (start: string, end: string): number => (Date.parse(end) - Date.parse(start)) / DAY;

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * Throws 400 `eventTypeRestriction` for a birthday that Google maintains, from a contact or a profile: the API cannot delete it.
 * Only `putVerbatim` can create such a birthday.
 */
export function requireDeletable({ fields, verbatim }: StoredEvent): void {
  if (fields.eventType !== 'birthday') return;
  const properties = verbatim?.['birthdayProperties'];
  const linked = typeof properties === 'object' && properties !== null && 'contact' in properties;
  if (linked || (fields.birthdayProperties?.type ?? 'birthday') !== 'birthday')
    throw badRequest(
      'eventTypeRestriction',
      "Attempt made to modify 'birthday' event in a way that is not valid for this event type.",
    );
}
