/** How much memory sync takes for a large calendar: a full sync, and one with a sweep after an invalid sync token. */
import { untilHandled } from '../support/marker.ts';
import { collectionOf, startPipeline, type Pipeline } from '../support/pipeline.ts';
import { until } from '../../infra/local/until.ts';
import { PAGES_AT_ONCE } from '../../functions/sync/create.ts';
import { idOf, largeCalendar, USER } from './large-calendar.ts';
import { memoryAtOnce } from './memory-at-once.ts';
import { peakOf } from './peak.ts';
import { figure, type Result, type Size } from './figures.ts';

/** The most MiB of one sync, and of as many as an instance of 512 MiB serves at once. */
const MOST_MIB = { one: 256, atOnce: 400 };

/** One part of the measurement. */
export interface MemoryRow {
  readonly part: string;
  /** Items mirrored in the end. */
  readonly items: number;
  /** Changes announced. */
  readonly changes: number;
  readonly listCalls: number;
  readonly seconds: number;
  /** The peak resident memory of sync's process, in MiB. */
  readonly peakMiB: number;
}

const CALENDAR = 'large@group.calendar.google.com';
const SPEC = { user: USER, resource: 'events', calendarId: CALENDAR } as const;
const WATCH = 'large';
/** How long a calendar of a million events may take, in ms. */
const PATIENCE_MS = 3_600_000;

/**
 * Measures with a calendar of `count` events. Each part starts sync anew.
 * @throws Error where /proc does not tell a process's peak, or when the mirror differs from the calendar.
 */
export async function memoryOver(
  events: number,
  tell: (what: string) => void,
): Promise<readonly MemoryRow[]> {
  const cloud = await startPipeline({
    calendar: { initial: { users: [{ email: USER, calendars: [largeCalendar(CALENDAR, events)] }] } },
  });
  try {
    const idle = { part: 'after the start', items: 0, changes: 0, listCalls: 0, seconds: 0 };
    const rows: MemoryRow[] = [{ ...idle, peakMiB: await peakOf(cloud.pid('sync')) }];

    tell(`the first full sync of ${events} events`);
    await cloud.watch(WATCH, SPEC);
    rows.push(await part(cloud, 'first full sync', events));

    // A message without an acknowledgement is redelivered, and its list call would be measured too; a process that is asked to end responds
    // first.
    await untilHandled(cloud, WATCH);
    await cloud.end('sync');
    await cloud.restart('sync');
    const gone = Math.ceil(events / 10);
    tell(`deleting ${gone} of them`);
    const api = cloud.as(USER);
    for (let index = 0; index < gone; index += 1)
      await api.remove(`calendars/${CALENDAR}/events/${idOf(index * 10)}`);
    cloud.calendar.store.expireSyncTokens();
    tell('a full sync after a dead sync token, and its sweep');
    rows.push(await part(cloud, 'full sync and sweep after 410', events - gone));
    return rows;
  } finally {
    await cloud[Symbol.asyncDispose]();
  }
}

/** The row of the benchmark. */
export async function measureMemory(size: Size, tell: (line: string) => void): Promise<Result> {
  const rows = await memoryOver(size === 'full' ? 100_000 : 300, tell);
  const events = size === 'full' ? 5_000 : 60;
  tell(`${String(PAGES_AT_ONCE)} full syncs of ${String(events)} events at once`);
  const atOnce = await memoryAtOnce(PAGES_AT_ONCE, events);
  return {
    figures: [
      ...rows.flatMap(({ part: name, items, seconds, peakMiB }) => [
        ...(seconds > 0 ? [figure(`${name}, ${items} items`, 's', [seconds])] : []),
        figure(`${name}, ${items} items: peak`, 'MiB', [peakMiB]),
      ]),
      figure(`${PAGES_AT_ONCE} full syncs at once, ${atOnce.items} items`, 's', [atOnce.seconds]),
    ],
    marks: [
      {
        what: 'peak of one sync, MiB',
        value: Math.max(...rows.map((row) => row.peakMiB)),
        most: MOST_MIB.one,
      },
      { what: `peak of ${PAGES_AT_ONCE} at once, MiB`, value: atOnce.peakMiB, most: MOST_MIB.atOnce },
    ],
  };
}

/** Runs the sync that is requested, and measures until it is complete. */
async function part(cloud: Pipeline, name: string, items: number): Promise<MemoryRow> {
  const [before, calls] = [await state(cloud), cloud.calls(USER).length];
  const startedAt = performance.now();
  await cloud.requestSync(WATCH);
  const after = await until(
    async () => {
      const now = await state(cloud);
      return now.completedAt > before.completedAt && now;
    },
    { what: `the ${name} is complete`, withinMs: PATIENCE_MS, everyMs: 250 },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const mirrored = await cloud.firestore.collection(collectionOf(SPEC)).count().get();
  if (mirrored.data().count !== items)
    throw new Error(`${mirrored.data().count} items are mirrored, not ${items}`);
  return {
    part: name,
    items,
    changes: after.sequence - before.sequence,
    listCalls: cloud.calls(USER).length - calls,
    seconds,
    peakMiB: await peakOf(cloud.pid('sync')),
  };
}

async function state({ firestore }: Pipeline): Promise<{ sequence: number; completedAt: number }> {
  const sync: unknown = (await firestore.doc(`watches/${WATCH}`).get()).get('status.sync');
  const { sequence = 0, completedAt } = (sync ?? {}) as {
    sequence?: number;
    completedAt?: { toMillis(): number };
  };
  return { sequence, completedAt: completedAt?.toMillis() ?? 0 };
}
