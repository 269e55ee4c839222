/** What a moment costs: what renew and sync do for a watch that is due for its clock. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import { renew } from '../../functions/renew/run.ts';
import { handleNotification } from '../../functions/sync/engine.ts';
import { startBill } from '../support/firestore-bill.ts';
import { RULES } from '../support/sample-watch.ts';
import { startSyncBench } from '../support/sync-bench.ts';
import { largeCalendar } from './large-calendar.ts';
import type { ClockCounts, Counted } from './prices.ts';

const SECOND = 1000;
const LEAD = 90 * SECOND;
/** Watches that are due together, to count what one more of them costs. */
const MORE = 10;
/** Events of each calendar that are not due. */
const OTHERS = 100;
const CLOCK = ['-PT10M', 'start', 'end'];

const part = (counted: Counted, among: number): Counted => ({
  reads: counted.reads / among,
  writes: counted.writes / among,
  deletes: counted.deletes / among,
  calls: counted.calls / among,
  published: counted.published / among,
});

/** Counts what renew and sync do for one watch of which one moment is due. */
export async function countClock(): Promise<ClockCounts> {
  const startsAt = Math.floor(Date.now() / SECOND) * SECOND + 60 * SECOND;
  const watches = Array.from({ length: MORE + 1 }, (_, index) => ({
    id: `clock-${String(index)}`,
    user: `clock-${String(index)}@example.com`,
  }));
  const due = {
    id: 'eventdue',
    summary: 'At nine',
    start: { dateTime: new Date(startsAt).toISOString() },
    end: { dateTime: new Date(startsAt + 3600 * SECOND).toISOString() },
  };
  const users = watches.map(({ user: email }) => {
    const calendar = largeCalendar(email, OTHERS);
    return { email, calendars: [{ ...calendar, events: [...calendar.events, due] }] };
  });
  const bench = await startSyncBench({}, { initial: { users } });
  let published = 0;
  const publish = (): Promise<string> => Promise.resolve(String((published += 1)));
  const calls = (): number => bench.calendar.journal.requests().length;

  const count = async (action: () => Promise<unknown>): Promise<Counted> => {
    const [callsBefore, publishedBefore] = [calls(), published];
    const counting = startBill();
    try {
      await action();
    } finally {
      counting.stop();
    }
    return { ...counting.total(), calls: calls() - callsBefore, published: published - publishedBefore };
  };
  const runRenew = (): Promise<Counted> =>
    count(() =>
      renew({
        ...bench.context,
        publishNotification: publish,
        address: 'http://127.0.0.1:1/',
        key: { id: 'k1', secret: createSecretKey(randomBytes(32)) },
        rules: RULES,
        concurrency: 32,
        budgetMs: 45_000,
        // No upkeep.
        random: () => 0.5,
      }),
    );
  const makeDue = async (some: typeof watches): Promise<void> => {
    for (const { id } of some) {
      await bench.firestore.doc(`watches/${id}`).update({
        'status.checkAt': Timestamp.fromMillis(Date.now() + 3600 * SECOND),
        'status.clock.until': Timestamp.fromMillis(startsAt - 2 * LEAD),
        'status.clock.nextAt': Timestamp.fromMillis(startsAt),
        nextDueAt: Timestamp.fromMillis(startsAt - LEAD),
      });
    }
  };
  const context = { ...bench.context, publishClock: publish };
  try {
    for (const { id, user } of watches) {
      await bench.writeSpec(id, { user, resource: 'events', calendarId: user, clock: CLOCK });
      await handleNotification(context, { reason: 'poll', watchId: id }, Date.now() + SECOND);
    }
    await makeDue(watches.slice(0, 1));
    // Those that are not due yet are as a check has left them.
    const later = Timestamp.fromMillis(Date.now() + 3600 * SECOND);
    for (const { id } of watches.slice(1))
      await bench.firestore.doc(`watches/${id}`).update({ nextDueAt: later });
    const one = await runRenew();
    await makeDue(watches);
    const all = await runRenew();
    await makeDue(watches);
    const step = await count(async () => {
      for (const { id } of watches)
        await handleNotification(context, { reason: 'clock', watchId: id }, Date.now());
    });
    const more = {
      reads: all.reads - one.reads,
      writes: all.writes - one.writes,
      deletes: all.deletes - one.deletes,
      calls: all.calls - one.calls,
      published: all.published - one.published,
    };
    return { renew: part(more, MORE), step: part(step, watches.length) };
  } finally {
    await bench.close();
  }
}
