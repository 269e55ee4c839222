/** The clock of a watch after crashes, and what it costs. */
import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { OutgoingMessage } from '../../../../functions/feed/envelope.ts';
import { handleNotification } from '../../../../functions/sync/engine.ts';
import { clientOf } from '../../../support/emulator/client.ts';
import { startBill } from '../../../support/firestore-bill.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let bench: Awaited<ReturnType<typeof startSyncBench>>;
beforeAll(async () => {
  bench = await startSyncBench();
});
afterAll(() => bench.close());

const time = (at: number) => ({ dateTime: new Date(at).toISOString() });
const poll = (watchId: string) => ({ reason: 'poll', watchId }) as const;

/** A watch with a clock of a user of its own, after its first sync. */
async function clockedWatch(name: string, clock?: readonly string[]) {
  const user = `${name}@example.com`;
  const moments: string[] = [];
  const crash = { isArmed: false };
  const publishClock = async ({ attributes }: OutgoingMessage) => {
    if (crash.isArmed) throw new Error('crashed');
    moments.push(attributes['ce-id'] ?? '');
    return 'published';
  };
  const context = { ...bench.context, publishClock };
  const handle = (notification: Parameters<typeof handleNotification>[1], publishedAt = Date.now() + 1000) =>
    handleNotification(context, notification, publishedAt);
  const events = clientOf(bench.calendar.url, user).events;
  const insert = async (startsIn: number): Promise<string> => {
    const requestBody = {
      summary: 'm',
      start: time(Date.now() + startsIn),
      end: time(Date.now() + startsIn + HOUR),
    };
    return (await events.insert({ calendarId: user, requestBody })).data.id ?? '';
  };
  const id = await insert(24 * HOUR);
  await bench.writeSpec(name, { user, resource: 'events', calendarId: user, ...(clock ? { clock } : {}) });
  await handle(poll(name));
  const document = bench.firestore.doc(`watches/${name}`);
  // As renew does.
  await document.update({ nextDueAt: Timestamp.fromMillis(Date.now() + 6 * HOUR), 'status.state': 'active' });
  return { user, moments, crash, handle, insert, events, document, id };
}

it('a crash between a sync and its clock leaves the moments to the redelivery, although that is covered', async () => {
  const { moments, crash, handle, insert, document } = await clockedWatch('crashed', ['start']);
  const id = await insert(MINUTE);
  crash.isArmed = true;
  await expect(handle(poll('crashed'))).rejects.toThrow('crashed');
  const lists = bench.listCalls();
  crash.isArmed = false;
  // It was published long before the sync started.
  await handle(poll('crashed'), Date.now() - HOUR);
  expect(moments).toEqual([expect.stringMatching(new RegExp(`^crashed/${id}/.*/start$`))]);
  expect(bench.listCalls()).toBe(lists);
  const { nextDueAt } = (await document.get()).data() ?? {};
  expect(nextDueAt.toMillis()).toBeGreaterThan(Date.now());
});

it('a request for the clock that is delivered again publishes nothing again', async () => {
  const { moments, handle, insert, document } = await clockedWatch('again', ['start']);
  await insert(MINUTE);
  await handle(poll('again'));
  expect(moments).toHaveLength(1);
  const before = (await document.get()).updateTime;
  await handle({ reason: 'clock', watchId: 'again' });
  expect(moments).toHaveLength(1);
  expect((await document.get()).updateTime).toEqual(before);
});

const costOf = async (call: () => Promise<void>) => {
  const lists = bench.listCalls();
  const counting = startBill();
  try {
    await call();
  } finally {
    counting.stop();
  }
  return { ...counting.total(), lists: bench.listCalls() - lists };
};

describe('the cost of a change', () => {
  it('is the same with a clock, unless it brings a moment that is near', async () => {
    const costs = [];
    for (const [name, clock] of [
      ['without', undefined],
      ['with', ['start', '-PT10M', 'end']],
    ] as const) {
      const { user, id, events, handle } = await clockedWatch(name, clock);
      await events.patch({ calendarId: user, eventId: id, requestBody: { summary: 'renamed' } });
      costs.push(await costOf(() => handle(poll(name))));
      await events.patch({
        calendarId: user,
        eventId: id,
        requestBody: { start: time(Date.now() + 23.5 * HOUR) },
      });
      costs.push(await costOf(() => handle(poll(name))));
    }
    const [renamed, moved, ...clocked] = costs;
    expect(clocked).toEqual([renamed, moved]);
  });
});
