import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { UnstorableWrite } from '../../../../functions/firestore/client.ts';
import type { Step } from '../../../../functions/mirror/commit.ts';
import { handleNotification } from '../../../../functions/sync/engine.ts';
import { AT, createExtras, extraEvent } from '../../../support/extra-items.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** Items that Firestore rejects for an unforeseen reason: they are skipped, and delay nothing. */

const extras = createExtras();
let bench: Awaited<ReturnType<typeof startSyncBench>>;
beforeAll(async () => {
  bench = await startSyncBench({}, { routes: extras.routes });
});
afterAll(() => bench.close());

/** Fields that Firestore rejects, and that its client rejects. */
const POISONS = { firestore: { __reserved__: 1 }, client: { '': 1 } } as const;

/** Returns a sync context that poisons the documents of some items just before their commit. */
function poisoned(kind: keyof typeof POISONS, ids: readonly string[]) {
  const writesOf = ({ writes = [] }: Step) =>
    writes.map((write) =>
      write.document !== null && ids.includes(write.itemId)
        ? { ...write, document: { ...write.document, ...POISONS[kind] } }
        : write,
    );
  const { mirror } = bench.context;
  return {
    ...bench.context,
    mirror: { ...mirror, commit: (step: Step) => mirror.commit({ ...step, writes: writesOf(step) }) },
  };
}

let made = 0;

/** Creates a user with these events, and a watch on them. */
async function userWith(items: readonly { readonly id: string }[]) {
  made += 1;
  const user = `user-${String(made)}@example.com`;
  const watchId = `watch-${String(made)}`;
  bench.calendar.seed({ users: [{ email: user }] });
  extras.set(user, items);
  await bench.writeSpec(watchId, { user, resource: 'events', calendarId: user });
  const collection = bench.firestore.collection(`users/${user}/calendars/${user}/events`);
  const status = async () => (await bench.firestore.doc(`watches/${watchId}`).get()).get('status.sync');
  return {
    user,
    poll: { reason: 'poll', watchId } as const,
    mirrored: async () => (await collection.get()).docs.map(({ id }) => id).toSorted(),
    skippedItems: async (): Promise<readonly { item: string; reason: string }[]> =>
      (await status()).skippedItems ?? [],
    sequence: async (): Promise<number> => (await status()).sequence,
    numbers: () =>
      bench.published.filter((id) => id.startsWith(`${watchId}/`)).map((id) => Number(id.split('/')[1])),
  };
}

const reject = () => Promise.reject(new UnstorableWrite('the status is impossible'));
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
const events = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => extraEvent(`event-${String(index).padStart(3, '0')}`, more));

describe.each(['firestore', 'client'] as const)('an item that the %s rejects', (kind) => {
  it.each([
    ['one among many', 50, ['event-017']],
    ['several with the first and the last', 50, ['event-000', 'event-001', 'event-030', 'event-049']],
    ['the only one', 1, ['event-000']],
    ['all', 3, ['event-000', 'event-001', 'event-002']],
  ])('is skipped and named, and the rest is numbered without a gap: %s', async (_, count, bad) => {
    const { poll, mirrored, skippedItems, numbers, sequence } = await userWith(events(count));
    await handleNotification(poisoned(kind, bad), poll, Date.now() + 1_000);
    const good = events(count).flatMap(({ id }) => (bad.includes(id) ? [] : [id]));
    expect(await mirrored()).toEqual(good);
    expect(numbers()).toEqual(upTo(good.length));
    expect(await sequence()).toBe(good.length);
    const named = await skippedItems();
    expect(named.map(({ item }) => item)).toEqual(bad);
    for (const { reason } of named) expect(reason).toMatch(/rejects the write: .+/);
  });

  it('leaves the list of skipped items once it is mirrored', async () => {
    const { poll, mirrored, skippedItems, numbers } = await userWith(events(3));
    await handleNotification(poisoned(kind, ['event-001']), poll, Date.now() + 1_000);
    expect(await skippedItems()).toHaveLength(1);
    await bench.handle(poll);
    expect(await skippedItems()).toEqual([]);
    expect(await mirrored()).toHaveLength(3);
    expect(numbers()).toEqual([1, 2, 3]);
  });

  it('leaves the list of skipped items once it is deleted', async () => {
    const { user, poll, skippedItems } = await userWith(events(3));
    await handleNotification(poisoned(kind, ['event-001']), poll, Date.now() + 1_000);
    extras.set(user, [{ id: 'event-001', status: 'cancelled' }]);
    await bench.handle(poll);
    expect(await skippedItems()).toEqual([]);
  });

  it('keeps its earlier document', async () => {
    const { user, poll, mirrored, skippedItems, numbers } = await userWith(events(3));
    await bench.handle(poll);
    extras.set(user, events(3, { etag: '"2"' }));
    await handleNotification(poisoned(kind, ['event-001']), poll, Date.now() + 1_000);
    expect(await mirrored()).toHaveLength(3);
    expect((await skippedItems()).map(({ item }) => item)).toEqual(['event-001']);
    expect(numbers()).toEqual(upTo(5));
  });
});

it('a sync whose status Firestore rejects is not acknowledged, and skips no item', async () => {
  const { poll, mirrored, skippedItems } = await userWith(events(3));
  const { mirror } = bench.context;
  const failing = { ...bench.context, mirror: { ...mirror, commit: reject } };
  await expect(handleNotification(failing, poll, Date.now() + 1_000)).rejects.toThrow(UnstorableWrite);
  expect(await mirrored()).toEqual([]);
  await bench.handle(poll);
  expect(await mirrored()).toHaveLength(3);
  expect(await skippedItems()).toEqual([]);
});

it('another event is still mirrored beside skipped items', async () => {
  const { user, poll, mirrored } = await userWith(events(3));
  await handleNotification(poisoned('firestore', ['event-001']), poll, Date.now() + 1_000);
  extras.set(user, [extraEvent('later', AT)]);
  await bench.handle(poll);
  expect(await mirrored()).toEqual(['event-000', 'event-002', 'later']);
});
