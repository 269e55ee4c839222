import { expect, test } from 'vitest';
import { readSeries } from '../../../../../functions/calendar/recurrence/read-series.ts';
import { startsOf } from '../../../../../functions/calendar/recurrence/starts.ts';

const at = (text: string): number => Date.parse(text);
const dates = (starts: readonly number[]): string[] =>
  starts.map((ms) => new Date(ms).toISOString().replace(/T00:00:00.000Z$/, ''));

const all = (recurrence: string[], start = '2026-03-01T00:00:00Z', timeZone = 'UTC'): string[] => {
  const series = readSeries({ start: at(start), wholeDays: false, timeZone, recurrence });
  return dates(startsOf(series, 0, at('2036-01-01T00:00:00Z')).starts);
};

test.each([
  ['COUNT ends a series', ['RRULE:FREQ=DAILY;COUNT=2'], ['2026-03-01', '2026-03-02']],
  ['UNTIL is part of a series', ['RRULE:FREQ=DAILY;UNTIL=20260302'], ['2026-03-01', '2026-03-02']],
  [
    'EXDATE excludes, even the first',
    ['RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20260301,20260303'],
    ['2026-03-02'],
  ],
  [
    'RDATE adds, in order',
    ['RDATE;VALUE=DATE:20260310,20260305'],
    ['2026-03-01', '2026-03-05', '2026-03-10'],
  ],
  ['an RDATE before the start is ignored', ['RDATE;VALUE=DATE:20260210'], ['2026-03-01']],
  [
    'an RDATE that is a period counts by its start',
    ['RDATE;VALUE=PERIOD:20260310T000000Z/PT1H'],
    ['2026-03-01', '2026-03-10'],
  ],
  [
    'two rules are united',
    ['RRULE:FREQ=DAILY;COUNT=2', 'rrule:FREQ=WEEKLY;COUNT=2'],
    ['2026-03-01', '2026-03-02', '2026-03-08'],
  ],
  [
    'EXRULE excludes',
    ['RRULE:FREQ=DAILY;COUNT=4', 'EXRULE:FREQ=DAILY;INTERVAL=2'],
    ['2026-03-02', '2026-03-04'],
  ],
  [
    'the start counts even if the rule does not match it',
    ['RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260302'],
    ['2026-03-01', '2026-03-02'],
  ],
  [
    'BYMONTHDAY=-1 is the last day of each month',
    ['RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2'],
    ['2026-03-01', '2026-03-31', '2026-04-30'],
  ],
])('%s', (_, recurrence, expected) => {
  expect(all(recurrence)).toEqual(expected);
});

test('an EXDATE means the time in its zone, else in that of the event, and in UTC with a Z', () => {
  const lines = [
    'RRULE:FREQ=DAILY;COUNT=5',
    'EXDATE;TZID="America/New_York":20260702T030000',
    'EXDATE:20260703T090000',
    'EXDATE:20260704T070000Z',
  ];
  expect(all(lines, '2026-07-01T07:00:00Z', 'Europe/Zurich')).toEqual([
    '2026-07-01T07:00:00.000Z',
    '2026-07-05T07:00:00.000Z',
  ]);
});

test('the window includes its start and excludes its end', () => {
  const lines = { start: at('2026-03-01T00:00:00Z'), timeZone: 'UTC', recurrence: ['RRULE:FREQ=DAILY'] };
  for (const wholeDays of [true, false]) {
    const series = readSeries({ ...lines, wholeDays });
    const { starts } = startsOf(series, at('2026-03-05T00:00:00Z'), at('2026-03-07T00:00:00Z'));
    expect(starts).toEqual([at('2026-03-05T00:00:00Z'), at('2026-03-06T00:00:00Z')]);
  }
});

/** An all-day series from Thursday, 1 January 2026. */
const days = (rule: string, to: string): string[] => {
  const recurrence = [`RRULE:${rule}`];
  const series = readSeries({ start: at('2026-01-01'), wholeDays: true, timeZone: 'UTC', recurrence });
  return dates(startsOf(series, at('2026-01-02'), at(to)).starts);
};

test.each([
  ['the nth weekday of a month', 'FREQ=MONTHLY;BYDAY=2TU,-1FR', '2026-03-01', '01-13 01-30 02-10 02-27'],
  ['the nth weekday of a year', 'FREQ=YEARLY;BYDAY=20MO,-1SU', '2027-01-01', '05-18 12-27'],
  ['the nth weekday of a month of the year', 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', '2027-01-01', '03-29'],
  ['Friday the 13th', 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '2027-01-01', '02-13 03-13 11-13'],
  ['the 31st, in months with 31 days', 'FREQ=MONTHLY;BYMONTHDAY=31', '2026-06-01', '01-31 03-31 05-31'],
  ['days of the year, from both its ends', 'FREQ=YEARLY;BYYEARDAY=60,-1', '2027-01-01', '03-01 12-31'],
  ['weeks of the year', 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO,TU', '2027-01-01', '05-11 05-12'],
  ['weeks of the year on the start’s weekday', 'FREQ=YEARLY;BYWEEKNO=10,-1', '2027-01-01', '03-05 12-31'],
  [
    'the last workday of a month',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    '2026-03-01',
    '01-30 02-27',
  ],
  ['days within months', 'FREQ=DAILY;INTERVAL=10;BYMONTH=2', '2027-01-01', '02-10 02-20'],
  [
    'weeks that start on Sunday',
    'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TH',
    '2026-02-01',
    '01-11 01-15 01-25 01-29',
  ],
  [
    'weeks that start on Monday',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TH',
    '2026-02-01',
    '01-04 01-15 01-18 01-29',
  ],
])('a rule matches %s', (_, rule, to, expected) => {
  expect(
    days(rule, to)
      .map((day) => day.slice(5))
      .join(' '),
  ).toBe(expected);
});

test.each([
  ['every 36 hours', 'FREQ=HOURLY;INTERVAL=36', '02T20:00 04T08:00'],
  [
    'at minutes of certain hours',
    'FREQ=HOURLY;BYHOUR=9,11;BYMINUTE=15,0',
    '01T09:00 01T09:15 01T11:00 01T11:15',
  ],
  ['at minutes of a day', 'FREQ=MINUTELY;INTERVAL=50;BYDAY=FR;BYHOUR=1', '02T01:30'],
  [
    'at the last second of a minute',
    'FREQ=MINUTELY;BYHOUR=9;BYMINUTE=0;BYSECOND=1,5;BYSETPOS=-1',
    '01T09:00',
  ],
  ['at a second of a day', 'FREQ=SECONDLY;BYHOUR=9;BYMINUTE=0;BYSECOND=0', '01T09:00'],
  ['at several times of a day', 'FREQ=DAILY;BYHOUR=7,9;BYMINUTE=30,0;COUNT=3', '01T09:00 01T09:30 02T07:00'],
])('a rule matches times %s', (_, rule, expected) => {
  const recurrence = [`RRULE:${rule}`];
  const series = readSeries({
    start: at('2026-01-01T08:00:00Z'),
    wholeDays: false,
    timeZone: 'UTC',
    recurrence,
  });
  const { starts } = startsOf(series, at('2026-01-01T08:00:01Z'), at('2026-01-05T00:00:00Z'));
  const shown = starts.slice(0, 4).map((start) => new Date(start).toISOString().slice(8, 16));
  expect(expected.split(' ')).toEqual(shown.slice(0, expected.split(' ').length));
});

test('repeated values in a rule count once', () => {
  const zeros = '0,'.repeat(5000);
  const rule = `RRULE:FREQ=DAILY;COUNT=2;BYHOUR=9;BYMINUTE=${zeros}0;BYSECOND=${zeros}0`;
  expect(all([rule], '2026-03-01T09:00:00Z')).toEqual([
    '2026-03-01T09:00:00.000Z',
    '2026-03-02T09:00:00.000Z',
  ]);
});
