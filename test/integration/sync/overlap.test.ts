/** Pages of a list side by side: one is listed, one committed, one announced, and each may fail or have something in common with another. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from '../../../functions/calendar/client.ts';
import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';
import { handleNotification } from '../../../functions/sync/engine.ts';
import { startBill } from '../../support/firestore-bill.ts';
import { startSyncBench } from '../../support/sync-bench.ts';

const ADA = 'ada@example.com';
const PAGE = 200;
const start = { dateTime: '2026-12-01T10:00:00Z' };
const idOf = (index: number): string => `event${String(index).padStart(5, '0')}`;

let bench: Awaited<ReturnType<typeof startSyncBench>>;
beforeAll(async () => {
  bench = await startSyncBench({}, { pageLimit: PAGE });
});
afterAll(() => bench.close());

let made = 0;

/** A watch, never synced, on a new calendar with so many events. */
async function calendarWith(count: number) {
  made += 1;
  const calendarId = `calendar-${made}@group.calendar.google.com`;
  const events = Array.from({ length: count }, (_, index) => ({
    id: idOf(index),
    summary: 'as seeded',
    start,
    end: start,
  }));
  bench.calendar.seed({ users: [{ email: ADA, calendars: [{ id: calendarId, summary: 'test', events }] }] });
  const watchId = `watch-${made}`;
  await bench.wish(watchId, { user: ADA, resource: 'events', calendarId });
  const documents = bench.firestore.collection(`users/${ADA}/calendars/${calendarId}/events`);
  return {
    documents,
    outbox: bench.firestore.collection(`watches/${watchId}/outbox`),
    poll: { reason: 'poll', watchId } as const,
    /** The numbers published so far, as often as they were. */
    numbers: () =>
      bench.published.filter((id) => id.startsWith(`${watchId}/`)).map((id) => Number(id.split('/')[1])),
  };
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
const numberOf = (message: OutgoingMessage): number => Number(message.attributes['sequence']);

type List = typeof bench.context.calendar.list;

/** Sync on a Calendar whose pages are changed on their way; they are counted from 1. */
const withPages = (change: (page: Page, number: number) => Page) => {
  let number = 0;
  const list: List = async (...args) => {
    number += 1;
    const mine = number;
    const answer = await bench.context.calendar.list(...args);
    return answer.ok ? { ...answer, value: change(answer.value, mine) } : answer;
  };
  return { ...bench.context, calendar: { ...bench.context.calendar, list } };
};

it('is never more than three pages ahead of Pub/Sub, and one at most is on its way there', async () => {
  const pages = 6;
  const { poll, numbers } = await calendarWith(pages * PAGE);
  let [underWay, most, published, listed] = [0, 0, 0, 0];
  const slow = {
    ...bench.context,
    publishChange: async (message: OutgoingMessage) => {
      underWay += 1;
      most = Math.max(most, underWay);
      const id = await bench.context.publishChange(message);
      underWay -= 1;
      published += 1;
      return id;
    },
    calendar: {
      ...bench.context.calendar,
      list: (...args: Parameters<List>) => {
        listed += 1;
        expect(published).toBeGreaterThanOrEqual((listed - 3) * PAGE);
        return bench.context.calendar.list(...args);
      },
    },
  };
  await handleNotification(slow, poll, Date.now());
  expect(listed).toBe(pages);
  expect(numbers()).toEqual(upTo(pages * PAGE));
  expect(most).toBe(PAGE);
});

it('announces nothing of a page after one that Pub/Sub did not take, and then all in order', async () => {
  const { poll, numbers, outbox, documents } = await calendarWith(4 * PAGE);
  const failing = {
    ...bench.context,
    publishChange: (message: OutgoingMessage) =>
      numberOf(message) <= PAGE
        ? bench.context.publishChange(message)
        : Promise.reject(new Error('Pub/Sub is away')),
  };
  await expect(handleNotification(failing, poll, Date.now())).rejects.toThrow('Pub/Sub is away');
  expect(numbers()).toEqual(upTo(PAGE));
  // The page that was committed meanwhile waits behind the one that failed.
  expect((await outbox.get()).docs.map(({ id }) => Number(id))).toEqual([PAGE + 1, 2 * PAGE + 1]);

  await bench.handle(poll);
  expect(numbers()).toEqual(upTo(4 * PAGE));
  expect((await outbox.get()).empty).toBe(true);
  expect((await documents.count().get()).data().count).toBe(4 * PAGE);
});

it('ends with its last change announced, however slow Pub/Sub is', async () => {
  const { poll, numbers } = await calendarWith(PAGE + 1);
  const announced: number[] = [];
  const slow = {
    ...bench.context,
    publishChange: async (message: OutgoingMessage) => {
      const id = await bench.context.publishChange(message);
      // A read that takes its time.
      await bench.firestore.doc('nothing/here').get();
      announced.push(numberOf(message));
      return id;
    },
  };
  await handleNotification(slow, poll, Date.now());
  expect(announced.toSorted((a, b) => a - b)).toEqual(upTo(PAGE + 1));
  expect(numbers()).toHaveLength(PAGE + 1);
});

it('asks again for a page that could not be listed ahead of its turn', async () => {
  const { poll, numbers } = await calendarWith(3 * PAGE);
  let failures = 0;
  const list: List = (...args) => {
    const [, , , { pageToken }] = args;
    if (pageToken === undefined || failures > 0) return bench.context.calendar.list(...args);
    failures += 1;
    return Promise.reject(new Error('the connection is gone'));
  };
  const flaky = { ...bench.context, calendar: { ...bench.context.calendar, list } };
  await expect(handleNotification(flaky, poll, Date.now())).rejects.toThrow('the connection is gone');
  expect(numbers()).toEqual(upTo(PAGE));
  await handleNotification(flaky, poll, Date.now());
  expect(numbers()).toEqual(upTo(3 * PAGE));
});

it('reads nothing of what it mirrors for the first time', async () => {
  const { poll, documents } = await calendarWith(2 * PAGE);
  const bill = startBill();
  try {
    await bench.handle(poll);
  } finally {
    bill.stop();
  }
  // The watch before and after it claims its collection, the claim, two outboxes, and whether the collection is empty.
  expect(bill.total().reads).toBeLessThan(10);
  expect((await documents.count().get()).data().count).toBe(2 * PAGE);
});

it('an event on two pages of a first list is mirrored as the later one has it, and announced as changed', async () => {
  const { poll, numbers, documents } = await calendarWith(2 * PAGE);
  const moved = withPages((page, number) =>
    number === 2
      ? { ...page, items: [{ id: idOf(0), summary: 'edited meanwhile', start, end: start }, ...page.items] }
      : page,
  );
  await handleNotification(moved, poll, Date.now());
  expect((await documents.doc(idOf(0)).get()).get('data.summary')).toBe('edited meanwhile');
  expect((await documents.count().get()).data().count).toBe(2 * PAGE);
  expect(numbers()).toEqual(upTo(2 * PAGE + 1));
});

it('an event that a later page of a first list calls deleted is mirrored no more', async () => {
  const { poll, numbers, documents } = await calendarWith(2 * PAGE);
  const gone = withPages((page, number) =>
    number === 2 ? { ...page, items: [{ id: idOf(0), status: 'cancelled' }, ...page.items] } : page,
  );
  await handleNotification(gone, poll, Date.now());
  expect((await documents.doc(idOf(0)).get()).exists).toBe(false);
  expect((await documents.count().get()).data().count).toBe(2 * PAGE - 1);
  expect(numbers()).toEqual(upTo(2 * PAGE + 1));
});

it('what a stray hand put where an event is to be is replaced, as ever', async () => {
  const { poll, numbers, documents } = await calendarWith(3);
  const calendar = withPages((page) => page);
  const list: List = async (...args) => {
    const answer = await calendar.calendar.list(...args);
    await documents.doc(idOf(1)).set({ mine: true });
    return answer;
  };
  await handleNotification({ ...calendar, calendar: { ...calendar.calendar, list } }, poll, Date.now());
  expect((await documents.doc(idOf(1)).get()).get('data.summary')).toBe('as seeded');
  expect(numbers()).toEqual(upTo(3));
});
