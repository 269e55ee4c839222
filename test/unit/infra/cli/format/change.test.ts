/** Descriptions of changes, as `calendar-mirror tail` prints them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatChange } from '../../../../../infra/cli/format/change.ts';
import type { Change } from '../../../../../functions/feed/change.ts';
import { anyText } from '../../../../support/any-text.ts';

/** The reader's time zone. */
const ZONE = 'Europe/Zurich';

type Fields = Readonly<Record<string, unknown>>;

function change(given: Partial<Change>): Change {
  return {
    watchId: 'w',
    user: 'ada@example.com',
    resource: 'events',
    calendarId: 'ada@example.com',
    itemId: 'item',
    change: 'updated',
    kinds: [],
    sequence: 1,
    before: null,
    after: null,
    occurredAt: '2030-01-01T00:00:00.000Z',
    ...given,
  };
}

const at = (day: number, time: string, offset = '+01:00') => ({
  dateTime: `2030-01-0${String(day)}T${time}:00${offset}`,
});
const date = (day: number) => ({ date: `2030-01-0${String(day)}` });
const review: Fields = { summary: 'Review', start: at(1, '10:00'), end: at(1, '11:00') };
const allDay: Fields = { summary: 'Review', start: date(1), end: date(2) };
const guest = (email: string, responseStatus = 'needsAction') => ({ email, responseStatus });

const updated = (resource: Change['resource'], before: Fields, after: Fields): string =>
  formatChange(change({ resource, before, after }), ZONE);

describe('an event that was edited', () => {
  test.each<[string, Fields, Fields, string]>([
    [
      'moved by an hour',
      review,
      { ...review, start: at(1, '11:00'), end: at(1, '12:00') },
      'moved from 10:00 to 11:00 +01:00',
    ],
    [
      'moved to another day',
      review,
      { ...review, start: at(3, '10:00'), end: at(3, '11:00') },
      'moved from Tue 2030-01-01 10:00 to Thu 2030-01-03 10:00 +01:00',
    ],
    [
      'moved and lengthened',
      review,
      { ...review, start: at(1, '11:00'), end: at(1, '14:00') },
      'moved from 10:00 to 11:00 +01:00, now until 14:00 +01:00',
    ],
    [
      'the same times in another zone',
      review,
      { ...review, start: at(1, '10:00', 'Z'), end: at(1, '11:00', 'Z') },
      'moved from 10:00 to 11:00 +01:00',
    ],
    [
      'another time zone at the same moments',
      { ...review, start: { ...at(1, '10:00'), timeZone: 'Europe/Zurich' } },
      { ...review, start: { ...at(1, '09:00', 'Z'), timeZone: 'Europe/London' } },
      'time zone now Europe/London',
    ],
    [
      'moved to summer time',
      review,
      {
        ...review,
        start: { dateTime: '2030-07-01T10:00:00+02:00' },
        end: { dateTime: '2030-07-01T11:00:00+02:00' },
      },
      'moved from Tue 2030-01-01 10:00 +01:00 to Mon 2030-07-01 10:00 +02:00',
    ],
    ['a later end', review, { ...review, end: at(1, '11:30') }, 'now ends at 11:30 +01:00 (was 11:00)'],
    [
      'an end on the next day',
      review,
      { ...review, end: at(2, '01:00') },
      'now ends at Wed 2030-01-02 01:00 +01:00 (was Tue 2030-01-01 11:00)',
    ],
    ['made all-day', review, allDay, 'now all day Tue 2030-01-01 (was Tue 2030-01-01 10:00 +01:00)'],
    ['given times of day', allDay, review, 'now Tue 2030-01-01 10:00–11:00 +01:00 (was all day)'],
    [
      'an all-day event moved',
      allDay,
      { ...allDay, start: date(4), end: date(5) },
      'moved from Tue 2030-01-01 to Fri 2030-01-04',
    ],
    [
      'an all-day event lengthened',
      allDay,
      { ...allDay, end: date(4) },
      'now Tue 2030-01-01 to Thu 2030-01-03 (was Tue 2030-01-01)',
    ],
    [
      'another location',
      { ...review, location: 'A1' },
      { ...review, location: 'B2' },
      'location changed from A1 to B2',
    ],
    ['a location', review, { ...review, location: 'B2' }, 'location set to B2'],
    ['without a location', { ...review, location: 'A1' }, review, 'location removed (was A1)'],
    [
      'a long text',
      { ...review, description: 'x'.repeat(50) },
      { ...review, description: 'y'.repeat(50) },
      'description changed',
    ],
    [
      'reminders',
      { ...review, reminders: { useDefault: true } },
      { ...review, reminders: { useDefault: false } },
      'reminders changed',
    ],
    ['an attendee', review, { ...review, attendees: [guest('bo@x.org')] }, 'bo@x.org invited'],
    [
      'many attendees',
      review,
      { ...review, attendees: ['a', 'b', 'c', 'd', 'e'].map((name) => guest(`${name}@x.org`)) },
      'a@x.org and b@x.org and c@x.org and 2 more invited',
    ],
    [
      'an attendee removed',
      { ...review, attendees: [guest('bo@x.org')] },
      review,
      'bo@x.org no longer invited',
    ],
    [
      'a response',
      { ...review, attendees: [guest('bo@x.org')] },
      { ...review, attendees: [guest('bo@x.org', 'accepted')] },
      'bo@x.org accepted',
    ],
    ['cancelled', review, { id: 'item', status: 'cancelled' }, 'cancelled'],
    ['restored', { ...review, status: 'cancelled' }, { ...review, status: 'confirmed' }, 'restored'],
    ['tentative', { ...review, status: 'confirmed' }, { ...review, status: 'tentative' }, 'now tentative'],
    [
      'only fields that change with every edit',
      review,
      { ...review, etag: 'b', updated: 'later', sequence: 2 },
      'changed',
    ],
    [
      'several changes',
      review,
      { ...review, summary: 'Retro', start: at(1, '11:00'), end: at(1, '12:00'), location: 'B2' },
      'renamed from “Review”, moved from 10:00 to 11:00 +01:00, location set to B2',
    ],
  ])('%s', (_, before, after, text) => {
    const name = text.startsWith('renamed') ? '“Retro”' : '“Review”';
    expect(updated('events', before, after)).toBe(`${name} ${text}`);
  });
});

describe('a change of', () => {
  test.each<[string, Partial<Change>, string]>([
    [
      'an event that was created',
      { change: 'created', after: review },
      '“Review” Tue 2030-01-01 10:00–11:00 +01:00',
    ],
    ['an event in a first sync', { change: 'snapshot', after: allDay }, '“Review” Tue 2030-01-01'],
    ['an event that was deleted', { change: 'deleted', before: review }, '“Review” deleted'],
    [
      'an event too large',
      { after: review, omitted: ['before'] },
      '“Review” changed (without before, too large)',
    ],
    [
      'a rule that was created',
      { resource: 'acl', change: 'created', after: { role: 'reader', scope: { value: 'bo@x.org' } } },
      'bo@x.org as reader',
    ],
    [
      'a rule',
      {
        resource: 'acl',
        before: { role: 'reader', scope: { value: 'bo@x.org' } },
        after: { role: 'writer', scope: { value: 'bo@x.org' } },
      },
      'bo@x.org now writer (was reader)',
    ],
    [
      'a calendar-list entry',
      {
        resource: 'calendarList',
        before: { summary: 'Team', colorId: '3' },
        after: { summary: 'Team', colorId: '7' },
      },
      '“Team” colorId changed from 3 to 7',
    ],
    [
      'a setting',
      { resource: 'settings', itemId: 'locale', before: { value: 'de' }, after: { value: 'en' } },
      'locale changed from de to en',
    ],
    [
      'a setting in a first sync',
      { resource: 'settings', itemId: 'locale', change: 'snapshot', after: { value: 'de' } },
      'locale is de',
    ],
  ])('%s', (_, given, text) => {
    expect(formatChange(change(given), ZONE)).toBe(text);
  });
});

test('a change of any items is one printable line', () => {
  const fields = fc.dictionary(
    fc.constantFrom(
      'summary',
      'start',
      'end',
      'attendees',
      'status',
      'location',
      'role',
      'scope',
      'value',
      '\u001B[2J',
    ),
    fc.oneof(
      anyText(),
      fc.anything({ maxDepth: 1 }),
      fc.record({ dateTime: fc.string(), date: fc.string() }, { requiredKeys: [] }),
      fc.array(fc.record({ email: anyText(), responseStatus: fc.string() })),
      fc.constant('a\u001B[31m\r\nb'),
    ),
  );
  const kinds = fc.record({
    resource: fc.constantFrom<Change['resource']>('events', 'acl', 'calendarList', 'settings'),
    change: fc.constantFrom<Change['change']>('created', 'updated', 'deleted', 'snapshot'),
    itemId: anyText(),
    before: fc.option(fields),
    after: fc.option(fields),
  });
  fc.assert(
    fc.property(kinds, (given) => {
      const text = formatChange(change(given), ZONE);
      expect(text).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E]/u);
    }),
  );
});
