/** What one change costs in calls and money, counted where the clients send their requests, in small and large calendars. */
import { clientOf } from '../support/calendar/client.ts';
import { startBill } from '../support/firestore-bill.ts';
import { startSyncBench } from '../support/sync-bench.ts';
import { figure, type Result, type Size } from './figures.ts';
import { largeCalendar, idOf, USER } from './large-calendar.ts';

/** US dollars for one, as Google lists them (Firestore and Cloud Run in us-central1, Pub/Sub per TiB with 1 KB a message at least). */
const PRICE = {
  read: 0.03 / 100_000,
  write: 0.09 / 100_000,
  delete: 0.01 / 100_000,
  /** Published once and delivered once. */
  message: (2 * 1_000 * 40) / 2 ** 40,
  request: 0.4 / 1e6,
  /** 1 vCPU and 0.5 GiB for 100 ms, the least that is billed. */
  tenth: (0.000024 + 0.5 * 0.0000025) / 10,
};

/** Changes of a calendar in a month, by which push and polling are compared: ten on each working day. */
const CHANGES = 220;
const CALENDARS = 1_000;
const MINUTES = 30 * 24 * 60;

interface Counted {
  readonly lists: number;
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
  readonly published: number;
}

/** One edit in a calendar of so many events, after its full sync. */
async function countOne(events: number): Promise<Counted> {
  const calendarId = USER;
  const bench = await startSyncBench(
    { SYNC_DEADLINE_SECONDS: '3600' },
    { initial: { users: [{ email: USER, calendars: [largeCalendar(calendarId, events)] }] } },
  );
  try {
    const watchId = 'cost';
    await bench.wish(watchId, { user: USER, resource: 'events', calendarId });
    await bench.handle({ reason: 'poll', watchId });
    const eventId = idOf(0);
    await clientOf(bench.calendar.url, USER).events.patch({
      calendarId,
      eventId,
      requestBody: { summary: 'new' },
    });
    const [lists, published] = [bench.listCalls(), bench.published.length];
    const counting = startBill();
    try {
      await bench.handle({ reason: 'poll', watchId });
    } finally {
      counting.stop();
    }
    return {
      ...counting.total(),
      lists: bench.listCalls() - lists,
      published: bench.published.length - published,
    };
  } finally {
    await bench.close();
  }
}

/** A change's way: receive and sync run once each for at most 100 ms, the notification and the change are published. */
const dollars = ({ reads, writes, deletes, published }: Counted): number =>
  reads * PRICE.read +
  writes * PRICE.write +
  deletes * PRICE.delete +
  (1 + published) * PRICE.message +
  2 * (PRICE.request + PRICE.tenth);

/** A poll that keeps its token in one document, whether anything changed or not: one read, one write, one run. */
const pollDollars = PRICE.read + PRICE.write + PRICE.request + PRICE.tenth;

export async function measureCost(size: Size, tell: (line: string) => void): Promise<Result> {
  const sizes = size === 'full' ? [100, 1_000, 10_000] : [3, 30];
  const counted: Counted[] = [];
  for (const events of sizes) {
    tell(`a change among ${events} events`);
    counted.push(await countOne(events));
  }
  const [small, large] = [counted[0], counted.at(-1)];
  if (small === undefined || large === undefined) throw new Error('nothing was counted');
  const monthly = (perCalendar: number): readonly number[] => [CALENDARS * perCalendar];
  const counts = [
    { what: 'list calls', value: large.lists, most: 1 },
    { what: 'documents read', value: large.reads, most: 3 },
    { what: 'documents written', value: large.writes, most: 3 },
    { what: 'documents deleted', value: large.deletes, most: 1 },
    { what: 'messages', value: 1 + large.published, most: 2 },
  ];
  return {
    figures: [
      figure(
        'a change',
        'µ$',
        counted.map((each) => dollars(each) * 1e6),
      ),
      figure(
        `${CALENDARS} calendars, ${CHANGES} changes each, a month`,
        '$',
        monthly(CHANGES * dollars(large)),
      ),
      ...[1, 5, 15].map((every) =>
        figure(
          `polled every ${every} min instead, a month`,
          '$',
          monthly((MINUTES / every) * pollDollars + CHANGES * dollars(large)),
        ),
      ),
    ],
    marks: [
      ...counts,
      {
        what: `a change among ${sizes.at(-1)} events / among ${sizes[0]}`,
        value: dollars(large) / dollars(small),
        most: 1.1,
      },
    ],
  };
}
