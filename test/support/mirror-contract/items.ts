import { Timestamp } from '@google-cloud/firestore';
import { expect, test } from 'vitest';

import { positionOf } from '../../../functions/watches/epochs.ts';
import { claimed, commit, HOUR, load, mirror, mirrored, request, changes, type Tests } from './bench.ts';

const at = (hour: number): Timestamp => Timestamp.fromMillis(Date.UTC(2030, 0, 1, hour));

/** `functions/mirror/items.ts`, `outbox.ts` and `seen.ts`, and `functions/watches/upkeep.ts`. */
export const itemTests: Tests<
  | 'readItems'
  | 'exceptionsOf'
  | 'readAtOnce'
  | 'isEmpty'
  | 'countItems'
  | 'listIds'
  | 'readOutbox'
  | 'deleteOutboxEntry'
  | 'readSeen'
  | 'deleteSeen'
  | 'deletedWithRemains'
> = {
  readItems: (bench) => {
    test('returns what is mirrored of some ids, as it was written', async () => {
      const watch = await claimed(bench);
      const item = { id: 'a/b%', etag: '"7"', nested: { '': [1, { __x__: null }] } };
      await commit(bench, watch.id, {
        collection: watch.collection,
        writes: [mirrored(item, 12, { status: 'confirmed', user: 'ada@example.com', watch: watch.id })],
      });
      const found = await bench.mirror.readItems(watch.collection, ['a/b%', 'other']);
      expect([...found.keys()]).toEqual(['a/b%']);
      expect(found.get('a/b%')).toMatchObject({
        item,
        etag: '"7"',
        omitted: [],
        sequence: 12,
        beside: { status: 'confirmed', user: 'ada@example.com', watch: watch.id },
      });
    });

    test('tells when an item was mirrored, by the store’s clock', async () => {
      const watch = await claimed(bench);
      await mirror(bench, watch, 'one');
      const { beside } = (await bench.mirror.readItems(watch.collection, ['one'])).get('one') ?? {};
      expect(Math.abs(Number(beside?.['mirroredAt']) - Date.now())).toBeLessThan(HOUR);
    });

    test('passes over a document that is not a mirrored item', async () => {
      const watch = await claimed(bench);
      const writes = [{ itemId: 'odd', document: { note: 'written by hand' } }];
      await commit(bench, watch.id, { collection: watch.collection, writes });
      expect(await bench.mirror.readItems(watch.collection, ['odd'])).toEqual(new Map());
    });

    test('returns nothing for no ids', async () => {
      expect(await bench.mirror.readItems('users/ada@example.com/settings', [])).toEqual(new Map());
    });
  },

  readAtOnce: (bench) => {
    test('returns what is active in a window, and the exceptions of a span, with their numbers', async () => {
      const watch = await claimed(bench);
      const { collection } = watch;
      const times = { startsAt: at(9), endsAt: at(10), activeUntil: at(10), originalStartsAt: null };
      await commit(bench, watch.id, {
        collection,
        writes: [
          mirrored({ id: 'now' }, 1, times),
          mirrored({ id: 'moved' }, 2, { ...times, originalStartsAt: at(20) }),
          mirrored({ id: 'timeless' }, 3, { ...times, startsAt: null, activeUntil: null }),
        ],
      });
      const ids = await bench.mirror.readAtOnce(collection, async (reads) => ({
        during: await reads.activeBetween(at(9).toMillis() + 1, at(10).toMillis()),
        until: await reads.activeBetween(at(8).toMillis(), at(9).toMillis()),
        after: await reads.activeBetween(at(10).toMillis(), at(11).toMillis()),
        original: await reads.exceptionsBetween(at(20).toMillis(), at(20).toMillis()),
        later: await reads.exceptionsBetween(at(20).toMillis() + 1, at(21).toMillis()),
      }));
      const numbers = Object.entries(ids).map(([name, items]) => [
        name,
        items.map(({ sequence }) => sequence).toSorted((one, other) => one - other),
      ]);
      expect(Object.fromEntries(numbers)).toEqual({
        during: [1, 2],
        until: [],
        after: [],
        original: [2],
        later: [],
      });
    });
  },

  exceptionsOf: (bench) => {
    test('returns the exceptions of one series, at most the limit', async () => {
      const watch = await claimed(bench);
      const { collection } = watch;
      const series = { a: null, a1: 'a', a2: 'a', a3: 'a', b1: 'b' };
      const writes = Object.entries(series).map(([id, recurringEventId]) =>
        mirrored({ id }, 1, { recurringEventId }),
      );
      await commit(bench, watch.id, { collection, writes });
      const ids = [...(await bench.mirror.exceptionsOf(collection, 'a')).keys()];
      expect(ids.toSorted()).toEqual(['a1', 'a2', 'a3']);
      expect((await bench.mirror.exceptionsOf(collection, 'a', 2)).size).toBe(2);
      expect((await bench.mirror.exceptionsOf(collection, 'none')).size).toBe(0);
    });
  },

  isEmpty: (bench) => {
    test('tells whether anything is mirrored in a collection', async () => {
      const watch = await claimed(bench);
      expect(await bench.mirror.isEmpty(watch.collection)).toBe(true);
      await mirror(bench, watch, 'one');
      expect(await bench.mirror.isEmpty(watch.collection)).toBe(false);
    });
  },

  countItems: (bench) => {
    test('counts what is mirrored in a collection', async () => {
      const watch = await claimed(bench);
      expect(await bench.mirror.countItems(watch.collection)).toBe(0);
      await mirror(bench, watch, 'one', 'two');
      expect(await bench.mirror.countItems(watch.collection)).toBe(2);
    });
  },

  listIds: (bench) => {
    test('lists ids in the order of their documents, after one of them, at most the limit', async () => {
      const watch = await claimed(bench);
      // Encoded, `.` comes before `-`; in UTF-8 a character beyond the basic plane comes after U+FF5E.
      await mirror(bench, watch, '\u{1F4C5}', '～', 'b', '-', '.', 'B', 'a/b');
      const list = (after: string | undefined, limit: number) =>
        bench.mirror.listIds(watch.collection, after, limit);
      const all = ['.', '-', 'B', 'a/b', 'b', '～', '\u{1F4C5}'];
      expect(await list(undefined, 10)).toEqual(all);
      expect(await list('a/b', 2)).toEqual(['b', '～']);
      // The id after which it goes on need not exist any more.
      expect(await list('C', 1)).toEqual(['a/b']);
    });
  },

  readOutbox: (bench) => {
    test('returns the oldest entries in the order of their numbers', async () => {
      const watch = await claimed(bench);
      for (const sequence of [100, 9, 20]) {
        await commit(bench, watch.id, { changes: changes(watch, sequence, sequence + 1) });
      }
      const numbers = async (limit: number, after?: number) =>
        (
          await bench.mirror.readOutbox(watch.id, after === undefined ? '' : positionOf(after), limit)
        ).flatMap((entry) => entry.changes.map(({ sequence }) => sequence));
      expect(await numbers(10)).toEqual([9, 10, 20, 21, 100, 101]);
      expect(await numbers(1)).toEqual([9, 10]);
      expect(await numbers(1, 8)).toEqual([9, 10]);
      expect(await numbers(1, 10)).toEqual([20, 21]);
      expect(await numbers(10, 101)).toEqual([]);
    });

    test('returns changes as they were committed, also after the watch was deleted', async () => {
      const watch = await claimed(bench);
      await commit(bench, watch.id, { changes: changes(watch, 1) });
      await bench.deleteWatch(watch.id);
      const [entry] = await bench.mirror.readOutbox(watch.id, '', 1);
      expect(entry?.changes).toEqual(changes(watch, 1));
    });
  },

  deleteOutboxEntry: (bench) => {
    test('deletes an entry, and may be repeated', async () => {
      const watch = await claimed(bench);
      const { entry } = await commit(bench, watch.id, { changes: changes(watch, 1) });
      await commit(bench, watch.id, { changes: changes(watch, 2) });
      for (let times = 0; times < 2; times += 1)
        await bench.mirror.deleteOutboxEntry(watch.id, entry?.id ?? '');
      const left = await bench.mirror.readOutbox(watch.id, '', 10);
      expect(left.map((each) => each.changes)).toEqual([changes(watch, 2)]);
    });
  },

  readSeen: (bench) => {
    test('returns all ids that the pages of one traversal saw, and counts the pages', async () => {
      const watch = await claimed(bench);
      const see = (traversal: string, page: number, ...ids: readonly string[]) =>
        commit(bench, watch.id, { seen: { traversal, page, ids } });
      await see('t1', 0, 'one', 'two');
      await see('t1', 1);
      await see('t1', 2, 'three');
      await see('t1', 2, 'two', 'three');
      await see('t10', 0, 'four');
      expect(await bench.mirror.readSeen(watch.id, 't1')).toEqual({
        ids: new Set(['one', 'two', 'three']),
        pages: 3,
      });
      expect(await bench.mirror.readSeen(watch.id, 't2')).toEqual({ ids: new Set(), pages: 0 });
    });
  },

  deleteSeen: (bench) => {
    test('deletes the pages of every traversal but the current one', async () => {
      const watch = await claimed(bench);
      for (const traversal of ['t1', 't2']) {
        await commit(bench, watch.id, { seen: { traversal, page: 0, ids: ['one'] } });
      }
      const traversal = {
        id: 't2',
        kind: 'full',
        parametersKey: '',
        startedAt: 1,
        stepsCommitted: 1,
      } as const;
      await commit(bench, watch.id, {
        sync: { sequence: 0, failures: 0, traversal: { ...traversal, changeCount: 0 } },
      });
      await bench.mirror.deleteSeen(watch.id);
      expect((await bench.mirror.readSeen(watch.id, 't1')).pages).toBe(0);
      expect((await bench.mirror.readSeen(watch.id, 't2')).pages).toBe(1);
    });
  },

  deletedWithRemains: (bench) => {
    test('finds deleted watches that have an outbox or seen pages', async () => {
      const [outbox, seen, nothing, living] = await Promise.all(
        Array.from({ length: 4 }, () => request(bench)),
      );
      if (!outbox || !seen || !nothing || !living) throw new Error('no watches');
      await commit(bench, outbox.id, { changes: changes(outbox, 1) });
      await commit(bench, seen.id, { seen: { traversal: 't1', page: 0, ids: [] } });
      await commit(bench, living.id, { changes: changes(living, 1) });
      for (const { id } of [outbox, seen, nothing]) await bench.deleteWatch(id);
      const found = await bench.mirror.deletedWithRemains(1000, () => false);
      expect(found).toContain(outbox.id);
      expect(found).toContain(seen.id);
      expect(found).not.toContain(nothing.id);
      expect(found).not.toContain(living.id);
      expect((await load(bench, living.id)).id).toBe(living.id);
    });
  },
};
