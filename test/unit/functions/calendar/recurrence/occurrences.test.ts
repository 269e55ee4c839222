import { expect, test } from 'vitest';
import { seriesEnd } from '../../../../../functions/calendar/recurrence/occurrences.ts';
import { event } from '../../../../support/sample-items.ts';

const ENDLESS = Date.UTC(9999, 11, 31);

const endOf = (...recurrence: string[]): number =>
  seriesEnd(
    event('series', {
      start: { dateTime: '2026-03-01T09:00:00+01:00', timeZone: 'Europe/Zurich' },
      end: { dateTime: '2026-03-01T10:00:00+01:00', timeZone: 'Europe/Zurich' },
      recurrence,
    }),
    'UTC',
  );

test.each([
  ['has no end', ['RRULE:FREQ=DAILY']],
  ['is invalid', ['RRULE:FREQ=DAILY;UNTIL=soon']],
  ['has a COUNT too large to expand', ['RRULE:FREQ=DAILY;COUNT=9007199254740991']],
])('a series whose rule %s never ends', (_, recurrence) => {
  expect(endOf(...recurrence)).toBe(ENDLESS);
});

test.each([
  ['UNTIL', ['RRULE:FREQ=WEEKLY;UNTIL=20260314T080000Z'], '2026-03-08T09:00:00Z'],
  ['COUNT', ['RRULE:FREQ=WEEKLY;COUNT=5'], '2026-03-29T08:00:00Z'],
  ['COUNT and UNTIL', ['RRULE:FREQ=DAILY;COUNT=90;UNTIL=20260310'], '2026-03-10T09:00:00Z'],
  ['a COUNT of thousands', ['RRULE:FREQ=DAILY;COUNT=30000'], '2108-04-19T08:00:00Z'],
  ['RDATE', ['RDATE;TZID=Europe/Zurich:20260310T090000,20260305T090000'], '2026-03-10T09:00:00Z'],
  ['several rules', ['RRULE:FREQ=DAILY;COUNT=5', 'RRULE:FREQ=WEEKLY;COUNT=2'], '2026-03-08T09:00:00Z'],
  [
    'excluded last days',
    ['RRULE:FREQ=DAILY;COUNT=5', 'EXDATE;TZID=Europe/Zurich:20260304T090000,20260305T090000'],
    '2026-03-03T09:00:00Z',
  ],
  ['a rule that ends in years', ['RRULE:FREQ=YEARLY;UNTIL=21000101T000000Z'], '2099-03-01T09:00:00Z'],
  ['a rule without a match', ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3'], '2026-03-01T09:00:00Z'],
  ['all its days excluded', ['RRULE:FREQ=DAILY;COUNT=3', 'EXRULE:FREQ=DAILY'], '2026-03-01T09:00:00Z'],
])('a series with %s ends with its last occurrence', (_, recurrence, last) => {
  expect(new Date(endOf(...recurrence)).toISOString()).toBe(last.replace('Z', '.000Z'));
});

test.each([
  ['2026-03-02', '2026-03-30T22:00:00.000Z'],
  ['2026-03-03', '2026-03-31T22:00:00.000Z'],
  ['2026-03-01', '2026-03-30T22:00:00.000Z'],
])('an all-day series until %s ends at midnight in the calendar’s zone', (until, last) => {
  const recurrence = ['RRULE:FREQ=DAILY;COUNT=30'];
  const days = event('days', { start: { date: '2026-03-01' }, end: { date: until }, recurrence });
  expect(new Date(seriesEnd(days, 'Europe/Zurich')).toISOString()).toBe(last);
});
