import { expect, test } from 'vitest';
import { startsOf } from '../../../functions/agenda/recurrence.ts';

const at = (text: string): number => Date.parse(text);
const all = (recurrence: string[], start = '2026-03-01T00:00:00Z', timeZone = 'UTC'): string[] =>
  startsOf({ start: at(start), timeZone, recurrence }, 0, at('2036-01-01T00:00:00Z')).map((ms) =>
    new Date(ms).toISOString().replace(/T00:00:00.000Z$/, ''),
  );

test.each([
  ['COUNT ends a series', ['RRULE:FREQ=DAILY;COUNT=2'], ['2026-03-01', '2026-03-02']],
  ['UNTIL is part of a series', ['RRULE:FREQ=DAILY;UNTIL=20260302'], ['2026-03-01', '2026-03-02']],
  [
    'EXDATE takes out, also the first',
    ['RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20260301,20260303'],
    ['2026-03-02'],
  ],
  [
    'RDATE adds, in order',
    ['RDATE;VALUE=DATE:20260310,20260305'],
    ['2026-03-01', '2026-03-05', '2026-03-10'],
  ],
  ['an RDATE before the start is none', ['RDATE;VALUE=DATE:20260210'], ['2026-03-01']],
  [
    'of an RDATE that is a period the start counts',
    ['RDATE;VALUE=PERIOD:20260310T000000Z/PT1H'],
    ['2026-03-01', '2026-03-10'],
  ],
  [
    'two rules unite',
    ['RRULE:FREQ=DAILY;COUNT=2', 'rrule:FREQ=WEEKLY;COUNT=2'],
    ['2026-03-01', '2026-03-02', '2026-03-08'],
  ],
  [
    'EXRULE takes out',
    ['RRULE:FREQ=DAILY;COUNT=4', 'EXRULE:FREQ=DAILY;INTERVAL=2'],
    ['2026-03-02', '2026-03-04'],
  ],
  [
    'the start counts even where the rule would not name it',
    ['RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260302'],
    ['2026-03-01', '2026-03-02'],
  ],
  [
    'the last day of months of every length',
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
  const series = { start: at('2026-03-01T00:00:00Z'), timeZone: 'UTC', recurrence: ['RRULE:FREQ=DAILY'] };
  const found = startsOf(series, at('2026-03-05T00:00:00Z'), at('2026-03-07T00:00:00Z'));
  expect(found).toEqual([at('2026-03-05T00:00:00Z'), at('2026-03-06T00:00:00Z')]);
});
