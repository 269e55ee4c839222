import { describe, expect, test } from 'vitest';
import { agendaOf } from '../../../functions/agenda/occurrences.ts';
import type { Item } from '../../../functions/calendar/resources.ts';
import { event, occurrence } from '../../support/sample-items.ts';

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
/** What is on, as `id start`. */
const shown = (...question: Parameters<typeof on>): string[] =>
  on(...question).occurrences.map(
    ({ event: { id }, startsAt }) => `${id} ${new Date(startsAt).toISOString()}`,
  );

describe('a recurring event', () => {
  test('is on at the same time of day in winter and in summer, and named as Google names its occurrences', () => {
    expect(shown([WEEKLY], '2027-03-22T00:00:00Z', '2027-03-31T00:00:00Z')).toEqual([
      'series_20270322T080000Z 2027-03-22T08:00:00.000Z',
      'series_20270329T070000Z 2027-03-29T07:00:00.000Z',
    ]);
  });

  test('is there as an event of its own for each occurrence, with the recurring event’s fields but the rule', () => {
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

  test('without an end is on centuries later', () => {
    expect(shown([WEEKLY], '2327-01-01T00:00:00Z', '2327-01-08T00:00:00Z')).toHaveLength(1);
  });

  test.each([
    ['of which an occurrence was cancelled', { status: 'cancelled' }, []],
    [
      'of which an occurrence was renamed',
      { summary: 'special', ...timed('2027-03-22T09:00:00+01:00', '2027-03-22T10:00:00+01:00') },
      ['changed 2027-03-22T08:00:00.000Z'],
    ],
    [
      'of which an occurrence was moved within the window',
      timed('2027-03-23T20:00:00+01:00', '2027-03-23T21:00:00+01:00'),
      ['changed 2027-03-23T19:00:00.000Z'],
    ],
    [
      'of which an occurrence was moved out of the window',
      timed('2028-01-01T20:00:00+01:00', '2028-01-01T21:00:00+01:00'),
      [],
    ],
  ])('%s shows that one as it is now and nothing in its old place', (_, now, expected) => {
    // The same moment in another zone: what counts is the moment.
    const originalStartTime = { dateTime: '2027-03-22T08:00:00Z', timeZone: 'UTC' };
    const changed = occurrence('changed', { originalStartTime, ...now });
    expect(shown([WEEKLY, changed], '2027-03-22T00:00:00Z', '2027-03-24T00:00:00Z')).toEqual(expected);
  });

  test('is not disturbed by a changed occurrence of another', () => {
    const other = {
      ...event('x', { status: 'cancelled', recurringEventId: 'other', originalStartTime: MARCH_22 }),
    };
    expect(shown([WEEKLY, other], '2027-03-22T00:00:00Z', '2027-03-24T00:00:00Z')).toHaveLength(1);
  });

  test('of whole days begins at midnight of the calendar’s zone, on both sides of the date line', () => {
    const daily = event('days', { ...days('2027-03-01', '2027-03-02'), recurrence: ['RRULE:FREQ=DAILY'] });
    const within = (from: string, to: string, zone: string) => shown([daily], from, to, zone);
    // By then it is another day in UTC.
    expect(within('2027-03-31T12:00:00Z', '2027-03-31T13:00:00Z', 'Pacific/Auckland')).toEqual([
      'days_20270401 2027-03-31T11:00:00.000Z',
    ]);
    expect(within('2027-04-02T08:00:00Z', '2027-04-02T09:00:00Z', 'Pacific/Honolulu')).toEqual([
      'days_20270401 2027-04-01T10:00:00.000Z',
    ]);
  });

  test('of whole days has a cancelled occurrence by its date', () => {
    const daily = event('series', { ...days('2027-03-01', '2027-03-02'), recurrence: ['RRULE:FREQ=DAILY'] });
    const cancelled = occurrence('c', { status: 'cancelled', originalStartTime: { date: '2027-03-06' } });
    expect(shown([daily, cancelled], '2027-03-05T12:00:00Z', '2027-03-07T12:00:00Z', 'UTC')).toEqual([
      'series_20270305 2027-03-05T00:00:00.000Z',
      'series_20270307 2027-03-07T00:00:00.000Z',
    ]);
  });

  test.each([
    ['cannot be read', { recurrence: ['RRULE:FREQ=SOMETIMES'] }],
    ['has a line of another kind', { recurrence: ['X-RULE:FREQ=DAILY'] }],
    ['excludes what is no date', { recurrence: ['RRULE:FREQ=DAILY', 'EXDATE:tomorrow'] }],
    ['names every second', { recurrence: ['RRULE:FREQ=SECONDLY'] }],
    ['counts from a start that is no time', { start: { dateTime: 'soon' } }],
    ['counts in a zone that nobody knows', { start: { ...MARCH_22, timeZone: 'Europe/Atlantis' } }],
  ])('whose rule %s is named as not expanded, and hides nothing else', (_, more) => {
    const odd = { ...WEEKLY, id: 'odd', ...more };
    const answer = on([odd, WEEKLY], '2027-03-22T00:00:00Z', '2027-03-23T00:00:00Z');
    expect(answer.notExpanded).toEqual(['odd']);
    expect(answer.occurrences).toHaveLength(1);
  });
});

describe('a window', () => {
  test('has what ends after its beginning and starts before its end, in order', () => {
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

  test('has an occurrence that began long before it and lasts into it', () => {
    const long = event('long', { ...days('2027-01-01', '2027-01-20'), recurrence: ['RRULE:FREQ=MONTHLY'] });
    expect(shown([long], '2027-03-19T00:00:00Z', '2027-03-19T01:00:00Z', 'UTC')).toEqual([
      'long_20270301 2027-03-01T00:00:00.000Z',
    ]);
  });

  test('has no event without times, and no cancelled one', () => {
    const gone = { ...hour('gone', 12, 13), status: 'cancelled' };
    expect(shown([event('bare'), gone], '2027-01-01T00:00:00Z', '2027-01-02T00:00:00Z')).toEqual([]);
  });

  test('has a changed occurrence of a recurring event that is not in the calendar', () => {
    const guest = occurrence('guest', { ...hour('guest', 12, 13), recurringEventId: 'elsewhere' });
    expect(shown([guest], '2027-01-01T00:00:00Z', '2027-01-02T00:00:00Z')).toHaveLength(1);
  });
});
