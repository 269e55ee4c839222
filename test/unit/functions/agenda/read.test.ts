/** An agenda reads the documents that it needs, and no others. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  agendaOf,
  agendaFrom,
  originalSpans,
  type Occurrence,
} from '../../../../functions/agenda/occurrences.ts';
import { seriesEnd } from '../../../../functions/calendar/recurrence/occurrences.ts';
import type { Item } from '../../../../functions/calendar/resources.ts';
import type { AgendaReads } from '../../../../functions/mirror/agenda-queries.ts';
import type { MirroredItem } from '../../../../functions/mirror/items.ts';
import { eventFields } from '../../../../functions/sync/event-fields.ts';
import { event } from '../../../support/sample-items.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FIRST = Date.parse('2027-01-01T00:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
const WINDOW = { from: FIRST, to: FIRST + 7 * DAY };
const ZONES = ['UTC', 'Europe/Zurich', 'America/New_York', 'Pacific/Auckland'] as const;

/** The queries of a mirror over items in memory, as in Firestore: null is in no range. */
function readsOf(items: readonly Item[], timeZone: string) {
  const documents = items.map((item) => ({ item, ...eventFields(item, timeZone, seriesEnd) }));
  const read: string[] = [];
  const answer = (found: readonly { readonly item: Item }[]): Promise<MirroredItem[]> => {
    read.push(...found.map(({ item }) => item.id));
    return Promise.resolve(
      found.map(({ item }) => ({ item, etag: null, omitted: [], sequence: 1, beside: {} })),
    );
  };
  const reads: AgendaReads = {
    activeBetween: (from, to) =>
      answer(
        documents.filter(
          ({ activeUntil, startsAt }) =>
            activeUntil !== null && activeUntil > from && startsAt !== null && startsAt < to,
        ),
      ),
    exceptionsBetween: (first, last) =>
      answer(documents.filter(({ originalStartsAt: at }) => at !== null && at >= first && at <= last)),
  };
  return { reads, read };
}

const time = (ms: number, wholeDays: boolean) =>
  wholeDays
    ? { date: new Date(ms).toISOString().slice(0, 10) }
    : { dateTime: new Date(ms).toISOString(), timeZone: 'UTC' };

const recipe = fc.record({
  day: fc.integer({ min: 0, max: 90 }),
  hour: fc.integer({ min: 0, max: 23 }),
  wholeDays: fc.boolean(),
  hours: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 400 })),
  zone: fc.constantFrom(...ZONES),
  rule: fc.option(
    fc.record({
      frequency: fc.constantFrom('DAILY', 'DAILY;INTERVAL=5', 'WEEKLY', 'MONTHLY', 'SOMETIMES'),
      end: fc.oneof(
        fc.constant(''),
        fc.integer({ min: 1, max: 20 }).map((count) => `;COUNT=${count}`),
        fc.integer({ min: 0, max: 120 }).map((day) => {
          const until = new Date(FIRST + day * DAY).toISOString().slice(0, 10).replaceAll('-', '');
          return `;UNTIL=${until}T120000Z`;
        }),
      ),
    }),
  ),
});

const edit = fc.record({
  series: fc.nat(9),
  occurrence: fc.nat(30),
  what: fc.oneof(fc.constantFrom('cancel', 'bare', 'rename'), fc.integer({ min: -2000, max: 2000 })),
});

const calendar = fc.record({
  timeZone: fc.constantFrom(...ZONES),
  recipes: fc.array(recipe, { minLength: 1, maxLength: 5 }),
  edits: fc.array(edit, { maxLength: 8 }),
  from: fc.integer({ min: -3 * 24, max: 120 * 24 }),
  length: fc.oneof(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 1, max: 1500 })),
});
type Calendar = typeof calendar extends fc.Arbitrary<infer T> ? T : never;

function eventOf({ day, hour, wholeDays, hours, zone, rule }: Calendar['recipes'][number], index: number) {
  const start = FIRST + day * DAY + (wholeDays ? 0 : hour * HOUR);
  return event(`e${index}`, {
    start: { ...time(start, wholeDays), ...(wholeDays ? {} : { timeZone: zone }) },
    end: { ...time(start + hours * HOUR, wholeDays), ...(wholeDays ? {} : { timeZone: zone }) },
    ...(rule ? { recurrence: [`RRULE:FREQ=${rule.frequency}${rule.end}`] } : {}),
  });
}

/** An exception of an occurrence, after an edit. */
function exceptionOf({ event: occurrence, startsAt, endsAt }: Occurrence, what: string | number): Item {
  const { id, originalStartTime, recurringEventId } = occurrence;
  const bare = { id, originalStartTime, recurringEventId, status: 'cancelled' };
  if (what === 'bare') return bare;
  if (what === 'cancel') return { ...occurrence, ...bare };
  if (typeof what === 'string') return { ...occurrence, summary: what };
  const moved = (at: number) => ({ dateTime: new Date(at + what * HOUR).toISOString() });
  return { ...occurrence, start: moved(startsAt), end: moved(endsAt) };
}

function itemsOf({ timeZone, recipes, edits }: Calendar): Item[] {
  const items = new Map(recipes.map((each, index) => [`e${index}`, eventOf(each, index)]));
  const wide = { from: FIRST - 40 * DAY, to: FIRST + 200 * DAY };
  const series = [...items.values()]
    .filter((item) => item['recurrence'] !== undefined)
    .map((item) => agendaOf([item], wide, timeZone).occurrences);
  for (const each of edits) {
    const occurrences = series[each.series % Math.max(1, series.length)] ?? [];
    const occurrence = occurrences[each.occurrence % Math.max(1, occurrences.length)];
    if (occurrence) items.set(occurrence.event.id, exceptionOf(occurrence, each.what));
  }
  return [...items.values()];
}

const windowOf = ({ from, length }: Calendar) => ({
  from: FIRST + from * HOUR,
  to: FIRST + (from + length) * HOUR,
});

describe('an agenda from the documents that it reads', () => {
  test('equals the agenda from all documents, for any calendar and window', async () => {
    let [seen, skipped] = [0, 0];
    await fc.assert(
      fc.asyncProperty(calendar, async (given) => {
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
      fc.asyncProperty(calendar, fc.constantFrom(...ZONES), async (given, asked) => {
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
    const start = time(FIRST, false);
    const odd = event('odd', { start, end: time(FIRST + HOUR, false), ...more });
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
