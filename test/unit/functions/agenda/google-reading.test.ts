/** Recurrence as Google Calendar reads it, in the agenda and in the emulator alike. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { agendaOf } from '../../../../functions/agenda/occurrences.ts';
import { expand } from '../../../../infra/emulator/event/instances.ts';
import { normaliseTime } from '../../../../infra/emulator/event/times.ts';
import { event } from '../../../support/sample-items.ts';

const ZURICH = 'Europe/Zurich';

const Time = z.object({ date: z.string(), dateTime: z.string(), timeZone: z.string() }).partial();
type Time = z.infer<typeof Time>;

interface Series {
  readonly id?: string;
  readonly start: Time;
  readonly end: Time;
  readonly recurrence: string[];
}

const days = (start: string, end: string, ...recurrence: string[]): Series => ({
  start: { date: start },
  end: { date: end },
  recurrence,
});

const hour = (start: string, timeZone: string, ...recurrence: string[]): Series => ({
  start: { dateTime: start, timeZone },
  end: { dateTime: new Date(Date.parse(start) + 3_600_000).toISOString(), timeZone },
  recurrence,
});

/** Returns the ids of the occurrences in the agenda that start between two dates, without the prefix of the series. */
function inAgenda({ id = 'base', ...series }: Series, from: string, to: string): string[] {
  const window = { from: Date.parse(from), to: Date.parse(to) };
  return agendaOf([event(id, { ...series })], window, 'UTC')
    .occurrences.filter(({ startsAt }) => startsAt >= window.from)
    .map((occurrence) => occurrence.event.id.replace(/^base_/, ''));
}

/** Returns the same from the emulator's list. */
function inEmulator({ id = 'base', start, end, recurrence }: Series, from: string, to: string): string[] {
  const window = { timeMin: Date.parse(from), timeMax: Date.parse(to) };
  const stored = {
    id,
    iCalUID: `${id}@google.com`,
    fields: {
      start: normaliseTime(start, 'start', 'UTC'),
      end: normaliseTime(end, 'end', 'UTC'),
      recurrence,
    },
    created: 0,
    updated: 0,
    sequence: 0,
    creator: 'ada@example.com',
    organizer: { email: 'ada@example.com' },
    reminders: {},
  };
  return expand(stored, window, 'UTC', 0)
    .filter(({ fields }) => Date.parse(fields.start.dateTime ?? fields.start.date ?? '') >= window.timeMin)
    .map((occurrence) => occurrence.id.replace(/^base_/, ''));
}

const BIRTHDAY = days('2023-09-02', '2023-09-03', 'RRULE:FREQ=YEARLY;WKST=MO;INTERVAL=1;BYMONTHDAY=2');
const FRIDAYS = (exdate: string) => days('2026-11-27', '2026-11-28', 'RRULE:FREQ=WEEKLY;COUNT=3', exdate);
const SUNDAYS = (line: string) =>
  hour('2026-11-29T10:00:00+01:00', ZURICH, 'RRULE:FREQ=WEEKLY;COUNT=3', line);
const NIGHTLY = (start: string, rule: string) => hour(start, 'Europe/Berlin', `RRULE:${rule}`);
const FROM_MONDAY = hour('2026-11-30T09:00:00Z', 'UTC', 'RRULE:FREQ=WEEKLY;BYDAY=TU,TH,SA;COUNT=5');

describe.each([
  ['the agenda', inAgenda],
  ['the emulator', inEmulator],
])('in %s', (_, shown) => {
  test.each([
    ['once a year', '2026-01-01', '2029-01-01', '20260902 20270902 20280902'],
    ['in the month of its start', '2023-01-01', '2024-01-01', '20230902'],
  ])('a yearly rule with only BYMONTHDAY occurs %s (F21)', (__, from, to, expected) => {
    expect(shown(BIRTHDAY, from, to).join(' ')).toBe(expected);
  });

  test.each([
    ['a local time with its zone', 'EXDATE;TZID=Europe/Helsinki:20261204T000000'],
    ['a local time of the evening', 'EXDATE;TZID=America/New_York:20261204T230000'],
    ['a time in UTC', 'EXDATE:20261204T000000Z'],
    ['a date', 'EXDATE;VALUE=DATE:20261204'],
  ])('an all-day occurrence is excluded by %s (F22)', (__, exdate) => {
    expect(shown(FRIDAYS(exdate), '2026-11-01', '2027-01-01')).toEqual(['20261127', '20261211']);
  });

  test('an all-day occurrence is added by a local time with its zone (F22)', () => {
    const series = days('2026-11-27', '2026-11-28', 'RDATE;TZID=Europe/Helsinki:20261204T000000');
    expect(shown(series, '2026-11-01', '2027-01-01')).toEqual(['20261127', '20261204']);
  });

  test('a timed occurrence is excluded by its date in the zone of the series (F23)', () => {
    const sundays = SUNDAYS('EXDATE;VALUE=DATE:20261206');
    expect(shown(sundays, '2026-11-01', '2027-01-01')).toEqual(['20261129T090000Z', '20261213T090000Z']);
    const late = hour(
      '2026-11-29T20:00:00-05:00',
      'America/New_York',
      'RRULE:FREQ=DAILY;COUNT=3',
      'EXDATE:20261130',
    );
    expect(shown(late, '2026-11-01', '2027-01-01')).toEqual(['20261130T010000Z', '20261202T010000Z']);
  });

  test('a date is added to a timed series at its time of day (F23)', () => {
    expect(shown(SUNDAYS('RDATE;VALUE=DATE:20261130'), '2026-11-01', '2026-12-06')).toEqual([
      '20261129T090000Z',
      '20261130T090000Z',
    ]);
  });

  test('an occurrence in an hour that spring skips is an hour later, and counted (F24)', () => {
    const nightly = NIGHTLY('2027-03-27T02:30:00+01:00', 'FREQ=DAILY;COUNT=3');
    expect(shown(nightly, '2027-03-01', '2027-05-01')).toEqual([
      '20270327T013000Z',
      '20270328T013000Z',
      '20270329T003000Z',
    ]);
  });

  test('an occurrence in an hour that autumn repeats happens once, in the first', () => {
    const nightly = NIGHTLY('2026-10-24T02:30:00+02:00', 'FREQ=DAILY;COUNT=3');
    expect(shown(nightly, '2026-10-01', '2026-12-01')).toEqual([
      '20261024T003000Z',
      '20261025T003000Z',
      '20261026T013000Z',
    ]);
    // The event itself starts in the second.
    const second = NIGHTLY('2026-10-25T02:30:00+01:00', 'FREQ=DAILY;COUNT=2');
    expect(shown(second, '2026-10-01', '2026-12-01')).toEqual(['20261025T013000Z', '20261026T013000Z']);
  });

  test.each([
    ['GMT+02:00', '2026-12-07T09:00:00+02:00', '20261214T070000Z'],
    ['UTC-05:00', '2026-12-07T09:00:00-05:00', '20261214T140000Z'],
  ])('a series recurs in the zone %s (F25)', (timeZone, start, expected) => {
    expect(shown(hour(start, timeZone, 'RRULE:FREQ=WEEKLY'), '2026-12-08', '2026-12-15')).toEqual([expected]);
  });

  test('an EXDATE is read in a zone that is an offset (F25)', () => {
    const exdate = 'EXDATE;TZID=GMT+02:00:20261206T110000';
    expect(shown(SUNDAYS(exdate), '2026-11-01', '2027-01-01')).toEqual([
      '20261129T090000Z',
      '20261213T090000Z',
    ]);
  });

  test.each([
    ['times', '2026-11-23T07:15:00Z', 'base_R20261123T071500', '20261130T071500Z'],
    ['times in UTC', '2026-11-23T07:15:00Z', 'base_R20261123T071500Z', '20261130T071500Z'],
    ['whole days', undefined, 'base_R20261123', '20261130'],
  ])('the rest of a split series of %s has the ids of the original (F27)', (__, start, id, expected) => {
    const rule = 'RRULE:FREQ=WEEKLY';
    const series = start === undefined ? days('2026-11-23', '2026-11-24', rule) : hour(start, ZURICH, rule);
    expect(shown({ ...series, id }, '2026-11-24', '2026-12-01')).toEqual([expected]);
  });

  test('a first day that the rule does not match occurs and is not counted (F30)', () => {
    expect(shown(FROM_MONDAY, '2026-11-01', '2027-01-01').map((id) => id.slice(0, 8))).toEqual([
      '20261130',
      '20261201',
      '20261203',
      '20261205',
      '20261208',
      '20261210',
    ]);
  });

  test.each([
    ['yearly on 30 February', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', ['20260101T090000Z']],
    ['every other month, and only in April', 'FREQ=MONTHLY;INTERVAL=2;BYMONTH=4', ['20260101T090000Z']],
    ['daily on 31 April', 'FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31', ['20260101T090000Z']],
    ['every second of 30 February', 'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30', ['20260101T090000Z']],
    ['counted, on 30 February', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3', ['20260101T090000Z']],
    [
      'on Mondays that are leap days',
      'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO',
      ['20260101T090000Z', '20440229T090000Z'],
    ],
  ])('a rule %s yields its start and the days that exist (F31)', (__, rule, expected) => {
    expect(shown(hour('2026-01-01T09:00:00Z', 'UTC', `RRULE:${rule}`), '2026-01-01', '2060-01-01')).toEqual(
      expected,
    );
  });

  test('an RDATE before the start of the series adds no occurrence', () => {
    const series = hour('2026-12-07T09:00:00Z', 'UTC', 'RDATE:20261201T090000Z,20261208T090000Z');
    expect(shown(series, '2026-01-01', '2027-01-01')).toEqual(['20261207T090000Z', '20261208T090000Z']);
  });

  test('a timed series until a date runs to the end of that day in its zone', () => {
    const late = hour('2026-12-01T22:00:00-05:00', 'America/New_York', 'RRULE:FREQ=DAILY;UNTIL=20261203');
    expect(shown(late, '2026-12-01', '2027-01-01')).toEqual([
      '20261202T030000Z',
      '20261203T030000Z',
      '20261204T030000Z',
    ]);
  });

  test('a series with an invalid rule occurs at its start', () => {
    const odd = hour('2026-12-07T09:00:00Z', 'UTC', 'RRULE:FREQ=DAILY;BYMONTHDAY=42');
    expect(shown(odd, '2026-01-01', '2027-01-01')).toEqual(['20261207T090000Z']);
  });
});
