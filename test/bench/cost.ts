/** What one change and an idle watch cost in calls and money. Calls are counted where the clients send them; `prices.ts` has the prices. */
import { Timestamp } from '@google-cloud/firestore';
import { clientOf } from '../support/emulator/client.ts';
import type { Bill } from '../support/firestore-bill.ts';
import { startSyncBench } from '../support/sync-bench.ts';
import { countClock } from './clock-cost.ts';
import { count, countRun, each } from './count.ts';
import { figure, type Result, type Size } from './figures.ts';
import { largeCalendar, idOf, USER } from './large-calendar.ts';
import {
  atOnce,
  changeDollars,
  clockDollars,
  idleDollars,
  naivePollDollars,
  POLLS,
  RENEWALS,
  standingDollars,
  type Counted,
  type IdleCounts,
} from './prices.ts';

/** Changes of a calendar in a month, ten on each working day, to compare push with polling. */
const CHANGES = 220;
const CALENDARS = 1_000;
const MINUTES = 30 * 24 * 60;
/** Changes of a month in deployments of three sizes. */
const LOADS = [CALENDARS * CHANGES, 1_000_000, 10_000_000] as const;
/** The goals in dollars: a million changes, and the month of 1,000 idle calendars. */
const GOAL = { million: 9, idle: 0.5 } as const;

interface Costs {
  /** Of one edit. */
  readonly change: Counted;
  /** Of one poll that finds nothing. */
  readonly poll: Counted;
}

/** Counts in a calendar of this many events, after its full sync. */
async function countIn(events: number): Promise<Costs> {
  const calendarId = USER;
  const bench = await startSyncBench(
    { SYNC_DEADLINE_SECONDS: '3600' },
    { initial: { users: [{ email: USER, calendars: [largeCalendar(calendarId, events)] }] } },
  );
  try {
    const watchId = 'cost';
    await bench.writeSpec(watchId, { user: USER, resource: 'events', calendarId });
    const poll = (): Promise<Counted> => count(bench, () => bench.handle({ reason: 'poll', watchId }));
    await poll();
    const nothing = await poll();
    await clientOf(bench.calendar.url, USER).events.patch({
      calendarId,
      eventId: idOf(0),
      requestBody: { summary: 'new' },
    });
    return { poll: nothing, change: await poll() };
  } finally {
    await bench.close();
  }
}

/** Counts what renew does for a watch, and in a run that finds nothing due. */
async function countRenew(): Promise<Omit<IdleCounts, 'poll'> & { readonly run: Bill }> {
  const ids = Array.from({ length: 11 }, (_, index) => `idle-${String(index)}`);
  const calendars = ids.map((id) => largeCalendar(`${id}@example.com`, 1));
  const bench = await startSyncBench(
    {},
    { initial: { users: [{ email: USER, calendars }] }, channels: { syncBeforeResponse: 'never' } },
  );
  const { firestore } = bench;
  const run = (): Promise<Counted> => countRun(bench);
  const due = Timestamp.fromMillis(0);
  // Less than `RENEW_BEFORE_SECONDS` from now.
  const expiry = Timestamp.fromMillis(Date.now() + 3_600_000);
  /** Counts runs in which one is due, and all; so the cost of one more, without that of a run. */
  const perWatch = async (makeDue: (id: string) => Promise<unknown>): Promise<Counted> => {
    await makeDue(ids[0] ?? '');
    const one = await run();
    await Promise.all(ids.map(makeDue));
    return each(await run(), one, ids.length - 1);
  };
  try {
    for (const [index, id] of ids.entries())
      await bench.writeSpec(id, {
        user: USER,
        resource: 'events',
        calendarId: calendars[index]?.id,
      });
    await run();
    for (const watchId of ids) await bench.handle({ reason: 'poll', watchId });
    const channelOf = async (id: string) =>
      (await firestore.collection('channels').where('watch', '==', id).limit(1).get()).docs[0]?.ref;
    return {
      run: await run(),
      renewPoll: await perWatch((id) => firestore.doc(`watches/${id}`).update({ nextDueAt: due })),
      channelCheck: await perWatch(async (id) => (await channelOf(id))?.update({ nextDueAt: due })),
      renewal: await perWatch((id) =>
        firestore.doc(`watches/${id}`).update({ nextDueAt: due, 'status.channel.expiresAt': expiry }),
      ),
    };
  } finally {
    await bench.close();
  }
}

const sum = (parts: Readonly<Record<string, number>>): number =>
  Object.values(parts).reduce((total, part) => total + part, 0);

const once = (what: string, unit: string, value: number) => figure(what, unit, [value]);

export async function measureCost(size: Size, tell: (line: string) => void): Promise<Result> {
  const sizes = size === 'full' ? [100, 1_000, 10_000, 100_000] : [3, 30];
  const counted: Costs[] = [];
  for (const events of sizes) {
    tell(`a change among ${events} events`);
    counted.push(await countIn(events));
  }
  tell('what renew does for a watch');
  const renewed = await countRenew();
  tell('what a moment costs');
  const clock = await countClock();
  if (clock.renew.calls + clock.step.calls > 0) throw new Error('a clock calls Google');
  const [first, last] = [counted[0], counted.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was counted');
  const [small, large] = [first.change, last.change];
  const idle = idleDollars({ ...renewed, poll: last.poll }, CALENDARS);
  const [ofThousand] = LOADS;
  const ofChanges = ofThousand * changeDollars(large, ofThousand);
  const calls = (POLLS * last.poll.calls + RENEWALS * renewed.renewal.calls) / 30;
  return {
    figures: [
      ...Object.entries(idle).map(([part, dollars]) =>
        once(`${CALENDARS} idle calendars, a month: ${part}`, '$', CALENDARS * dollars),
      ),
      once(
        'a deployment without calendars, a month: the job and its runs',
        '$',
        standingDollars(renewed.run),
      ),
      once(
        `${CALENDARS} calendars, ${CHANGES} changes each, a month`,
        '$',
        CALENDARS * sum(idle) + ofChanges + standingDollars(renewed.run),
      ),
      once('calls to Google for an idle watch, a day', '', calls),
      once('1,000 moments, each in a run of its own', '$', 1_000 * clockDollars(clock)),
      ...LOADS.map((load) =>
        once(
          `a million changes, ${load / 1e6} million a month (${atOnce(load).toFixed(1)} syncs at once)`,
          '$',
          1e6 * changeDollars(large, load),
        ),
      ),
      ...[1, 5, 15].map((every) =>
        once(
          `polled every ${every} min instead, a month`,
          '$',
          CALENDARS * (MINUTES / every) * naivePollDollars() + ofChanges,
        ),
      ),
    ],
    marks: [
      { what: 'list calls', value: large.calls, most: 1 },
      { what: 'documents read', value: large.reads, most: 2 },
      { what: 'documents written', value: large.writes, most: 3 },
      { what: 'documents deleted', value: large.deletes, most: 1 },
      { what: 'messages', value: 1 + large.published, most: 2 },
      { what: 'a moment: documents read', value: clock.renew.reads + clock.step.reads, most: 5 },
      { what: 'a moment: documents written', value: clock.renew.writes + clock.step.writes, most: 2 },
      { what: 'a moment: messages', value: clock.renew.published + clock.step.published, most: 2 },
      {
        what: `a change among ${sizes.at(-1)} events / among ${sizes[0]}`,
        value: changeDollars(large, LOADS[1]) / changeDollars(small, LOADS[1]),
        most: 1.1,
      },
      ...LOADS.map((load) => ({
        what: `goal: a million changes, ${load / 1e6} million a month, $`,
        value: 1e6 * changeDollars(large, load),
        most: GOAL.million,
        isGoal: true,
      })),
      {
        what: `goal: ${CALENDARS} idle calendars, a month, $`,
        value: CALENDARS * sum(idle),
        most: GOAL.idle,
        isGoal: true,
      },
    ],
  };
}
