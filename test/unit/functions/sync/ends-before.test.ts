import { describe, expect, test } from 'vitest';
import { endsBefore } from '../../../../functions/sync/ends-before.ts';
import { event, occurrence } from '../../../support/sample-items.ts';

const series = (...recurrence: readonly string[]) => event('series', { recurrence });
const at = (dateTime: string) => occurrence('series_1', { originalStartTime: { dateTime } });
const on = (date: string) => occurrence('series_1', { originalStartTime: { date } });

describe('a series ends before an occurrence', () => {
  test.each([
    [
      'that starts after its UNTIL',
      true,
      ['RRULE:FREQ=DAILY;UNTIL=20300110T090000Z'],
      at('2030-01-10T10:00:01+01:00'),
    ],
    [
      'but not one that starts at its UNTIL',
      false,
      ['RRULE:FREQ=DAILY;UNTIL=20300110T090000Z'],
      at('2030-01-10T10:00:00+01:00'),
    ],
    ['on a later day', true, ['RRULE:UNTIL=20300110;FREQ=DAILY'], on('2030-01-11')],
    ['but not one on its last day', false, ['RRULE:FREQ=DAILY;UNTIL=20300110'], on('2030-01-10')],
    [
      'but not one on its last day, in any time zone',
      false,
      ['RRULE:FREQ=DAILY;UNTIL=20300110'],
      at('2030-01-10T23:00:00-12:00'),
    ],
    [
      'but not if one of its rules has no UNTIL',
      false,
      ['RRULE:FREQ=DAILY;UNTIL=20300110', 'RRULE:FREQ=DAILY'],
      on('2031-01-01'),
    ],
    [
      'but not if it has extra dates',
      false,
      ['RRULE:FREQ=DAILY;UNTIL=20300110', 'RDATE:20310101'],
      on('2031-01-01'),
    ],
    ['but not if it has no rule', false, [], on('2031-01-01')],
    ['but not one without an original start', false, ['RRULE:FREQ=DAILY;UNTIL=20300110'], occurrence('x')],
  ])('%s', (_, expected, recurrence, item) => {
    expect(endsBefore(series(...recurrence), item)).toBe(expected);
  });
});
