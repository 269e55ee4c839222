/** What a moment costs: what renew and sync do for a watch that is due for its clock. */
import { Timestamp } from '@google-cloud/firestore';
import type { OutgoingMessage } from '../../functions/feed/envelope.ts';
import { handleNotification } from '../../functions/sync/engine.ts';
import { startSyncBench } from '../support/sync-bench.ts';
import { count, countRun, each, NOTHING } from './count.ts';
import { largeCalendar } from './large-calendar.ts';
import type { ClockCounts } from './prices.ts';

const SECOND = 1000;
const LEAD = 90 * SECOND;
/** Watches that are due together, to count what one more of them costs. */
const MORE = 10;
/** Events of each calendar that are not due. */
const OTHERS = 100;
const CLOCK = ['-PT10M', 'start', 'end'];

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
  const context = {
    ...bench.context,
    publishClock: async ({ orderingKey }: OutgoingMessage) => {
      bench.published.push(orderingKey);
      return orderingKey;
    },
  };
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
    const one = await countRun(bench);
    await makeDue(watches);
    const all = await countRun(bench);
    await makeDue(watches);
    const step = await count(bench, async () => {
      for (const { id } of watches)
        await handleNotification(context, { reason: 'clock', watchId: id }, Date.now());
    });
    return { renew: each(all, one, MORE), step: each(step, NOTHING, watches.length) };
  } finally {
    await bench.close();
  }
}
