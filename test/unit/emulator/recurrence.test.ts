import { describe, expect, test } from 'vitest';
import { createClock } from '../../../infra/emulator/state/clock.ts';
import { expand, findEvent } from '../../../infra/emulator/event/instances.ts';
import { checkRecurrence, occurrences } from '../../../infra/emulator/event/recurrence.ts';
import { putVerbatim } from '../../../infra/emulator/event/verbatim.ts';
import { createStore } from '../../../infra/emulator/state/store.ts';

const at = (text: string): number => Date.parse(text);
const shown = (starts: readonly number[]): string[] => starts.map((ms) => new Date(ms).toISOString());
const YEAR_3000 = at('3000-01-01T00:00:00Z');

const day = (recurrence: string[]) => ({
  start: { date: '2026-03-01' },
  end: { date: '2026-03-02' },
  recurrence,
});

const timed = (recurrence: string[]) => ({
  start: { dateTime: '2026-03-01T09:00:00Z', timeZone: 'Europe/Zurich' },
  end: { dateTime: '2026-03-01T10:00:00Z', timeZone: 'Europe/Zurich' },
  recurrence,
});

describe('occurrences', () => {
  test('keep their local time across the start of daylight saving time', () => {
    const series = {
      start: { dateTime: '2026-03-01T08:00:00Z', timeZone: 'Europe/Zurich' },
      end: { dateTime: '2026-03-01T09:00:00Z', timeZone: 'Europe/Zurich' },
      recurrence: ['RRULE:FREQ=WEEKLY'],
    };
    expect(shown(occurrences(series, at('2026-03-20T00:00:00Z'), at('2026-04-01T00:00:00Z')))).toEqual([
      '2026-03-22T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
    ]);
  });

  test.each([
    ['COUNT ends a series', ['RRULE:FREQ=DAILY;COUNT=2'], ['2026-03-01', '2026-03-02']],
    ['UNTIL is inclusive', ['RRULE:FREQ=DAILY;UNTIL=20260302'], ['2026-03-01', '2026-03-02']],
    [
      'EXDATE removes occurrences, also the first',
      ['RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20260301,20260303'],
      ['2026-03-02'],
    ],
    [
      'RDATE adds an occurrence',
      ['RRULE:FREQ=DAILY;COUNT=1', 'RDATE;VALUE=DATE:20260310'],
      ['2026-03-01', '2026-03-10'],
    ],
    ['RDATE works without a rule', ['RDATE;VALUE=DATE:20260310'], ['2026-03-01', '2026-03-10']],
    [
      'two rules are merged',
      ['RRULE:FREQ=DAILY;COUNT=2', 'RRULE:FREQ=DAILY;COUNT=2'],
      ['2026-03-01', '2026-03-02'],
    ],
    [
      'EXRULE removes occurrences',
      ['RRULE:FREQ=DAILY;COUNT=4', 'EXRULE:FREQ=DAILY;INTERVAL=2'],
      ['2026-03-02', '2026-03-04'],
    ],
    [
      'the start is an occurrence even if the rule does not match it',
      ['RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260302'],
      ['2026-03-01', '2026-03-02'],
    ],
  ])('%s', (_, recurrence, expected) => {
    const found = shown(occurrences(day(recurrence), 0, YEAR_3000));
    expect(found.map((text) => text.slice(0, 10))).toEqual(expected);
  });

  test('an EXDATE with a time zone is a time in that zone', () => {
    const series = {
      start: { dateTime: '2026-07-01T07:00:00Z', timeZone: 'Europe/Zurich' },
      end: { dateTime: '2026-07-01T08:00:00Z', timeZone: 'Europe/Zurich' },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;TZID=Europe/Zurich:20260702T090000'],
    };
    expect(shown(occurrences(series, 0, YEAR_3000))).toEqual([
      '2026-07-01T07:00:00.000Z',
      '2026-07-03T07:00:00.000Z',
    ]);
  });

  test('the window includes its start and excludes its end', () => {
    const series = day(['RRULE:FREQ=DAILY']);
    const found = occurrences(series, at('2026-03-05T00:00:00Z'), at('2026-03-07T00:00:00Z'));
    expect(shown(found).map((text) => text.slice(0, 10))).toEqual(['2026-03-05', '2026-03-06']);
  });

  test('an endless series stops at 32,000', () => {
    expect(occurrences(day(['RRULE:FREQ=DAILY']), 0, YEAR_3000)).toHaveLength(32_000);
  });

  test('a series of 30,000 days is complete', () => {
    const found = occurrences(day(['RRULE:FREQ=DAILY;COUNT=30000']), 0, YEAR_3000);
    expect(found).toHaveLength(30_000);
    expect(shown(found.slice(-1))).toEqual(['2108-04-19T00:00:00.000Z']);
  });
});

test.each([
  'RRULE:FREQ=SOMETIMES',
  'RRULE:COUNT=3',
  'DTSTART:20260301',
  'EXDATE:tomorrow',
  'EXDATE:20260230',
  '',
  'RRULE:FREQ=DAILY;COUNT=-1',
  'RRULE:FREQ=DAILY;COUNT=0',
  'RRULE:FREQ=DAILY;COUNT=1.5',
  'RRULE:FREQ=DAILY;INTERVAL=0',
  'RRULE:FREQ=DAILY;UNTIL=20261301',
  'RRULE:FREQ=DAILY;WKST=XX',
  'RRULE:FREQ=DAILY;BYMONTHDAY=42',
  'RRULE:FREQ=DAILY;BYMONTHDAY=0',
  'RRULE:FREQ=DAILY;BYMONTHDAY=1,-32',
  'RRULE:FREQ=DAILY;BYMONTH=13',
  'RRULE:FREQ=DAILY;BYMONTH=-1',
  'RRULE:FREQ=YEARLY;BYYEARDAY=367',
  'RRULE:FREQ=YEARLY;BYWEEKNO=54',
  'RRULE:FREQ=MONTHLY;BYDAY=54MO',
  'RRULE:FREQ=MONTHLY;BYDAY=0MO',
  'RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367',
  'RRULE:FREQ=DAILY;BYHOUR=25',
  'RRULE:FREQ=DAILY;BYMINUTE=60',
  'RRULE:FREQ=DAILY;BYSECOND=61',
  'RRULE:FREQ=DAILY;BYDAY=',
  'RRULE:FREQ=DAILY;COUNT=2;COUNT=3',
  'RRULE:FREQ=DAILY;BYEASTER=1',
  'RRULE:FREQ=DAILY;COUNT',
  'EXRULE:FREQ=DAILY;BYMONTHDAY=42',
  'EXDATE;TZID=Mars/Base:20260302T090000',
])('a recurrence line %j is an invalid recurrence rule', (line) => {
  expect(() => {
    checkRecurrence(timed([line]));
  }).toThrowError(
    expect.objectContaining({
      status: 400,
      detail: expect.objectContaining({ location: 'recurrence', message: 'Invalid recurrence rule.' }),
    }),
  );
});

test('UNTIL without Z is an invalid recurrence rule for a timed series, but not for all-day events', () => {
  const until = ['RRULE:FREQ=DAILY;UNTIL=20260305T000000'];
  expect(() => {
    checkRecurrence(timed(until));
  }).toThrowError(expect.objectContaining({ status: 400 }));
  expect(() => {
    checkRecurrence(day(until));
  }).not.toThrow();
});

test.each([
  'rrule:freq=daily;count=2;',
  'RRULE:FREQ=WEEKLY;WKST=SU;UNTIL=20260305;BYDAY=MO,TU',
  'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'RRULE:FREQ=MONTHLY;BYDAY=-1FR,+2MO;BYSETPOS=1',
  'EXDATE;TZID=GMT+02:00:20260302T090000',
  'RDATE;VALUE=PERIOD:20260302T090000Z/PT1H',
])('a recurrence line %j is valid', (line) => {
  expect(() => {
    checkRecurrence(timed([line]));
  }).not.toThrow();
});

const expanded = (recurrence: string[], zone: string) => {
  const stored = {
    id: 'base',
    iCalUID: 'base@google.com',
    fields: day(recurrence),
    created: 0,
    updated: 0,
    sequence: 0,
    creator: 'ada@example.com',
    organizer: { email: 'ada@example.com' },
    reminders: {},
  };
  return expand(stored, {}, zone, at('2026-06-01T00:00:00Z'));
};

describe('without a window', () => {
  test.each(['America/New_York', 'Pacific/Auckland'])(
    'a finite series has all its occurrences in %s',
    (zone) => {
      expect(expanded(['RRULE:FREQ=WEEKLY;COUNT=900'], zone)).toHaveLength(900);
      expect(expanded(['RDATE:20260310'], zone).map(({ id }) => id)).toEqual([
        'base_20260301',
        'base_20260310',
      ]);
    },
  );

  test('an endless series has the occurrences of two years', () => {
    expect(expanded(['RRULE:FREQ=DAILY'], 'UTC').at(-1)?.id).toBe('base_20280530');
  });
});

describe('an occurrence is found by its id', () => {
  const ADA = 'ada@example.com';
  const store = createStore({ clock: createClock() });
  store.signIn(ADA);
  const calendar = store.calendars.get(ADA) ?? expect.unreachable();
  const find = (id: string) => findEvent(calendar, id)?.id;
  const put = (id: string, start: string, ...recurrence: string[]) =>
    putVerbatim(store, calendar, {
      id,
      start: { dateTime: start, timeZone: 'UTC' },
      end: { dateTime: start, timeZone: 'UTC' },
      recurrence,
    });
  put('base0', '2026-11-02T07:15:00Z', 'RRULE:FREQ=WEEKLY;UNTIL=20261122T000000Z');
  put('base0_R20261123T071500', '2026-11-23T07:15:00Z', 'RRULE:FREQ=WEEKLY');
  put('dates', '2026-11-02T09:00:00Z', 'RDATE:20261001T090000Z,20261103T090000Z');

  test.each([
    ['of a series', 'base0_20261109T071500Z'],
    ['of the second part of a split series', 'base0_20261130T071500Z'],
    ['that an RDATE adds', 'dates_20261103T090000Z'],
  ])('%s', (_, id) => {
    expect(find(id)).toBe(id);
  });

  test.each([
    ['at a time that is in neither part of a split series', 'base0_20261130T081500Z'],
    ['by the id of the second part itself', 'base0_R20261123T071500_20261130T071500Z'],
    ['that an RDATE names before the start', 'dates_20261001T090000Z'],
  ])('but not %s', (_, id) => {
    expect(find(id)).toBeUndefined();
  });
});
