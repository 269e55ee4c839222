/** Steps that overlap: one page is listed, one committed and one published, and each may fail or share items. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from '../../../../functions/calendar/client.ts';
import type { OutgoingMessage } from '../../../../functions/feed/envelope.ts';
import { handleNotification } from '../../../../functions/sync/engine.ts';
import { startBill } from '../../../support/firestore-bill.ts';
import { seedCalendar, upTo } from '../../../support/seeded-calendar.ts';
import { startSyncBench, type SyncBench } from '../../../support/sync-bench.ts';

const PAGE = 200;
const start = { dateTime: '2026-12-01T10:00:00Z' };
const idOf = (index: number): string => `event${String(index).padStart(5, '0')}`;

let bench: SyncBench;
beforeAll(async () => {
  bench = await startSyncBench({}, { pageLimit: PAGE });
});
afterAll(() => bench.close());

const calendarWith = (count: number) => seedCalendar(bench, count, 'as seeded');
const numberOf = (message: OutgoingMessage): number => Number(message.attributes['sequence']);

type List = typeof bench.context.calendar.list;

/** Returns a sync context that changes each page of a list; `number` counts pages from 1. */
const withPages = (change: (page: Page, number: number) => Page) => {
  let number = 0;
  const list: List = async (...args) => {
    number += 1;
    const current = number;
    const answer = await bench.context.calendar.list(...args);
    return answer.ok ? { ...answer, value: change(answer.value, current) } : answer;
  };
  return { ...bench.context, calendar: { ...bench.context.calendar, list } };
};

it('lists at most three pages ahead of Pub/Sub, and publishes one at a time', async () => {
  const pages = 6;
  const { poll, numbers } = await calendarWith(pages * PAGE);
  let [inFlight, maxInFlight, published, listed] = [0, 0, 0, 0];
  const slow = {
    ...bench.context,
    publishChange: async (message: OutgoingMessage) => {
      inFlight += 1;
      maxInFlight = Math.max(maxInFlight, inFlight);
      const id = await bench.context.publishChange(message);
      inFlight -= 1;
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
  expect(maxInFlight).toBe(PAGE);
});

it('publishes nothing after a page that Pub/Sub rejects, and later all in order', async () => {
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
  // The next page was committed in the meantime; its entry waits behind the failed one.
  expect((await outbox.get()).docs.map(({ id }) => Number(id))).toEqual([PAGE + 1, 2 * PAGE + 1]);

  await bench.handle(poll);
  expect(numbers()).toEqual(upTo(4 * PAGE));
  expect((await outbox.get()).empty).toBe(true);
  expect((await documents.count().get()).data().count).toBe(4 * PAGE);
});

it('ends with its last change published, however slow Pub/Sub is', async () => {
  const { poll, numbers } = await calendarWith(PAGE + 1);
  const confirmed: number[] = [];
  const slow = {
    ...bench.context,
    publishChange: async (message: OutgoingMessage) => {
      const id = await bench.context.publishChange(message);
      // A read slows the publish down.
      await bench.firestore.doc('nothing/here').get();
      if ('sequence' in message.attributes) confirmed.push(numberOf(message));
      return id;
    },
  };
  await handleNotification(slow, poll, Date.now());
  expect(confirmed.toSorted((a, b) => a - b)).toEqual(upTo(PAGE + 1));
  expect(numbers()).toHaveLength(PAGE + 1);
});

it('lists a page again whose prefetch failed', async () => {
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

it('reads no items in a first full sync', async () => {
  const { poll, documents } = await calendarWith(2 * PAGE);
  const bill = startBill();
  try {
    await bench.handle(poll);
  } finally {
    bill.stop();
  }
  // The watch before and after its claim, the claim, two outboxes, and whether the collection is empty.
  expect(bill.total().reads).toBeLessThan(10);
  expect((await documents.count().get()).data().count).toBe(2 * PAGE);
});

it('an event on two pages of a first list is mirrored as on the later page', async () => {
  const { poll, numbers, documents } = await calendarWith(2 * PAGE);
  const moved = withPages((page, number) =>
    number === 2
      ? { ...page, items: [{ id: idOf(0), summary: 'edited later', start, end: start }, ...page.items] }
      : page,
  );
  await handleNotification(moved, poll, Date.now());
  expect((await documents.doc(idOf(0)).get()).get('data.summary')).toBe('edited later');
  expect((await documents.count().get()).data().count).toBe(2 * PAGE);
  expect(numbers()).toEqual(upTo(2 * PAGE + 1));
});

it('an event that a later page of a first list cancels is deleted', async () => {
  const { poll, numbers, documents } = await calendarWith(2 * PAGE);
  const gone = withPages((page, number) =>
    number === 2 ? { ...page, items: [{ id: idOf(0), status: 'cancelled' }, ...page.items] } : page,
  );
  await handleNotification(gone, poll, Date.now());
  expect((await documents.doc(idOf(0)).get()).exists).toBe(false);
  expect((await documents.count().get()).data().count).toBe(2 * PAGE - 1);
  expect(numbers()).toEqual(upTo(2 * PAGE + 1));
});

it('a foreign document in the place of an event is replaced', async () => {
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
