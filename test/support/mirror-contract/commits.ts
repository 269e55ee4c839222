import { expect, test } from 'vitest';

import { positionOf } from '../../../functions/watches/epochs.ts';
import { AlreadyExists, Conflict } from '../../../functions/firestore/client.ts';
import {
  changes,
  claimed,
  commit,
  HOUR,
  load,
  mirror,
  mirrored,
  said,
  type Requested,
  type Tests,
} from './bench.ts';

/** `functions/mirror/commit.ts`. */
export const commitTests: Tests<'commit'> = {
  commit: (bench) => {
    const read = async ({ collection }: Requested, id: string) =>
      (await bench.mirror.readItems(collection, [id])).get(id);

    test('writes the items, the status, the outbox and the seen page together', async () => {
      const watch = await claimed(bench);
      const sync = { sequence: 2, failures: 0, token: 'token', startedAt: 5000, completedAt: 6000 };
      const { entry } = await commit(bench, watch.id, {
        sync,
        collection: watch.collection,
        writes: [mirrored({ id: 'one' }, 1), mirrored({ id: 'two' }, 2)],
        changes: changes(watch, 1, 2),
        seen: { traversal: 't1', page: 0, ids: ['one', 'two'] },
      });
      expect(await load(bench, watch.id)).toMatchObject({ sync, collection: watch.collection });
      expect(await read(watch, 'two')).toMatchObject({ item: { id: 'two' }, sequence: 2 });
      expect((await bench.mirror.readOutbox(watch.id, '', 10)).map(({ id }) => id)).toEqual([entry?.id]);
      expect(await bench.mirror.readSeen(watch.id, 't1')).toMatchObject({ pages: 1 });
    });

    test('leaves no outbox entry for a step without changes', async () => {
      const watch = await claimed(bench);
      expect((await commit(bench, watch.id, { changes: [] })).entry).toBeUndefined();
      expect(await bench.mirror.readOutbox(watch.id, '', 10)).toEqual([]);
    });

    test('returns the version that the next commit depends on', async () => {
      const watch = await claimed(bench);
      const { version } = await commit(bench, watch.id, {});
      const sync = { sequence: 0, failures: 3 };
      await bench.mirror.commit({ watch: await load(bench, watch.id), version, sync });
      expect(await load(bench, watch.id)).toMatchObject({ sync });
    });

    test.each([
      ['the watch was written meanwhile', (id: string) => commit(bench, id, {})],
      ['the watch was deleted meanwhile', (id: string) => bench.deleteWatch(id)],
    ])('rejects with Conflict, and writes nothing, when %s', async (_, meanwhile) => {
      const watch = await claimed(bench);
      const asRead = await load(bench, watch.id);
      await meanwhile(watch.id);
      const { version, sync } = asRead;
      const step = { watch: asRead, version, sync, collection: watch.collection };
      const writes = [mirrored({ id: 'one' })];
      await expect(bench.mirror.commit({ ...step, writes, changes: changes(watch, 1) })).rejects.toThrow(
        Conflict,
      );
      expect(await bench.mirror.isEmpty(watch.collection)).toBe(true);
      expect(await bench.mirror.readOutbox(watch.id, '', 10)).toEqual([]);
    });

    test('rejects with AlreadyExists when an item is there that was not looked for', async () => {
      const watch = await claimed(bench);
      await mirror(bench, watch, 'one');
      const writes = [mirrored({ id: 'two' }), mirrored({ id: 'one' }, 9)];
      const { collection } = watch;
      const overwriting = commit(bench, watch.id, { collection, writes, unseen: true });
      await expect(overwriting).rejects.toThrow(AlreadyExists);
      expect(await read(watch, 'one')).toMatchObject({ sequence: 1 });
      expect(await read(watch, 'two')).toBeUndefined();
    });

    test('rejects with AlreadyExists when numbers are in the outbox already', async () => {
      const watch = await claimed(bench);
      await commit(bench, watch.id, { changes: changes(watch, 1) });
      await expect(commit(bench, watch.id, { changes: changes(watch, 1) })).rejects.toThrow(AlreadyExists);
    });

    test('replaces a whole item, or some of its fields', async () => {
      const watch = await claimed(bench);
      const { collection } = watch;
      const first = mirrored({ id: 'one', etag: '"1"' }, 1, { status: 'confirmed' });
      await commit(bench, watch.id, { collection, writes: [first] });
      const partial = { itemId: 'one', document: { status: 'tentative' }, partial: true };
      await commit(bench, watch.id, { collection, writes: [partial] });
      expect(await read(watch, 'one')).toMatchObject({ etag: '"1"', beside: { status: 'tentative' } });
      await commit(bench, watch.id, { collection, writes: [mirrored({ id: 'one' }, 2)] });
      const { etag, beside } = (await read(watch, 'one')) ?? {};
      expect(etag).toBeNull();
      expect(beside).not.toHaveProperty('status');
    });

    test('rejects with Conflict when fields are written of an item that is gone', async () => {
      const watch = await claimed(bench);
      const partial = { itemId: 'one', document: { status: 'tentative' }, partial: true };
      const writes = [partial];
      const writing = commit(bench, watch.id, { collection: watch.collection, writes });
      await expect(writing).rejects.toThrow(Conflict);
    });

    test('deletes items, there or not', async () => {
      const watch = await claimed(bench);
      await mirror(bench, watch, 'one');
      const writes = ['one', 'two'].map((itemId) => ({ itemId, document: null }));
      await commit(bench, watch.id, { collection: watch.collection, writes });
      expect(await bench.mirror.isEmpty(watch.collection)).toBe(true);
    });

    test('writes a new state with its reason, and removes the reason before', async () => {
      const { id } = await claimed(bench);
      await commit(bench, id, { transition: { state: 'paused', reason: 'accessDenied' } });
      expect(await load(bench, id)).toMatchObject({ state: 'paused', reason: 'accessDenied' });
      await commit(bench, id, { transition: { state: 'pending' } });
      const { state, reason } = await load(bench, id);
      expect({ state, reason }).toEqual({ state: 'pending', reason: undefined });
    });

    test('writes what it says about the watch behind the changes, and where it is', async () => {
      const watch = await claimed(bench);
      const sync = { sequence: 2, failures: 0, completedAt: 5000 };
      const step = {
        sync,
        changes: changes(watch, 1, 2),
        transition: { state: 'active' },
        items: 2,
      } as const;
      const { entry } = await commit(bench, watch.id, step);
      const [found, ...others] = await bench.mirror.readOutbox(watch.id, '', 10);
      expect(others).toEqual([]);
      expect(found).toMatchObject({ id: entry?.id, changes: changes(watch, 1, 2) });
      const at = new Date(5000).toISOString();
      expect(found?.about).toMatchObject([
        { message: { watchId: watch.id, state: 'active', sequence: 2, occurredAt: at } },
        { message: { state: 'active', items: 2, occurredAt: at } },
      ]);
      const { latestMessage } = await load(bench, watch.id);
      expect(latestMessage).toBe(positionOf(2, found?.about.at(-1)?.number));
      expect(await bench.mirror.readOutbox(watch.id, positionOf(2), 10)).toEqual([]);
    });

    test('says nothing of a state that stays, and each of two states under its own number', async () => {
      const { id } = await claimed(bench);
      for (const state of ['pending', 'active', 'gone', 'gone', 'active'] as const) {
        await commit(bench, id, { transition: { state } });
      }
      expect(await said(bench, id)).toEqual(['active', 'gone', 'active']);
      const entries = await bench.mirror.readOutbox(id, '', 10);
      const numbers = entries.flatMap(({ about }) => about.map(({ number }) => number));
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      const [, second] = entries;
      expect(await bench.mirror.readOutbox(id, second?.id ?? '', 10)).toHaveLength(1);
    });

    test('releases the collection of a watch that it removes', async () => {
      const { id } = await claimed(bench);
      await commit(bench, id, { transition: { state: 'removed', reason: 'kept' } });
      expect((await load(bench, id)).collection).toBeUndefined();
    });

    test('moves nextDueAt earlier, and never later', async () => {
      const { id, spec } = await claimed(bench);
      const due = Date.now() + HOUR;
      await bench.writeSpec(id, spec, due);
      await commit(bench, id, { dueAt: due + 1 });
      expect((await load(bench, id)).nextDueAt).toBe(due);
      const { version } = await commit(bench, id, { dueAt: due - 1 });
      expect((await load(bench, id)).nextDueAt).toBe(due - 1);
      expect(version.nextDueAt?.toMillis()).toBe(due - 1);
    });
  },
};
