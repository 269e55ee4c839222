/** What one change costs in calls and money, counted where the clients send requests, in small and large calendars. */
import { clientOf } from '../support/emulator/client.ts';
import { startBill, type Bill } from '../support/firestore-bill.ts';
import { startSyncBench } from '../support/sync-bench.ts';
import { figure, type Result, type Size } from './figures.ts';
import { largeCalendar, idOf, USER } from './large-calendar.ts';

/**
 * Prices of one in US dollars, as Google lists them: Firestore and Cloud Run in us-central1; Pub/Sub per TiB, with at least 1 KB a message.
 */
const PRICE = {
  read: 0.03 / 100_000,
  write: 0.09 / 100_000,
  delete: 0.01 / 100_000,
  /** Published once and delivered once. */
  message: (2 * 1_000 * 40) / 2 ** 40,
  request: 0.4 / 1e6,
  /** 1 vCPU and 0.5 GiB for 100 ms, the unit of billing. */
  tenth: (0.000024 + 0.5 * 0.0000025) / 10,
};

/**
 * How long each runs in Google Cloud, in tenths of a second. Estimated, as it cannot be measured here: a list call takes some 200 ms, a
 * call of Firestore or Pub/Sub some 20 ms.
 */
const TENTHS = { receive: 1, change: 4, poll: 3 };

/** Changes of a calendar in a month, ten on each working day, to compare push with polling. */
const CHANGES = 220;
const CALENDARS = 1_000;
const MINUTES = 30 * 24 * 60;
/** Per watch and month: a poll every six hours (MAX_STALENESS_SECONDS), and what renew reads, writes and publishes for it. */
const POLLS = 120;
const ASKED_BY_RENEW = { reads: 2, writes: 1, deletes: 0 };

interface Counted extends Bill {
  readonly lists: number;
  readonly published: number;
}

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
    const count = async (): Promise<Counted> => {
      const [lists, published] = [bench.listCalls(), bench.published.length];
      const counting = startBill();
      try {
        await bench.handle({ reason: 'poll', watchId });
      } finally {
        counting.stop();
      }
      const { length } = bench.published;
      return { ...counting.total(), lists: bench.listCalls() - lists, published: length - published };
    };
    await count();
    const poll = await count();
    await clientOf(bench.calendar.url, USER).events.patch({
      calendarId,
      eventId: idOf(0),
      requestBody: { summary: 'new' },
    });
    return { poll, change: await count() };
  } finally {
    await bench.close();
  }
}

const documents = ({ reads, writes, deletes }: Bill): number =>
  reads * PRICE.read + writes * PRICE.write + deletes * PRICE.delete;

/** The cost of a change: receive and sync run once each, and publish the notification and the change. */
const dollars = (change: Counted): number =>
  documents(change) +
  (1 + change.published) * PRICE.message +
  2 * PRICE.request +
  (TENTHS.receive + TENTHS.change) * PRICE.tenth;

/** The cost of a watch's month without a change. */
const watchDollars = (poll: Counted): number =>
  POLLS *
  (documents(poll) + documents(ASKED_BY_RENEW) + PRICE.message + PRICE.request + TENTHS.poll * PRICE.tenth);

/** The cost of a poll that keeps its token in one document: one read, one write, one run. */
const pollDollars = PRICE.read + PRICE.write + PRICE.request + TENTHS.poll * PRICE.tenth;

export async function measureCost(size: Size, tell: (line: string) => void): Promise<Result> {
  const sizes = size === 'full' ? [100, 1_000, 10_000, 100_000] : [3, 30];
  const counted: Costs[] = [];
  for (const events of sizes) {
    tell(`a change among ${events} events`);
    counted.push(await countIn(events));
  }
  const [first, last] = [counted[0], counted.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was counted');
  const [small, large] = [first.change, last.change];
  const ofChanges = CHANGES * dollars(large);
  const monthly = (perCalendar: number): readonly number[] => [CALENDARS * perCalendar];
  const counts = [
    { what: 'list calls', value: large.lists, most: 1 },
    { what: 'documents read', value: large.reads, most: 2 },
    { what: 'documents written', value: large.writes, most: 3 },
    { what: 'documents deleted', value: large.deletes, most: 1 },
    { what: 'messages', value: 1 + large.published, most: 2 },
  ];
  return {
    figures: [
      figure(
        'a change',
        'µ$',
        counted.map(({ change }) => dollars(change) * 1e6),
      ),
      figure(`${CALENDARS} watches without a change, a month`, '$', monthly(watchDollars(last.poll))),
      figure(
        `${CALENDARS} calendars, ${CHANGES} changes each, a month`,
        '$',
        monthly(watchDollars(last.poll) + ofChanges),
      ),
      ...[1, 5, 15].map((every) =>
        figure(
          `polled every ${every} min instead, a month`,
          '$',
          monthly((MINUTES / every) * pollDollars + ofChanges),
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
