import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { handleNotification } from '../../../../functions/sync/engine.ts';
import { clientOf } from '../../../support/emulator/client.ts';
import { startBill } from '../../../support/firestore-bill.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** The cost of changes and of skipped notifications, counted where the clients send their requests. */

const ADA = 'ada@example.com';
const WATCH = 'ada-events';
const push = {
  reason: 'push',
  watchId: WATCH,
  channelId: 'channel-1',
  resourceId: 'resource-1',
  resourceState: 'exists',
} as const;

let bench: Awaited<ReturnType<typeof startSyncBench>>;
let eventId: string;

beforeAll(async () => {
  bench = await startSyncBench({}, { initial: { users: [{ email: ADA }] } });
  const api = clientOf(bench.calendar.url, ADA);
  const start = { dateTime: '2026-12-01T10:00:00Z' };
  const made = await api.events.insert({
    calendarId: ADA,
    requestBody: { summary: 'one', start, end: start },
  });
  eventId = made.data.id ?? '';
  await bench.writeSpec(WATCH, { user: ADA, resource: 'events', calendarId: ADA });
  await bench.handle({ reason: 'poll', watchId: WATCH });
  // As renew does: the notifications below come on the watch's own channel.
  await bench.firestore.doc(`watches/${WATCH}`).update({
    'status.state': 'active',
    'status.channel': {
      id: 'channel-1',
      resourceId: 'resource-1',
      expiresAt: new Date(Date.now() + 86_400_000),
      createdAt: new Date(),
    },
  });
});
afterAll(() => bench.close());

/** Returns what a call costs in Firestore, Google Calendar and the feed. */
async function costOf(call: () => Promise<void>) {
  const [lists, published] = [bench.listCalls(), bench.published.length];
  const counting = startBill();
  try {
    await call();
  } finally {
    counting.stop();
  }
  return {
    ...counting.total(),
    lists: bench.listCalls() - lists,
    published: bench.published.length - published,
  };
}

describe('the cost of a notification', () => {
  it('is one list call, 2 reads, 3 writes, 1 delete and one publish for one changed event', async () => {
    const api = clientOf(bench.calendar.url, ADA);
    await api.events.patch({ calendarId: ADA, eventId, requestBody: { summary: 'changed' } });
    expect(await costOf(() => bench.handle(push))).toEqual({
      lists: 1,
      reads: 2,
      writes: 3,
      deletes: 1,
      published: 1,
    });
  });

  it('is a read of the outbox in a process that has not published the latest change itself', async () => {
    const another = { ...bench.context, published: new Map<string, string>() };
    const cost = () => costOf(() => handleNotification(another, push, Date.now() + 1000));
    expect(await cost()).toMatchObject({ lists: 1, reads: 2 });
    // The sync before has found nothing, so the watch itself tells that the outbox is empty.
    another.published.clear();
    expect(await cost()).toMatchObject({ lists: 1, reads: 1 });
  });

  it('is one list call, 2 reads, 2 writes, 2 deletes and one publish for one deleted event', async () => {
    const api = clientOf(bench.calendar.url, ADA);
    await api.events.delete({ calendarId: ADA, eventId });
    expect(await costOf(() => bench.handle(push))).toEqual({
      lists: 1,
      reads: 2,
      writes: 2,
      deletes: 2,
      published: 1,
    });
  });

  it('is one list call, 1 read and 1 write if there are no changes', async () => {
    expect(await costOf(() => bench.handle(push))).toEqual({
      lists: 1,
      reads: 1,
      writes: 1,
      deletes: 0,
      published: 0,
    });
  });

  it('is 1 read and no list call if a completed sync covers it', async () => {
    const { startedAt } = (await bench.firestore.doc(`watches/${WATCH}`).get()).get('status.sync');
    const published = startedAt.toMillis() - 1000;
    expect(await costOf(() => bench.handle(push, published))).toEqual({
      lists: 0,
      reads: 1,
      writes: 0,
      deletes: 0,
      published: 0,
    });
    expect((await costOf(() => bench.handle(push, published + 1))).lists).toBe(1);
  });
});
