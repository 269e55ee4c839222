/** An agenda reads the documents that it needs, and no others. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  agendaOf,
  agendaFrom,
  originalSpans,
  type Occurrence,
} from '../../../../functions/agenda/occurrences.ts';
import { anyCalendar, FIRST, itemsOf, timeOf, ZONES, type Calendar } from '../../../support/any-calendar.ts';
import { readsOf } from '../../../support/mirror-reads.ts';
import { event } from '../../../support/sample-items.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
const WINDOW = { from: FIRST, to: FIRST + 7 * DAY };

const windowOf = ({ from, length }: Calendar) => ({
  from: FIRST + from * HOUR,
  to: FIRST + (from + length) * HOUR,
});

describe('an agenda from the documents that it reads', () => {
  test('equals the agenda from all documents, for any calendar and window', async () => {
    let [seen, skipped] = [0, 0];
    await fc.assert(
      fc.asyncProperty(anyCalendar, async (given) => {
        const items = itemsOf(given);
        const window = windowOf(given);
        const { reads, read } = readsOf(items, given.timeZone);
        const whole = agendaOf(items, window, given.timeZone);
        const agenda = await agendaFrom(reads, window, given.timeZone);
        expect(agenda.occurrences).toEqual(whole.occurrences);
        seen += whole.occurrences.length;
        skipped += items.filter(({ id }) => !read.includes(id)).length;
      }),
      { numRuns: 50 },
    );
    expect(seen).toBeGreaterThan(20);
    expect(skipped).toBeGreaterThan(20);
  });

  test('is the same in another zone than the mirror’s, except at its edges', async () => {
    await fc.assert(
      fc.asyncProperty(anyCalendar, fc.constantFrom(...ZONES), async (given, asked) => {
        const items = itemsOf(given);
        const { from, to } = windowOf(given);
        const agenda = await agendaFrom(readsOf(items, given.timeZone).reads, { from, to }, asked);
        const whole = agendaOf(items, { from, to }, asked);
        expect(whole.occurrences).toEqual(expect.arrayContaining([...agenda.occurrences]));
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['with an invalid rule', { recurrence: ['RRULE:FREQ=SOMETIMES'] }],
    ['with an invalid end', { end: { dateTime: 'later' }, recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] }],
  ])('reports a series %s for as long as it may recur', async (_, more) => {
    const start = timeOf(FIRST, false);
    const odd = event('odd', { start, end: timeOf(FIRST + HOUR, false), ...more });
    const window = { from: FIRST + 300 * DAY, to: FIRST + 301 * DAY };
    const { notExpanded } = await agendaFrom(readsOf([odd], 'UTC').reads, window, 'UTC');
    expect(notExpanded.map(({ id }) => id)).toEqual(['odd']);
  });
});

const timed = (startsAt: number): Occurrence => ({
  startsAt,
  endsAt: startsAt + HOUR,
  event: event('x', { originalStartTime: { dateTime: new Date(startsAt).toISOString() } }),
});
const day = (date: string): Occurrence => ({
  startsAt: Date.parse(date),
  endsAt: Date.parse(date) + DAY,
  event: event('x', { originalStartTime: { date } }),
});

const shown = (...occurrences: Occurrence[]): string[] =>
  originalSpans(occurrences, WINDOW).map(({ first, last }) => `${iso(first)} ${iso(last)}`);

describe('the spans in which exceptions are queried', () => {
  test('are empty if no series has an occurrence', () => {
    expect(shown()).toEqual([]);
  });

  test('are a single one from the first start in the window to the last', () => {
    expect(shown(timed(FIRST + 5 * HOUR), timed(FIRST + 50 * HOUR), timed(FIRST + 30 * HOUR))).toEqual([
      '2027-01-01T05:00 2027-01-03T02:00',
    ]);
  });

  test('are separate ones for occurrences that started before the window', () => {
    expect(shown(timed(FIRST - 500 * HOUR), timed(FIRST), timed(FIRST - 2 * HOUR))).toEqual([
      '2026-12-11T04:00 2026-12-11T04:00',
      '2026-12-31T22:00 2026-12-31T22:00',
      '2027-01-01T00:00 2027-01-01T00:00',
    ]);
  });

  test('cover a date in any zone, and are merged if they overlap', () => {
    expect(shown(day('2026-12-20'), day('2026-12-29'), day('2026-12-30'), day('2027-01-02'))).toEqual([
      '2026-12-19T10:00 2026-12-20T12:00',
      '2026-12-28T10:00 2026-12-30T12:00',
      '2027-01-01T10:00 2027-01-02T12:00',
    ]);
  });
});
