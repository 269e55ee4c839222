/** How much memory sync takes over a calendar of that size: a full sync, and one with a sweep after a dead sync token. */
import { readFile } from 'node:fs/promises';
import { handled } from '../support/marker.ts';
import { collectionOf, startPipeline, type Pipeline } from '../support/pipeline.ts';
import { until } from '../../infra/local/until.ts';
import { idOf, largeCalendar, USER } from './large-calendar.ts';
import { figure, type Result, type Size } from './figures.ts';

/** What the smallest instance that sync is deployed to has left, in MiB. */
const MOST_MIB = 256;

/** One part of the measurement. */
export interface MemoryRow {
  readonly part: string;
  /** Items mirrored when it was over. */
  readonly items: number;
  /** Changes announced in it. */
  readonly changes: number;
  readonly listCalls: number;
  readonly seconds: number;
  /** The most memory that the process of sync had resident, in MiB. */
  readonly peakMiB: number;
}

const CALENDAR = 'large@group.calendar.google.com';
const SPEC = { user: USER, resource: 'events', calendarId: CALENDAR } as const;
const WATCH = 'large';
/** As long as anybody would wait for a calendar of a million events. */
const PATIENCE_MS = 3_600_000;

/**
 * Measures with a calendar of so many events. Each part has a sync of its own, started afresh.
 * @throws Error where the system does not tell a process's peak (it is read from /proc), or when the mirror is not the calendar.
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
    const rows: MemoryRow[] = [{ ...idle, peakMiB: await peakOf(cloud) }];

    tell(`the first full sync of ${events} events`);
    await cloud.watch(WATCH, SPEC);
    rows.push(await part(cloud, 'first full sync', events));

    // What is left unanswered comes again, and costs a list call that is not to be measured; who is asked to end answers first.
    await handled(cloud, WATCH);
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
  return {
    figures: rows.flatMap(({ part: name, items, seconds, peakMiB }) => [
      ...(seconds > 0 ? [figure(`${name}, ${items} items`, 's', [seconds])] : []),
      figure(`${name}, ${items} items: peak`, 'MiB', [peakMiB]),
    ]),
    marks: [
      { what: 'highest peak, MiB', value: Math.max(...rows.map(({ peakMiB }) => peakMiB)), most: MOST_MIB },
    ],
  };
}

/** Runs the sync that is called for, and measures until it is complete. */
async function part(cloud: Pipeline, name: string, items: number): Promise<MemoryRow> {
  const [before, calls] = [await state(cloud), cloud.calls(USER).length];
  const startedAt = performance.now();
  await cloud.look(WATCH);
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
    peakMiB: await peakOf(cloud),
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

/** The most memory that sync has had resident since it started, in MiB. */
async function peakOf(cloud: Pipeline): Promise<number> {
  const path = `/proc/${cloud.pid('sync')}/status`;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(path, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`${path} does not tell VmHWM`);
  return Number(kilobytes) / 1024;
}
