/** Changes of all resources in English. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentenceOf } from '../../../../functions/feed/sentence.ts';
import type { Change } from '../../../../functions/feed/change.ts';
import { anyText } from '../../../support/any-text.ts';
import { sampleChange } from '../../../support/sample-change.ts';

/** The reader's time zone. */
const ZONE = 'Europe/Zurich';

type Fields = Readonly<Record<string, unknown>>;

const change = (given: Partial<Change>): Change => ({ ...sampleChange(null, null), kinds: [], ...given });

const at = (day: number, time: string) => ({ dateTime: `2030-01-0${String(day)}T${time}:00+01:00` });
const review: Fields = { summary: 'Review', start: at(1, '10:00'), end: at(1, '11:00') };
const allDay: Fields = { summary: 'Review', start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };

describe('a new exception of a series', () => {
  const exception: Fields = { ...review, recurringEventId: 'weekly', originalStartTime: at(1, '10:00') };
  test.each<[string, Fields, readonly string[], string]>([
    [
      'moved',
      { ...exception, start: at(1, '12:00'), end: at(1, '13:00') },
      ['moved'],
      '“Review” moved from 10:00 to 12:00 +01:00',
    ],
    [
      'lengthened',
      { ...exception, end: at(1, '12:00') },
      ['resized'],
      '“Review” now Tue 2030-01-01 10:00–12:00 +01:00',
    ],
    [
      'renamed and answered',
      exception,
      ['renamed', 'responded'],
      '“Review” renamed, an attendee changed the response',
    ],
    ['elsewhere', { ...exception, location: 'B2' }, ['location'], '“Review” location changed'],
    [
      'cancelled',
      { ...exception, status: 'cancelled' },
      ['cancelled'],
      '“Review” cancelled (was Tue 2030-01-01 10:00 +01:00)',
    ],
    ['no different', exception, ['touched'], '“Review” Tue 2030-01-01 10:00–11:00 +01:00'],
    ['whose series is not known', exception, [], '“Review” Tue 2030-01-01 10:00–11:00 +01:00'],
  ])('%s', (_, after, kinds, text) => {
    const given = change({ change: 'created', after, kinds: [...kinds] });
    expect(sentenceOf(given, { timeZone: ZONE })).toBe(text);
  });
});

describe('a sentence', () => {
  const moved = change({ before: review, after: { ...review, start: at(1, '11:00'), end: at(1, '12:00') } });

  test('gives times in UTC by default, and in a zone that is not known', () => {
    expect(sentenceOf(moved)).toBe('“Review” moved from 09:00 to 10:00 +00:00');
    expect(sentenceOf(moved, { timeZone: 'Mars/Olympus' })).toBe(sentenceOf(moved));
  });

  test('gives times in zones that Google names by their offset', () => {
    expect(sentenceOf(moved, { timeZone: 'GMT+05:30' })).toBe('“Review” moved from 14:30 to 15:30 +05:30');
  });

  test('shortens long titles without splitting a character', () => {
    const family = '👨‍👩‍👧';
    const text = sentenceOf(change({ change: 'deleted', before: { summary: family.repeat(100) } }));
    expect(text).toBe(`“${family.repeat(59)}…” deleted`);
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
      'an event of which only the kinds are left',
      { after: review, kinds: ['moved', 'location'], omitted: ['before', 'location'] },
      '“Review” now Tue 2030-01-01 10:00–11:00 +01:00, location changed (without before, location, too large)',
    ],
    [
      'a calendar that was renamed, hidden and given another role',
      {
        resource: 'calendarList',
        before: { summary: 'Team', accessRole: 'reader' },
        after: { summary: 'Crew', accessRole: 'writer', hidden: true },
      },
      '“Crew” renamed from “Team”, hidden, now writer (was reader)',
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
    expect(sentenceOf(change(given), { timeZone: ZONE })).toBe(text);
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
      const text = sentenceOf(change(given), { timeZone: ZONE });
      expect(text).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E]/u);
    }),
  );
});
