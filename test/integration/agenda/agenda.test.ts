/** The agenda out of the mirror against what the Calendar API lists with `singleEvents`, for calendars of every kind. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAgenda } from '../../../functions/agenda/index.ts';
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
import { startSyncBench } from '../../support/sync-bench.ts';

let bench: Awaited<ReturnType<typeof startSyncBench>>;
let ada: ReturnType<typeof clientOf>;

beforeAll(async () => {
  bench = await startSyncBench();
  ada = clientOf(bench.calendar.url, ADA);
});
afterAll(() => bench.close());

/** Makes a calendar of Ada's and mirrors it. */
async function mirrored(calendar: AgendaCase, singleEvents: boolean): Promise<string> {
  const calendarId = await makeCalendar(ada, calendar);
  const watchId = `agenda-${calendarId.replaceAll(/[^a-z0-9]/gi, '-')}`.slice(0, 100);
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
    { numRuns: 60, seed: 20_291_001 },
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
      { numRuns: 8, seed: 20_291_002 },
    );
  },
);
