import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Conflict } from '../../../../functions/firestore/client.ts';
import { handleNotification } from '../../../../functions/sync/engine.ts';
import { clientOf } from '../../../support/emulator/client.ts';
import { ADA, seedCalendar, upTo } from '../../../support/seeded-calendar.ts';
import { startSyncBench, type SyncBench } from '../../../support/sync-bench.ts';

/** Syncs that are interrupted: the mirror ends up the same, and each sequence is published once. */

let bench: SyncBench;

beforeAll(async () => {
  bench = await startSyncBench({}, { pageLimit: 250 });
});
afterAll(() => bench.close());

const calendarWith = (events: number, summary?: string) => seedCalendar(bench, events, summary);
const sorted = (numbers: readonly number[]): readonly number[] =>
  [...new Set(numbers)].toSorted((a, b) => a - b);
const poll = (watchId: string) => ({ reason: 'poll', watchId }) as const;

/** Returns a sync context in which the first `times` commits fail with a conflict. */
function losing(times: number) {
  let left = times;
  const commit: typeof bench.context.mirror.commit = async (step) => {
    if ((left -= 1) >= 0) throw new Conflict();
    return bench.context.mirror.commit(step);
  };
  return { ...bench.context, sleep: async () => {}, mirror: { ...bench.context.mirror, commit } };
}

describe('an interrupted sync', () => {
  it('publishes what a failed publish left in the outbox under the same sequences', async () => {
    const { watchId, numbers } = await calendarWith(3);
    const failing = {
      ...bench.context,
      publishChange: () => Promise.reject(new Error('Pub/Sub is away')),
    };
    await expect(handleNotification(failing, poll(watchId), Date.now())).rejects.toThrow('Pub/Sub is away');
    expect(numbers()).toEqual([]);
    const outbox = bench.firestore.collection(`watches/${watchId}/outbox`);
    // The changes, and the message that the first sync is complete.
    expect((await outbox.get()).size).toBe(2);

    await bench.handle(poll(watchId));
    expect(numbers()).toEqual([1, 2, 3]);
    const about = bench.about.filter((message) => message.watchId === watchId);
    expect(about).toMatchObject([{ type: 'calendar.watch.synced', sequence: 3, items: 3 }]);
    expect((await outbox.get()).empty).toBe(true);
  });

  it('drains the outbox even if the notification itself is skipped', async () => {
    const { watchId, numbers } = await calendarWith(2);
    const failing = { ...bench.context, publishChange: () => Promise.reject(new Error('Pub/Sub is away')) };
    await expect(handleNotification(failing, poll(watchId), Date.now())).rejects.toThrow('Pub/Sub is away');
    const lists = bench.listCalls();
    await bench.handle(poll(watchId), 0);
    expect(numbers()).toEqual([1, 2]);
    expect(bench.listCalls()).toBe(lists);
  });

  it('publishes what a failed publish left, though the watch was deleted and created again meanwhile', async () => {
    const { calendarId, watchId, numbers } = await calendarWith(2);
    await bench.handle(poll(watchId));
    const failing = { ...bench.context, publishChange: () => Promise.reject(new Error('Pub/Sub is away')) };
    const api = clientOf(bench.calendar.url, ADA);
    await api.events.patch({ calendarId, eventId: 'event00000', requestBody: { summary: 'edited' } });
    const failed = handleNotification(failing, poll(watchId), Date.now() + 1000);
    await expect(failed).rejects.toThrow('Pub/Sub is away');
    expect(numbers()).toEqual([1, 2]);
    await bench.firestore.doc(`watches/${watchId}`).delete();
    await bench.writeSpec(watchId, { user: ADA, resource: 'events', calendarId });
    await bench.handle(poll(watchId));
    expect(numbers().slice(0, 3)).toEqual([1, 2, 3]);
  });

  it('repeats and skips no sequence if several syncs of a watch run at once (F14)', async () => {
    const { watchId, numbers, mirrored } = await calendarWith(600);
    await Promise.all([1, 2, 3].map(() => bench.handle(poll(watchId))));
    expect(sorted(numbers())).toEqual(upTo(600));
    expect((await mirrored()).size).toBe(600);
    expect((await bench.firestore.doc(`watches/${watchId}`).get()).get('status.sync.sequence')).toBe(600);
  });

  it('starts again after a conflict, and is redelivered after too many', async () => {
    const { watchId, numbers, mirrored } = await calendarWith(3);
    await expect(handleNotification(losing(Infinity), poll(watchId), Date.now())).rejects.toThrow(Conflict);
    expect((await mirrored()).size).toBe(0);
    await handleNotification(losing(2), poll(watchId), Date.now());
    expect(numbers()).toEqual([1, 2, 3]);
  });

  it('resumes where a continue message says, and ignores one that is passed', async () => {
    const { watchId, numbers } = await calendarWith(600);
    const continued: { traversal: string; position: number }[] = [];
    const oneStep = {
      ...bench.context,
      deadlineMs: 0,
      publishNotification: (message: { data: Buffer }) => {
        continued.push(JSON.parse(message.data.toString()));
        return Promise.resolve('id');
      },
    };
    await handleNotification(oneStep, poll(watchId), Date.now());
    expect(continued).toMatchObject(
      [{ reason: 'continue', position: 1 }].map(({ position }) => ({ position })),
    );
    expect(numbers()).toEqual(upTo(250));

    const [first] = continued;
    if (first === undefined) throw new Error('nothing was continued');
    const message = { reason: 'continue', watchId, ...first } as const;
    await handleNotification(oneStep, message, Date.now());
    expect(sorted(numbers())).toEqual(upTo(500));
    const lists = bench.listCalls();
    await handleNotification(oneStep, message, Date.now());
    expect(bench.listCalls()).toBe(lists);

    await handleNotification(oneStep, { ...message, position: 2 }, Date.now());
    expect(sorted(numbers())).toEqual(upTo(600));
    expect(continued).toHaveLength(2);
  });

  it('syncs again for a notification that came during a traversal', async () => {
    const { calendarId, watchId, mirrored } = await calendarWith(600);
    const document = bench.firestore.doc(`watches/${watchId}`);
    const traversal = async () => (await document.get()).get('status.sync.traversal');
    const oneStep = { ...bench.context, deadlineMs: 0, publishNotification: () => Promise.resolve('id') };
    const go = (notification: Parameters<typeof handleNotification>[1]) =>
      handleNotification(oneStep, notification, Date.now() + 1000);
    await go(poll(watchId));

    // The list does not have this edit on any page: it was frozen before.
    const url = `${bench.calendar.url}/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events/event00001`;
    const body = JSON.stringify({ summary: 'edited' });
    await fetch(url, { method: 'PATCH', headers: { authorization: `Bearer ${ADA}` }, body });
    const push = { reason: 'push', watchId, channelId: 'channel', resourceState: 'exists' } as const;
    await go(push);
    const { id, stepsCommitted: position } = await traversal();
    await go({ reason: 'continue', watchId, traversal: id, position });
    expect(await traversal()).toBeUndefined();
    const edited = async () =>
      (await mirrored()).docs.filter((each) => each.get('data.summary') === 'edited');
    expect(await edited()).toHaveLength(0);

    // The watch is due, so renew polls it; the changes of that poll do not count against the channel.
    const [dueAt, followUpAt] = ['nextDueAt', 'status.sync.followUpAt'].map(async (field) =>
      (await document.get()).get(field).toMillis(),
    );
    expect(await dueAt).toBeLessThanOrEqual(Date.now());
    expect(await followUpAt).toBeLessThanOrEqual(Date.now());
    await go(poll(watchId));
    expect(await edited()).toHaveLength(1);
    expect((await document.get()).get('status.sync')).not.toHaveProperty('suspectChannelId');
  });

  it('sweeps what a full list no longer has, in steps, and leaves the rest untouched', async () => {
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
    // Each step of the sweep runs in an invocation of its own.
    const waiting = [poll(watchId)] as Parameters<typeof handleNotification>[1][];
    const oneStep = {
      ...bench.context,
      deadlineMs: 0,
      publishNotification: (message: { data: Buffer }) => {
        waiting.push({ reason: 'continue', watchId, ...JSON.parse(message.data.toString()) });
        return Promise.resolve('id');
      },
    };
    const tokens: unknown[] = [];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await handleNotification(oneStep, next, Date.now() + 1000);
      tokens.push((await bench.firestore.doc(`watches/${watchId}`).get()).get('status.sync.token'));
    }
    // Until the last step the expired token stays, so that a full sync follows a crash.
    expect(new Set(tokens.slice(0, -1)).size).toBe(1);
    expect(tokens.at(-1)).not.toBe(tokens[0]);
    const after = await mirrored();
    expect(after.size).toBe(700 - gone.length);
    for (const each of after.docs) expect(each.updateTime.toMillis()).toBe(before.get(each.id));
    expect(sorted(numbers())).toEqual(upTo(700 + gone.length));
    expect((await bench.firestore.collection(`watches/${watchId}/seen`).get()).empty).toBe(true);
  });

  it('lists everything again if a page of seen ids is missing', async () => {
    const { watchId, mirrored, numbers } = await calendarWith(300);
    await bench.handle(poll(watchId));
    bench.calendar.store.expireSyncTokens();
    const oneStep = { ...bench.context, deadlineMs: 0, publishNotification: () => Promise.resolve('id') };
    for (const _ of [1, 2]) await handleNotification(oneStep, poll(watchId), Date.now() + 1000);
    const [page] = (await bench.firestore.collection(`watches/${watchId}/seen`).get()).docs;
    await page?.ref.delete();
    const lists = bench.listCalls();
    await bench.handle(poll(watchId));
    expect((await mirrored()).size).toBe(300);
    expect(numbers()).toHaveLength(300);
    expect(bench.listCalls()).toBeGreaterThanOrEqual(lists + 2);
  });

  it('splits a page that is too big for one commit, and moves the token with the last batch', async () => {
    const { watchId, numbers, mirrored } = await calendarWith(150, 'x'.repeat(8_000));
    /** Whether each commit stored the sync token. */
    const tokens: boolean[] = [];
    const counting = {
      ...bench.context,
      mirror: {
        ...bench.context.mirror,
        commit: async (step: Parameters<typeof bench.context.mirror.commit>[0]) => {
          tokens.push(step.sync.token !== undefined);
          return bench.context.mirror.commit(step);
        },
      },
    };
    await handleNotification(counting, poll(watchId), Date.now());
    expect(tokens.length).toBeGreaterThan(2);
    expect(tokens.indexOf(true)).toBe(tokens.length - 1);
    expect(numbers()).toEqual(upTo(150));
    expect((await mirrored()).size).toBe(150);
  });
});
