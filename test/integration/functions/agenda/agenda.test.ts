/** The agenda from the mirror equals what the Calendar API lists with `singleEvents`, for calendars of every kind. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAgenda, readTimeZone } from '../../../../functions/agenda/index.ts';
import { agendaOf } from '../../../../functions/agenda/occurrences.ts';
import { createAgendaItems } from '../../../../functions/mirror/agenda-queries.ts';
import { collectionPath } from '../../../../functions/firestore/paths.ts';
import {
  agendaCase,
  agendaShown,
  listedBetween,
  makeCalendar,
  windowsOf,
  type AgendaCase,
} from '../../../support/agenda-calendar.ts';
import { clientOf } from '../../../support/emulator/client.ts';
import { ADA } from '../../../support/emulator/emulated.ts';
import { listAll } from '../../../support/emulator/pages.ts';
import { startBill } from '../../../support/firestore-bill.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** Shrinking ends before the test's timeout, so that a failure is reported with the shortest case found by then. */
const SHRINKING_MS = 45_000;

let bench: Awaited<ReturnType<typeof startSyncBench>>;
let ada: ReturnType<typeof clientOf>;

beforeAll(async () => {
  bench = await startSyncBench();
  ada = clientOf(bench.calendar.url, ADA);
});
afterAll(() => bench.close());

const watchOf = (calendarId: string): string =>
  `agenda-${calendarId.replaceAll(/[^a-z0-9]/gi, '-')}`.slice(0, 100);

/** Creates a calendar of Ada's and mirrors it. */
async function mirrored(calendar: AgendaCase, singleEvents: boolean): Promise<string> {
  const calendarId = await makeCalendar(ada, calendar);
  const watchId = watchOf(calendarId);
  await bench.writeSpec(watchId, { user: ADA, resource: 'events', calendarId, singleEvents });
  await bench.handle({ reason: 'poll', watchId });
  return calendarId;
}

test('the agenda from the events themselves is what the Calendar API lists with singleEvents', async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(agendaCase, async (calendar) => {
      const { zone } = calendar;
      const calendarId = await makeCalendar(ada, calendar);
      const { items } = await listAll(ada, calendarId);
      const events = items.map((item) => ({ ...item, id: item.id ?? '' }));
      for (const window of windowsOf(calendar)) {
        const { occurrences, notExpanded } = agendaOf(events, window, zone);
        expect(agendaShown(occurrences, zone)).toEqual(await listedBetween(ada, calendarId, window, zone));
        expect(notExpanded).toEqual([]);
        found += occurrences.length;
      }
    }),
    { numRuns: 60, seed: 20_291_001, interruptAfterTimeLimit: SHRINKING_MS },
  );
  expect(found).toBeGreaterThan(250);
});

test.each([[false], [true]])(
  'an agenda from the mirror is what the Calendar API lists in a window (singleEvents: %s)',
  async (singleEvents) => {
    await fc.assert(
      fc.asyncProperty(agendaCase, async (calendar) => {
        const { zone } = calendar;
        const calendarId = await mirrored(calendar, singleEvents);
        for (const { from, to } of windowsOf(calendar)) {
          const { occurrences } = await readAgenda(bench.firestore, {
            user: ADA,
            calendarId,
            from: new Date(from),
            to: new Date(to),
            timeZone: zone,
          });
          const listed = await listedBetween(ada, calendarId, { from, to }, zone);
          expect(agendaShown(occurrences, zone)).toEqual(listed);
        }
      }),
      { numRuns: 8, seed: 20_291_002, interruptAfterTimeLimit: SHRINKING_MS },
    );
  },
);

/** Half an hour on a day of January 2030. */
const on = (day: number) => ({
  start: { dateTime: `2030-01-${10 + day}T10:00:00Z`, timeZone: 'UTC' },
  end: { dateTime: `2030-01-${10 + day}T10:30:00Z`, timeZone: 'UTC' },
});

/** A calendar with three past events, two future ones, and a series with one cancelled and one moved occurrence. */
async function withPast(singleEvents: boolean): Promise<string> {
  const calendarId = await mirrored({ zone: 'UTC', events: [], edits: [], windows: [] }, singleEvents);
  for (const day of [1, 2, 3, 8, 9])
    await ada.events.insert({ calendarId, requestBody: { summary: 'once', ...on(day) } });
  const requestBody = { summary: 'daily', ...on(1), recurrence: ['RRULE:FREQ=DAILY;UNTIL=20300119T100000Z'] };
  const { data } = await ada.events.insert({ calendarId, requestBody });
  await ada.events.delete({ calendarId, eventId: `${data.id}_20300112T100000Z` });
  await ada.events.patch({ calendarId, eventId: `${data.id}_20300115T100000Z`, requestBody: on(20) });
  await bench.handle({ reason: 'poll', watchId: watchOf(calendarId) });
  return calendarId;
}

test.each([
  // The series, and the query that finds no exception.
  ['a day with a series', false, '2030-01-16', ['daily'], 2],
  ['a day with a cancelled occurrence', false, '2030-01-12', ['once'], 3],
  ['a day with a series and single events', false, '2030-01-13', ['daily', 'once'], 3],
  // The exception itself; its series has ended.
  ['a day with a moved occurrence', false, '2030-01-30', ['daily'], 1],
  ['a day without events', false, '2030-02-28', [], 1],
  ['a day with an occurrence', true, '2030-01-16', ['daily'], 1],
])('an agenda of %s reads no past or future events (singleEvents: %s)', async (...given) => {
  const [, singleEvents, day, expected, reads] = given;
  const calendarId = await withPast(singleEvents);
  const from = new Date(`${day}T00:00:00Z`);
  const to = new Date(from.getTime() + 86_400_000);
  const bill = startBill();
  try {
    const question = { user: ADA, calendarId, from, to, timeZone: 'UTC' };
    const { occurrences } = await readAgenda(bench.firestore, question);
    expect(occurrences.map(({ event }) => String(event['summary'])).toSorted()).toEqual(expected);
    expect(bill.total()).toEqual({ reads, writes: 0, deletes: 0 });
  } finally {
    bill.stop();
  }
});

test('an agenda is a snapshot, even while a series is being deleted', async () => {
  const calendarId = await withPast(false);
  const day = Date.parse('2030-01-12T00:00:00Z');
  const collection = collectionPath({ user: ADA, resource: 'events', calendarId });
  const found = createAgendaItems(bench.firestore).readAtOnce(
    collection,
    async ({ activeBetween, exceptionsBetween }) => {
      const active = await activeBetween(day, day + 86_400_000);
      await ada.events.delete({ calendarId, eventId: active[0]?.item.id ?? '' });
      await bench.handle({ reason: 'poll', watchId: watchOf(calendarId) });
      return exceptionsBetween(day, day + 86_400_000);
    },
  );
  await expect(found).resolves.toMatchObject([{ item: { status: 'cancelled' } }]);
});

test('a calendar’s time zone is read from the mirrored calendar list', async () => {
  const { data } = await ada.calendars.insert({ requestBody: { summary: 'far', timeZone: 'Asia/Tokyo' } });
  await bench.writeSpec('list', { user: ADA, resource: 'calendarList' });
  await bench.handle({ reason: 'poll', watchId: 'list' });
  const zone = (calendarId: string) => readTimeZone(bench.firestore, { user: ADA, calendarId });
  expect(await zone(data.id ?? '')).toBe('Asia/Tokyo');
  expect(await zone('unknown@example.com')).toBeUndefined();
});
