/** How fast a first full sync is, beside a bare loop that lists the same pages and writes the same bytes. */
import type { Firestore } from '@google-cloud/firestore';
import { EVENTS_PAGE } from '../../functions/calendar/resources.ts';
import { fit } from '../../functions/mirror/data.ts';
import { itemDocument } from '../../functions/mirror/items.ts';
import { loadEventFields } from '../../functions/sync/event-fields.ts';
import { readPage } from '../../functions/sync/read-page.ts';
import { clientOf } from '../support/emulator/client.ts';
import { startSyncBench } from '../support/sync-bench.ts';
import { figure, ratio, type Result, type Size } from './figures.ts';
import { largeCalendar, USER } from './large-calendar.ts';

const WATCH = 'rate';
const CALENDAR = 'large@group.calendar.google.com';

/** Lists and writes, with nothing that would survive a crash: no comparison, numbers, outbox or feed. */
async function bareLoop(url: string, firestore: Firestore): Promise<void> {
  const api = clientOf(url, USER);
  const writer = firestore.bulkWriter({ throttling: false });
  let pageToken: string | undefined;
  do {
    const { data } = await api.events.list({
      calendarId: CALENDAR,
      maxResults: EVENTS_PAGE,
      ...(pageToken && { pageToken }),
    });
    const { items } = readPage('bare', data.items ?? []);
    const fieldsOf = await loadEventFields([...items.values()], data.timeZone ?? undefined);
    for (const [id, item] of items) {
      const document = itemDocument(fit(item), 1, fieldsOf(item));
      // `close` waits for every write and reports failures.
      void writer.set(firestore.doc(`bare/${id}`), document);
    }
    pageToken = data.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  await writer.close();
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** Both run in this process, beside the Calendar emulator, so that the code of sync is measured without functions-framework. */
export async function measureSyncRate(size: Size, tell: (line: string) => void): Promise<Result> {
  const [events, runs] = size === 'full' ? [50_000, 1] : [300, 1];
  const initial = { users: [{ email: USER, calendars: [largeCalendar(CALENDAR, events)] }] };
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    const bench = await startSyncBench({ SYNC_DEADLINE_SECONDS: '3600' }, { initial });
    try {
      tell(`${events} events in a bare loop`);
      bare.push(events / (await secondsOf(() => bareLoop(bench.calendar.url, bench.firestore))));
      tell(`${events} events by sync`);
      await bench.writeSpec(WATCH, { user: USER, resource: 'events', calendarId: CALENDAR });
      ours.push(events / (await secondsOf(() => bench.handle({ reason: 'poll', watchId: WATCH }))));
      if (bench.published.length !== events)
        throw new Error(`${bench.published.length} changes were announced`);
    } finally {
      await bench.close();
    }
  }
  const [synced, looped] = [figure('sync: events', '/s', ours), figure('bare loop: events', '/s', bare)];
  return { figures: [synced, looped], marks: [ratio('sync / bare loop', synced, looped, { least: 0.8 })] };
}
