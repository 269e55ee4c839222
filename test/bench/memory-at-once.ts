/** How much memory sync takes for as many full syncs at once as Cloud Run gives an instance. */
import { collectionOf, startPipeline } from '../support/pipeline.ts';
import { until } from '../../infra/local/until.ts';
import { largeCalendar, USER } from './large-calendar.ts';
import { peakOf } from './peak.ts';

/** A measurement of several full syncs in one process. */
interface AtOnce {
  /** Events mirrored in the end, by all syncs. */
  readonly items: number;
  readonly seconds: number;
  /** The peak resident memory of sync's process, in MiB. */
  readonly peakMiB: number;
}

/** How long all of them may take, in ms. */
const PATIENCE_MS = 1_200_000;

/**
 * Starts `syncs` first full syncs of `events` events each in one process in the same moment, and measures until all are complete. The
 * emulator of Pub/Sub pushes only two messages at once, so the requests are made here. Each event has `bytes` more text.
 * @throws Error where /proc does not tell a process's peak, or when the mirror differs from the calendars.
 */
export async function memoryAtOnce(syncs: number, events: number, bytes = 0): Promise<AtOnce> {
  const watches = Array.from({ length: syncs }, (_, index) => {
    const calendarId = `large-${String(index)}@group.calendar.google.com`;
    return { id: `large-${String(index)}`, spec: { user: USER, resource: 'events', calendarId } as const };
  });
  const calendars = watches.map(({ spec }) => largeCalendar(spec.calendarId, events, bytes));
  const cloud = await startPipeline({ calendar: { initial: { users: [{ email: USER, calendars }] } } });
  try {
    await Promise.all(watches.map(({ id, spec }) => cloud.watch(id, spec)));
    const startedAt = performance.now();
    await Promise.all(watches.map(({ id }) => cloud.pushNow(id)));
    const isComplete = async ({ id }: { id: string }): Promise<boolean> =>
      (await cloud.firestore.doc(`watches/${id}`).get()).get('status.sync.completedAt') !== undefined;
    await until(async () => (await Promise.all(watches.map(isComplete))).every(Boolean), {
      what: 'every full sync is complete',
      withinMs: PATIENCE_MS,
      everyMs: 250,
    });
    const seconds = (performance.now() - startedAt) / 1000;
    let items = 0;
    for (const { spec } of watches) {
      items += (await cloud.firestore.collection(collectionOf(spec)).count().get()).data().count;
    }
    if (items !== syncs * events)
      throw new Error(`${String(items)} items are mirrored, not ${String(syncs * events)}`);
    return { items, seconds, peakMiB: await peakOf(cloud.pid('sync')) };
  } finally {
    await cloud[Symbol.asyncDispose]();
  }
}
