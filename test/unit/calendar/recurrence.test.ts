import { describe, expect, test } from 'vitest';
import { checkRecurrence, occurrences } from '../../../infra/local/calendar/event/recurrence.ts';

const at = (text: string): number => Date.parse(text);
const shown = (starts: number[]): string[] => starts.map((ms) => new Date(ms).toISOString());
const YEAR_3000 = at('3000-01-01T00:00:00Z');

const day = (recurrence: string[]) => ({
  start: { date: '2026-03-01' },
  end: { date: '2026-03-02' },
  recurrence,
});

describe('occurrences', () => {
  test('keep their local time across a change to summer time', () => {
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
    ['UNTIL is part of a series', ['RRULE:FREQ=DAILY;UNTIL=20260302'], ['2026-03-01', '2026-03-02']],
    [
      'EXDATE takes out, also the first',
      ['RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20260301,20260303'],
      ['2026-03-02'],
    ],
    ['RDATE adds', ['RRULE:FREQ=DAILY;COUNT=1', 'RDATE;VALUE=DATE:20260310'], ['2026-03-01', '2026-03-10']],
    ['RDATE alone is enough', ['RDATE;VALUE=DATE:20260310'], ['2026-03-01', '2026-03-10']],
    [
      'two rules unite',
      ['RRULE:FREQ=DAILY;COUNT=2', 'RRULE:FREQ=DAILY;COUNT=2'],
      ['2026-03-01', '2026-03-02'],
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
  ])('%s', (_, recurrence, expected) => {
    const found = shown(occurrences(day(recurrence), 0, YEAR_3000));
    expect(found.map((text) => text.slice(0, 10))).toEqual(expected);
  });

  test('an EXDATE with a time zone means the time in that zone', () => {
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

  test('an endless series stops at 5000', () => {
    expect(occurrences(day(['RRULE:FREQ=DAILY']), 0, YEAR_3000)).toHaveLength(5000);
  });
});

test.each([['RRULE:FREQ=SOMETIMES'], ['RRULE:COUNT=3'], ['DTSTART:20260301'], ['EXDATE:tomorrow'], ['']])(
  'a recurrence line %j is refused',
  (line) => {
    const series = { start: { date: '2026-03-01' }, end: { date: '2026-03-02' }, recurrence: [line] };
    expect(() => checkRecurrence(series)).toThrowError(
      expect.objectContaining({ status: 400, detail: expect.objectContaining({ location: 'recurrence' }) }),
    );
  },
);
