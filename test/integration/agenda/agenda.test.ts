/** The agenda out of the mirror against what the Calendar API lists with `singleEvents`, for calendars of every kind. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAgenda, readTimeZone } from '../../../functions/agenda/index.ts';
import { agendaOf } from '../../../functions/agenda/occurrences.ts';
import {
  agendaCase,
  agendaShown,
  listedBetween,
  makeCalendar,
  windowsOf,
  type AgendaCase,
} from '../../support/agenda-calendar.ts';
import { clientOf } from '../../support/calendar/client.ts';
import { ADA } from '../../support/calendar/emulated.ts';
import { listAll } from '../../support/calendar/pages.ts';
import { startBill } from '../../support/firestore-bill.ts';
import { startSyncBench } from '../../support/sync-bench.ts';

/** A failure is to be told before the test's own time is up, by the shortest case found until then. */
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

/** Makes a calendar of Ada's and mirrors it. */
async function mirrored(calendar: AgendaCase, singleEvents: boolean): Promise<string> {
  const calendarId = await makeCalendar(ada, calendar);
  const watchId = watchOf(calendarId);
  await bench.wish(watchId, { user: ADA, resource: 'events', calendarId, singleEvents });
  await bench.handle({ reason: 'poll', watchId });
  return calendarId;
}

test('what is on in a window is what the Calendar API lists with singleEvents, out of the events themselves', async () => {
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
  'one query of the mirror answers what is on in a window (singleEvents: %s)',
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
            singleEvents,
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

/** A calendar with a past of three events, a future of two, and a series of which one occurrence is cancelled and one moved. */
async function withPast(singleEvents: boolean): Promise<string> {
  const calendarId = await mirrored({ zone: 'UTC', events: [], edits: [], windows: [] }, singleEvents);
  for (const day of [1, 2, 3, 8, 9])
    await ada.events.insert({ calendarId, requestBody: { summary: 'once', ...on(day) } });
  const requestBody = { summary: 'daily', ...on(1), recurrence: ['RRULE:FREQ=DAILY;COUNT=9'] };
  const { data } = await ada.events.insert({ calendarId, requestBody });
  await ada.events.delete({ calendarId, eventId: `${data.id}_20300112T100000Z` });
  await ada.events.patch({ calendarId, eventId: `${data.id}_20300115T100000Z`, requestBody: on(20) });
  await bench.handle({ reason: 'poll', watchId: watchOf(calendarId) });
  return calendarId;
}

test.each([
  // Three past events, the series, its two exceptions.
  ['every event that began before its end and every changed occurrence', false, 6],
  ['no more than what is on', true, 1],
])('an agenda reads %s (singleEvents: %s)', async (_, singleEvents, reads) => {
  const calendarId = await withPast(singleEvents);
  const from = new Date('2030-01-16T00:00:00Z');
  const to = new Date('2030-01-17T00:00:00Z');
  const bill = startBill();
  try {
    const question = { user: ADA, calendarId, from, to, timeZone: 'UTC', singleEvents };
    const { occurrences } = await readAgenda(bench.firestore, question);
    expect(occurrences.map(({ event }) => event['summary'])).toEqual(['daily']);
    expect(bill.total()).toEqual({ reads, writes: 0, deletes: 0 });
  } finally {
    bill.stop();
  }
});

test('a calendar’s time zone comes out of the mirrored calendar list', async () => {
  const { data } = await ada.calendars.insert({ requestBody: { summary: 'far', timeZone: 'Asia/Tokyo' } });
  await bench.wish('list', { user: ADA, resource: 'calendarList' });
  await bench.handle({ reason: 'poll', watchId: 'list' });
  const zone = (calendarId: string) => readTimeZone(bench.firestore, { user: ADA, calendarId });
  expect(await zone(data.id ?? '')).toBe('Asia/Tokyo');
  expect(await zone('nobody@example.com')).toBeUndefined();
});
