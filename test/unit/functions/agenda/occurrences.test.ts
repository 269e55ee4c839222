import { describe, expect, test } from 'vitest';
import { agendaOf } from '../../../../functions/agenda/occurrences.ts';
import type { Item } from '../../../../functions/calendar/resources.ts';
import { event, occurrence } from '../../../support/sample-items.ts';

const ZURICH = 'Europe/Zurich';
const timed = (start: string, end: string, timeZone = ZURICH) => ({
  start: { dateTime: start, timeZone },
  end: { dateTime: end, timeZone },
});
const days = (start: string, end: string) => ({ start: { date: start }, end: { date: end } });

/** Every Monday from 9 to 10 in Zurich, from winter into summer. */
const WEEKLY = event('series', {
  summary: 'weekly',
  iCalUID: 'series@google.com',
  ...timed('2027-03-15T09:00:00+01:00', '2027-03-15T10:00:00+01:00'),
  recurrence: ['RRULE:FREQ=WEEKLY'],
});
const MARCH_22 = { dateTime: '2027-03-22T09:00:00+01:00', timeZone: ZURICH };

const hour = (id: string, start: number, end: number): Item =>
  event(id, timed(`2027-01-01T${start}:00:00Z`, `2027-01-01T${end}:00:00Z`, 'UTC'));

const on = (events: readonly Item[], from: string, to: string, timeZone = ZURICH) =>
  agendaOf(events, { from: Date.parse(from), to: Date.parse(to) }, timeZone);
/** Returns the occurrences as `id start`. */
const shown = (...question: Parameters<typeof on>): string[] =>
  on(...question).occurrences.map(
    ({ event: { id }, startsAt }) => `${id} ${new Date(startsAt).toISOString()}`,
  );

describe('a recurring event', () => {
  test('occurs at the same time of day in winter and in summer, with the ids that Google uses', () => {
    expect(shown([WEEKLY], '2027-03-22T00:00:00Z', '2027-03-31T00:00:00Z')).toEqual([
      'series_20270322T080000Z 2027-03-22T08:00:00.000Z',
      'series_20270329T070000Z 2027-03-29T07:00:00.000Z',
    ]);
  });

  test('is expanded into events with the fields of the recurring event except the rule', () => {
    const { occurrences } = on([WEEKLY], '2027-03-29T00:00:00Z', '2027-03-30T00:00:00Z');
    const { recurrence: _, ...fields } = WEEKLY;
    const start = { dateTime: '2027-03-29T09:00:00+02:00', timeZone: ZURICH };
    expect(occurrences).toEqual([
      {
        startsAt: Date.parse('2027-03-29T07:00:00Z'),
        endsAt: Date.parse('2027-03-29T08:00:00Z'),
        event: {
          ...fields,
          id: 'series_20270329T070000Z',
          start,
          end: { dateTime: '2027-03-29T10:00:00+02:00', timeZone: ZURICH },
          recurringEventId: 'series',
          originalStartTime: start,
        },
      },
    ]);
  });

  test('without an end occurs centuries later', () => {
    expect(shown([WEEKLY], '2327-01-01T00:00:00Z', '2327-01-08T00:00:00Z')).toHaveLength(1);
  });

  test.each([
    ['with a cancelled occurrence', { status: 'cancelled' }, []],
    [
      'with a renamed occurrence',
      { summary: 'special', ...timed('2027-03-22T09:00:00+01:00', '2027-03-22T10:00:00+01:00') },
      ['changed 2027-03-22T08:00:00.000Z'],
    ],
    [
      'with an occurrence moved within the window',
      timed('2027-03-23T20:00:00+01:00', '2027-03-23T21:00:00+01:00'),
      ['changed 2027-03-23T19:00:00.000Z'],
    ],
    [
      'with an occurrence moved out of the window',
      timed('2028-01-01T20:00:00+01:00', '2028-01-01T21:00:00+01:00'),
      [],
    ],
  ])('%s has the exception, and nothing at its original start', (_, now, expected) => {
    // The same moment in another zone: the moment counts.
    const originalStartTime = { dateTime: '2027-03-22T08:00:00Z', timeZone: 'UTC' };
    const changed = occurrence('changed', { originalStartTime, ...now });
    expect(shown([WEEKLY, changed], '2027-03-22T00:00:00Z', '2027-03-24T00:00:00Z')).toEqual(expected);
  });

  test('ignores exceptions of other series', () => {
    const other = {
      ...event('x', { status: 'cancelled', recurringEventId: 'other', originalStartTime: MARCH_22 }),
    };
    expect(shown([WEEKLY, other], '2027-03-22T00:00:00Z', '2027-03-24T00:00:00Z')).toHaveLength(1);
  });

  test('of all-day events starts at midnight in the calendar’s zone, on both sides of the date line', () => {
    const daily = event('days', { ...days('2027-03-01', '2027-03-02'), recurrence: ['RRULE:FREQ=DAILY'] });
    const within = (from: string, to: string, zone: string) => shown([daily], from, to, zone);
    // In UTC it is another day.
    expect(within('2027-03-31T12:00:00Z', '2027-03-31T13:00:00Z', 'Pacific/Auckland')).toEqual([
      'days_20270401 2027-03-31T11:00:00.000Z',
    ]);
    expect(within('2027-04-02T08:00:00Z', '2027-04-02T09:00:00Z', 'Pacific/Honolulu')).toEqual([
      'days_20270401 2027-04-01T10:00:00.000Z',
    ]);
  });

  test('of all-day events lacks a cancelled occurrence by its date', () => {
    const daily = event('series', { ...days('2027-03-01', '2027-03-02'), recurrence: ['RRULE:FREQ=DAILY'] });
    const cancelled = occurrence('c', { status: 'cancelled', originalStartTime: { date: '2027-03-06' } });
    expect(shown([daily, cancelled], '2027-03-05T12:00:00Z', '2027-03-07T12:00:00Z', 'UTC')).toEqual([
      'series_20270305 2027-03-05T00:00:00.000Z',
      'series_20270307 2027-03-07T00:00:00.000Z',
    ]);
  });

  const MARCH_15 = { dateTime: '2027-03-15T09:00:00+01:00', timeZone: ZURICH };

  test.each([
    ['is invalid', { recurrence: ['RRULE:FREQ=SOMETIMES'] }, 'FREQ=SOMETIMES is not a valid frequency'],
    ['has a line of another kind', { recurrence: ['X-A:B'] }, '"X-A:B" is not a valid recurrence line'],
    ['has an invalid EXDATE', { recurrence: ['EXDATE:tomorrow'] }, '"tomorrow" is not a date'],
    [
      'has a part out of its range',
      { recurrence: ['RRULE:FREQ=DAILY;BYHOUR=25'] },
      'BYHOUR=25 is out of range',
    ],
    [
      'matches every second',
      { recurrence: ['RRULE:FREQ=SECONDLY'] },
      'a rule has more than 32,000 occurrences in the window',
    ],
    [
      'matches no second at all',
      { recurrence: ['RRULE:FREQ=SECONDLY;BYSETPOS=2'] },
      'a rule takes too long to expand',
    ],
    [
      'has an unknown time zone',
      { start: { ...MARCH_15, timeZone: 'Europe/Atlantis' } },
      '"Europe/Atlantis" is not a known time zone',
    ],
  ])(
    'whose rule %s occurs at its start, is reported with the reason, and hides nothing else (F31)',
    (_, more, reason) => {
      const odd = { ...WEEKLY, id: 'odd', ...more };
      const answer = on([odd, WEEKLY], '2027-03-15T00:00:00Z', '2027-03-30T00:00:00Z');
      expect(answer.notExpanded).toEqual([{ id: 'odd', reason }]);
      expect(answer.occurrences.map(({ event: { id } }) => id)).toEqual([
        'odd_20270315T080000Z',
        'series_20270315T080000Z',
        'series_20270322T080000Z',
        'series_20270329T070000Z',
      ]);
    },
  );

  test('with an invalid start is reported as not expanded, and hides nothing else', () => {
    const odd = { ...WEEKLY, id: 'odd', start: { dateTime: 'soon' } };
    const answer = on([odd, WEEKLY], '2027-03-22T00:00:00Z', '2027-03-23T00:00:00Z');
    expect(answer.notExpanded).toEqual([{ id: 'odd', reason: 'its start or end is missing or invalid' }]);
    expect(answer.occurrences).toHaveLength(1);
  });

  test('of 30,000 days is expanded in full', () => {
    const lives = event('long', {
      ...days('2027-03-01', '2027-03-02'),
      recurrence: ['RRULE:FREQ=DAILY;COUNT=30000'],
    });
    const { occurrences, notExpanded } = on([lives], '2027-01-01T00:00:00Z', '2127-01-01T00:00:00Z');
    expect(notExpanded).toEqual([]);
    expect(occurrences).toHaveLength(30_000);
    expect(occurrences.at(-1)?.event.id).toBe('long_21090419');
  });
});

describe('a window', () => {
  test('contains the events that end after its start and start before its end, in order', () => {
    const events = [
      hour('before', 10, 12),
      hour('into', 11, 13),
      hour('over', 10, 20),
      hour('after', 14, 15),
    ];
    const late = hour('late', 13, 14);
    expect(shown([late, ...events], '2027-01-01T12:00:00Z', '2027-01-01T14:00:00Z')).toEqual([
      'over 2027-01-01T10:00:00.000Z',
      'into 2027-01-01T11:00:00.000Z',
      'late 2027-01-01T13:00:00.000Z',
    ]);
  });

  test('contains an occurrence that started long before it and ends in it', () => {
    const long = event('long', { ...days('2027-01-01', '2027-01-20'), recurrence: ['RRULE:FREQ=MONTHLY'] });
    expect(shown([long], '2027-03-19T00:00:00Z', '2027-03-19T01:00:00Z', 'UTC')).toEqual([
      'long_20270301 2027-03-01T00:00:00.000Z',
    ]);
  });

  test.each([
    ['event', {}, ['day 2027-03-04T23:00:00.000Z']],
    ['series', { recurrence: ['RRULE:FREQ=DAILY'] }, ['day_20270305 2027-03-04T23:00:00.000Z']],
  ])('contains an all-day %s whose end is its start on that day (F26)', (_, more, expected) => {
    const day = event('day', { ...days('2027-03-05', '2027-03-05'), ...more });
    expect(shown([day], '2027-03-05T22:00:00Z', '2027-03-05T23:00:00Z')).toEqual(expected);
    const { occurrences } = on([day], '2027-03-05T22:00:00Z', '2027-03-05T23:00:00Z');
    expect(occurrences[0]).toMatchObject({
      endsAt: Date.parse('2027-03-05T23:00:00Z'),
      event: { start: { date: '2027-03-05' }, end: { date: '2027-03-05' } },
    });
  });

  test('contains neither cancelled events nor events without times', () => {
    const gone = { ...hour('gone', 12, 13), status: 'cancelled' };
    expect(shown([event('bare'), gone], '2027-01-01T00:00:00Z', '2027-01-02T00:00:00Z')).toEqual([]);
  });

  test('contains an exception of a recurring event that is not in the calendar', () => {
    const guest = occurrence('guest', { ...hour('guest', 12, 13), recurringEventId: 'elsewhere' });
    expect(shown([guest], '2027-01-01T00:00:00Z', '2027-01-02T00:00:00Z')).toHaveLength(1);
  });
});
