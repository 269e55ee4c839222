/** Parsing and formatting of days and times. */
import { describe, expect, test } from 'vitest';
import { dayAndTime, endOfDayAfter, momentOf, wholeDays } from '../../../../../infra/cli/format/when.ts';

const ZONE = 'Europe/Zurich';
const utc = (text: string): number => Date.parse(text);
/** Half past midnight in Zurich, where it is the next day already. */
const NOW = utc('2030-01-06T23:30:00Z');

describe('a time', () => {
  test.each([
    ['today', '2030-01-06T23:00:00Z', '2030-01-07T23:00:00Z'],
    ['tomorrow', '2030-01-07T23:00:00Z', '2030-01-08T23:00:00Z'],
    ['yesterday', '2030-01-05T23:00:00Z', '2030-01-06T23:00:00Z'],
    ['2030-03-31', '2030-03-30T23:00:00Z', '2030-03-31T22:00:00Z'],
    ['2030-07-01T09:00', '2030-07-01T07:00:00Z', '2030-07-01T07:00:00Z'],
    ['2030-07-01 09:00', '2030-07-01T07:00:00Z', '2030-07-01T07:00:00Z'],
    ['2030-07-01T09:00:00Z', '2030-07-01T09:00:00Z', '2030-07-01T09:00:00Z'],
    ['2030-07-01T09:00-04:00', '2030-07-01T13:00:00Z', '2030-07-01T13:00:00Z'],
  ])('%s begins at %s and ends at %s', (given, from, to) => {
    expect(momentOf(given, 'from', NOW, ZONE)).toBe(utc(from));
    expect(momentOf(given, 'to', NOW, ZONE)).toBe(utc(to));
  });

  test.each(['', 'soon', '2030-02-30', '2030-13-01', '2030-1-1', '2030-01-01T25:00', '1', 'toString'])(
    '%j is not valid',
    (given) => {
      expect(momentOf(given, 'from', NOW, ZONE)).toBeUndefined();
      expect(momentOf(given, 'to', NOW, ZONE)).toBeUndefined();
    },
  );
});

test('days end at midnight, also across a change of clocks', () => {
  expect(endOfDayAfter(utc('2030-03-27T23:00:00Z'), 7, ZONE)).toBe(utc('2030-04-04T22:00:00Z'));
});

test.each([
  ['an hour', '2030-01-07T09:00:00Z', '2030-01-07T10:00:00Z', 'Mon 2030-01-07', '10:00–11:00 +01:00'],
  ['no time', '2030-01-07T09:00:00Z', '2030-01-07T09:00:00Z', 'Mon 2030-01-07', '10:00 +01:00'],
  [
    'a night',
    '2030-01-07T21:00:00Z',
    '2030-01-08T05:30:00Z',
    'Mon 2030-01-07',
    '22:00–Tue 2030-01-08 06:30 +01:00',
  ],
  [
    'a night in which clocks change',
    '2030-03-30T21:00:00Z',
    '2030-03-31T05:30:00Z',
    'Sat 2030-03-30',
    '22:00 +01:00–Sun 2030-03-31 07:30 +02:00',
  ],
])('a period of %s is formatted with its day and time', (_, from, to, day, time) => {
  expect(dayAndTime(utc(from), utc(to), ZONE)).toEqual([day, time]);
});

test('an all-day event is formatted with its last day', () => {
  expect(wholeDays('2030-01-07', '2030-01-08')).toEqual(['Mon 2030-01-07', 'all day']);
  expect(wholeDays('2030-01-07', '2030-01-10')).toEqual(['Mon 2030-01-07', 'all day to Wed 2030-01-09']);
  expect(wholeDays('2030-01-07', '2030-01-07')).toEqual(['Mon 2030-01-07', 'all day']);
  expect(wholeDays('soon', '2030-01-07')).toBeUndefined();
});
