import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Change } from '../../../functions/feed/change.ts';
import { Conflict } from '../../../functions/mirror/database.ts';
import { handleNotification } from '../../../functions/sync/engine.ts';
import { startSyncBench } from '../../support/sync-bench.ts';

/** What comes of a sync that is disturbed half-way: the same mirror, and each number announced once. */

const ADA = 'ada@example.com';
let bench: Awaited<ReturnType<typeof startSyncBench>>;

beforeAll(async () => {
  bench = await startSyncBench({}, { pageLimit: 250 });
});
afterAll(() => bench.close());

let made = 0;

/** A watch on a new calendar with so many events. */
async function calendarWith(events: number, summary = 'event') {
  made += 1;
  const calendarId = `calendar-${String(made)}@group.calendar.google.com`;
  const start = { dateTime: '2026-12-01T10:00:00Z' };
  const ids = Array.from({ length: events }, (_, index) => `event${String(index).padStart(5, '0')}`);
  bench.calendar.seed({
    users: [
      {
        email: ADA,
        calendars: [
          { id: calendarId, summary: 'test', events: ids.map((id) => ({ id, summary, start, end: start })) },
        ],
      },
    ],
  });
  const watchId = `watch-${String(made)}`;
  await bench.wish(watchId, { user: ADA, resource: 'events', calendarId });
  const mirrored = () => bench.firestore.collection(`users/${ADA}/calendars/${calendarId}/events`).get();
  const numbers = () =>
    bench.published.filter((id) => id.startsWith(`${watchId}/`)).map((id) => Number(id.split('/')[1]));
  return { calendarId, watchId, ids, mirrored, numbers };
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
const sorted = (numbers: readonly number[]): readonly number[] =>
  [...new Set(numbers)].toSorted((a, b) => a - b);
const poll = (watchId: string) => ({ reason: 'poll', watchId }) as const;

/** Sync, while that many commits find that another write to the watch came first. */
function losing(times: number) {
  let left = times;
  const commit: typeof bench.context.mirror.commit = async (step) => {
    if ((left -= 1) >= 0) throw new Conflict();
    return bench.context.mirror.commit(step);
  };
  return { ...bench.context, sleep: async () => {}, mirror: { ...bench.context.mirror, commit } };
}

describe('a disturbed sync', () => {
  it('announces under the same numbers what a failed publish left in the outbox', async () => {
    const { watchId, numbers } = await calendarWith(3);
    const failing = {
      ...bench.context,
      publishChange: () => Promise.reject(new Error('Pub/Sub is away')),
    };
    await expect(handleNotification(failing, poll(watchId), Date.now())).rejects.toThrow('Pub/Sub is away');
    expect(numbers()).toEqual([]);
    const outbox = bench.firestore.collection(`watches/${watchId}/outbox`);
    expect((await outbox.get()).size).toBe(1);

    await bench.handle(poll(watchId));
    expect(numbers()).toEqual([1, 2, 3]);
    expect((await outbox.get()).empty).toBe(true);
  });

  it('announces leftovers even when the notification itself is needless', async () => {
    const { watchId, numbers } = await calendarWith(2);
    const failing = { ...bench.context, publishChange: () => Promise.reject(new Error('Pub/Sub is away')) };
    await expect(handleNotification(failing, poll(watchId), Date.now())).rejects.toThrow('Pub/Sub is away');
    const lists = bench.listCalls();
    await bench.handle(poll(watchId), 0);
    expect(numbers()).toEqual([1, 2]);
    expect(bench.listCalls()).toBe(lists);
  });

  it('gives no number twice and skips none when several syncs of one watch run at once (F14)', async () => {
    const { watchId, numbers, mirrored } = await calendarWith(600);
    await Promise.all([1, 2, 3].map(() => bench.handle(poll(watchId))));
    expect(sorted(numbers())).toEqual(upTo(600));
    expect((await mirrored()).size).toBe(600);
    expect((await bench.firestore.doc(`watches/${watchId}`).get()).get('status.sync.sequence')).toBe(600);
  });

  it('begins again when another write came first, and is delivered again when others always do', async () => {
    const { watchId, numbers, mirrored } = await calendarWith(3);
    await expect(handleNotification(losing(Infinity), poll(watchId), Date.now())).rejects.toThrow(Conflict);
    expect((await mirrored()).size).toBe(0);
    await handleNotification(losing(2), poll(watchId), Date.now());
    expect(numbers()).toEqual([1, 2, 3]);
  });

  it('goes on where a continue message says, and drops one that is passed', async () => {
    const { watchId, numbers } = await calendarWith(600);
    const continued: { traversal: string; position: number }[] = [];
    const hasty = {
      ...bench.context,
      deadlineMs: 0,
      publishNotification: (message: { data: Buffer }) => {
        continued.push(JSON.parse(message.data.toString()));
        return Promise.resolve('id');
      },
    };
    await handleNotification(hasty, poll(watchId), Date.now());
    expect(continued).toMatchObject(
      [{ reason: 'continue', position: 1 }].map(({ position }) => ({ position })),
    );
    expect(numbers()).toEqual(upTo(250));

    const [first] = continued;
    if (first === undefined) throw new Error('nothing was continued');
    const message = { reason: 'continue', watchId, ...first } as const;
    await handleNotification(hasty, message, Date.now());
    expect(sorted(numbers())).toEqual(upTo(500));
    const lists = bench.listCalls();
    await handleNotification(hasty, message, Date.now());
    expect(bench.listCalls()).toBe(lists);

    await handleNotification(hasty, { ...message, position: 2 }, Date.now());
    expect(sorted(numbers())).toEqual(upTo(600));
    expect(continued).toHaveLength(2);
  });

  it('looks again for a notification that came amid a traversal, whoever completes that', async () => {
    const { calendarId, watchId, mirrored } = await calendarWith(600);
    const document = bench.firestore.doc(`watches/${watchId}`);
    const traversal = async () => (await document.get()).get('status.sync.traversal');
    const hasty = { ...bench.context, deadlineMs: 0, publishNotification: () => Promise.resolve('id') };
    const go = (notification: Parameters<typeof handleNotification>[1]) =>
      handleNotification(hasty, notification, Date.now() + 1000);
    await go(poll(watchId));

    // The list was frozen before this, on whatever page of it the event stands.
    const url = `${bench.calendar.url}/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events/event00001`;
    const body = JSON.stringify({ summary: 'edited' });
    await fetch(url, { method: 'PATCH', headers: { authorization: `Bearer ${ADA}` }, body });
    const push = { reason: 'push', watchId, channelId: 'channel', resourceState: 'exists' } as const;
    await go(push);
    const { id, position } = await traversal();
    await go({ reason: 'continue', watchId, traversal: id, position });
    expect(await traversal()).toBeUndefined();
    const edited = async () =>
      (await mirrored()).docs.filter((each) => each.get('data.summary') === 'edited');
    expect(await edited()).toHaveLength(0);

    // Renew is called for, which publishes a poll; what that finds was announced, and no sign of a dead channel.
    const [asked, followUp] = ['nextDueAt', 'status.sync.followUpAt'].map(async (field) =>
      (await document.get()).get(field).toMillis(),
    );
    expect(await asked).toBeLessThanOrEqual(Date.now());
    expect(await followUp).toBeLessThanOrEqual(Date.now());
    await go(poll(watchId));
    expect(await edited()).toHaveLength(1);
    expect((await document.get()).get('status.sync')).not.toHaveProperty('unannounced');
  });

  it('sweeps what a full list no longer has, in steps, and keeps what is unchanged as it is', async () => {
    const { calendarId, watchId, ids, mirrored, numbers } = await calendarWith(700);
    await bench.handle(poll(watchId));
    const before = new Map((await mirrored()).docs.map((each) => [each.id, each.updateTime.toMillis()]));
    const gone = ids.filter((_, index) => index % 7 === 0);
    for (const eventId of gone) {
      bench.calendar.faults.clear();
      const url = `${bench.calendar.url}/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events/${eventId}`;
      await fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${ADA}` } });
    }
    bench.calendar.store.expireSyncTokens();
    // Each step of the sweep is a process of its own.
    const waiting = [poll(watchId)] as Parameters<typeof handleNotification>[1][];
    const hasty = {
      ...bench.context,
      deadlineMs: 0,
      publishNotification: (message: { data: Buffer }) => {
        waiting.push({ reason: 'continue', watchId, ...JSON.parse(message.data.toString()) });
        return Promise.resolve('id');
      },
    };
    const tokens: unknown[] = [];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await handleNotification(hasty, next, Date.now() + 1000);
      tokens.push((await bench.firestore.doc(`watches/${watchId}`).get()).get('status.sync.token'));
    }
    // A crash before the last step would leave the dead token, and with it a full sync to come.
    expect(new Set(tokens.slice(0, -1)).size).toBe(1);
    expect(tokens.at(-1)).not.toBe(tokens[0]);
    const after = await mirrored();
    expect(after.size).toBe(700 - gone.length);
    for (const each of after.docs) expect(each.updateTime.toMillis()).toBe(before.get(each.id));
    expect(sorted(numbers())).toEqual(upTo(700 + gone.length));
    expect((await bench.firestore.collection(`watches/${watchId}/seen`).get()).empty).toBe(true);
  });

  it('lists everything again, rather than delete what a page has seen that is not there any more', async () => {
    const { watchId, mirrored, numbers } = await calendarWith(300);
    await bench.handle(poll(watchId));
    bench.calendar.store.expireSyncTokens();
    await steps(watchId, 2);
    const [page] = (await bench.firestore.collection(`watches/${watchId}/seen`).get()).docs;
    await page?.ref.delete();
    const lists = bench.listCalls();
    await bench.handle(poll(watchId));
    expect((await mirrored()).size).toBe(300);
    expect(numbers()).toHaveLength(300);
    expect(bench.listCalls()).toBeGreaterThanOrEqual(lists + 2);
  });

  it('splits a page that is too big for one commit, and moves the token with the last part', async () => {
    const { watchId, numbers, mirrored } = await calendarWith(150, 'x'.repeat(8_000));
    /** Of each part: its last number, and whether it brought the sync token. */
    const parts: (readonly [number | undefined, boolean])[] = [];
    const counting = {
      ...bench.context,
      mirror: {
        ...bench.context.mirror,
        commit: async (step: Parameters<typeof bench.context.mirror.commit>[0]) => {
          const changes: readonly Change[] = step.changes ?? [];
          if (changes.length > 0) parts.push([changes.at(-1)?.sequence, step.sync.token !== undefined]);
          return bench.context.mirror.commit(step);
        },
      },
    };
    await handleNotification(counting, poll(watchId), Date.now());
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map(([, hasToken]) => hasToken)).toEqual(parts.map(([last]) => last === 150));
    expect(numbers()).toEqual(upTo(150));
    expect((await mirrored()).size).toBe(150);
  });
});

/** Handles a notification in steps of one, each as a process of its own, and stops after so many. */
async function steps(watchId: string, count: number): Promise<void> {
  const hasty = { ...bench.context, deadlineMs: 0, publishNotification: () => Promise.resolve('id') };
  for (let step = 0; step < count; step += 1) {
    await handleNotification(hasty, poll(watchId), Date.now() + 1000);
  }
}

describe('a traversal that is given up half-way', () => {
  it('leaves nothing missing when a purge is called off', async () => {
    const { calendarId, watchId, mirrored } = await calendarWith(700);
    const wish = { user: ADA, resource: 'events', calendarId };
    await bench.handle(poll(watchId));
    await bench.wish(watchId, { ...wish, removed: 'purge' });
    await bench.firestore.doc(`watches/${watchId}`).update({ 'status.state': 'removing' });
    await steps(watchId, 1);
    expect((await mirrored()).size).toBe(400);

    await bench.firestore.doc(`watches/${watchId}`).update({ spec: wish });
    await bench.handle(poll(watchId));
    expect((await mirrored()).size).toBe(700);
  });

  it('leaves nothing missing when a spec is edited and edited back', async () => {
    const { calendarId, watchId, mirrored } = await calendarWith(700);
    const wish = { user: ADA, resource: 'events', calendarId };
    await bench.handle(poll(watchId));
    await bench.firestore.doc(`watches/${watchId}`).update({ spec: { ...wish, eventTypes: ['focusTime'] } });
    await steps(watchId, 2);
    expect((await mirrored()).size).toBe(400);

    await bench.firestore.doc(`watches/${watchId}`).update({ spec: wish });
    await bench.handle(poll(watchId));
    expect((await mirrored()).size).toBe(700);
  });
});
