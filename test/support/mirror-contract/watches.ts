import { expect, test } from 'vitest';

import { Conflict } from '../../../functions/firestore/client.ts';
import { baseOf } from '../../../functions/watches/epochs.ts';
import { changes, claimed, commit, HOUR, load, MINUTE, open, request, said, type Tests } from './bench.ts';

const idsOf = (due: readonly { readonly ok: boolean }[]): readonly unknown[] =>
  due.map((each) => ('watch' in each ? Object(each.watch).id : undefined));

/** `functions/watches/watches.ts` and `upkeep.ts`. */
export const watchTests: Tests<
  'loadWatch' | 'usedEpoch' | 'raiseEpoch' | 'dueWatches' | 'applyReconcileResult' | 'repairUndue'
> = {
  loadWatch: (bench) => {
    test('returns a document that has a spec only as a pending watch that never synced', async () => {
      const { id, watchSpec } = await request(bench, { nextDueAt: 5000 });
      expect(await load(bench, id)).toMatchObject({
        id,
        spec: { ok: true, value: watchSpec },
        state: 'pending',
        sync: { sequence: 0, failures: 0 },
        epoch: 0,
        nextDueAt: 5000,
      });
    });

    test('returns nothing for a watch that does not exist, or was deleted', async () => {
      const { id } = await request(bench);
      await bench.deleteWatch(id);
      expect(await bench.mirror.loadWatch(id)).toBeUndefined();
      expect(await bench.mirror.loadWatch('never-there')).toBeUndefined();
    });

    test('returns the new spec and the old status after the spec was edited', async () => {
      const { id, spec, collection } = await claimed(bench);
      await bench.writeSpec(id, { ...spec, removed: 'keep' }, Date.now());
      expect(await load(bench, id)).toMatchObject({ spec: { value: { removed: 'keep' } }, collection });
    });

    test('returns a read time by the store’s clock', async () => {
      const { id } = await request(bench);
      const { readTime } = await load(bench, id);
      expect(Math.abs(readTime - Date.now())).toBeLessThan(HOUR);
    });
  },

  usedEpoch: (bench) => {
    test('is undefined until the watch numbers a change, and then the epoch of that', async () => {
      const watch = await claimed(bench);
      expect(await bench.mirror.usedEpoch(watch.id)).toBeUndefined();
      await commit(bench, watch.id, { changes: changes(watch, baseOf(3) + 1) });
      expect(await bench.mirror.usedEpoch(watch.id)).toBe(3);
    });

    test('outlives the document of its watch', async () => {
      const watch = await claimed(bench);
      await commit(bench, watch.id, { changes: changes(watch, 1) });
      await bench.deleteWatch(watch.id);
      expect(await bench.mirror.usedEpoch(watch.id)).toBe(0);
    });

    test('stays when a later change goes on in its epoch', async () => {
      const watch = await claimed(bench);
      await commit(bench, watch.id, { changes: changes(watch, baseOf(2) + 1) });
      await commit(bench, watch.id, { changes: changes(watch, baseOf(2) + 2) });
      expect(await bench.mirror.usedEpoch(watch.id)).toBe(2);
    });
  },

  raiseEpoch: (bench) => {
    test('makes the watch start from the beginning in the new epoch', async () => {
      const { id } = await claimed(bench);
      await commit(bench, id, { sync: { sequence: 7, failures: 0, token: 'token' } });
      await bench.mirror.raiseEpoch(await load(bench, id), 2);
      const { epoch, sync } = await load(bench, id);
      expect(epoch).toBe(2);
      expect(sync).toMatchObject({ sequence: baseOf(2), failures: 0 });
      expect(sync.token).toBeUndefined();
    });

    test('rejects with Conflict after another write, and for a watch that was deleted', async () => {
      const { id } = await claimed(bench);
      const watch = await load(bench, id);
      await commit(bench, id, {});
      await expect(bench.mirror.raiseEpoch(watch, 2)).rejects.toThrow(Conflict);
      await bench.deleteWatch(id);
      await expect(bench.mirror.raiseEpoch(watch, 2)).rejects.toThrow(Conflict);
    });
  },

  dueWatches: (bench) => {
    test('returns what is due, the longest overdue first, and no more than the limit', async () => {
      const late = await request(bench, { nextDueAt: 3000 });
      const first = await request(bench, { nextDueAt: 1000 });
      const second = await request(bench, { nextDueAt: 2000 });
      expect(idsOf(await bench.mirror.dueWatches(2000, 10))).toEqual([first.id, second.id]);
      expect(idsOf(await bench.mirror.dueWatches(3000, 2))).toEqual([first.id, second.id]);
      for (const { id, spec } of [late, first, second]) await bench.writeSpec(id, spec, Date.now() + HOUR);
      expect(await bench.mirror.dueWatches(3000, 10)).toEqual([]);
    });
  },

  applyReconcileResult: (bench) => {
    /** A watch that is due, and a settlement of it as it is read now. */
    const due = async () => {
      const watch = await claimed(bench);
      const read = await load(bench, watch.id);
      const apply = (patch: Partial<Parameters<typeof bench.mirror.applyReconcileResult>[1]>) =>
        bench.mirror.applyReconcileResult(read, { from: read.state, ...patch });
      return { ...watch, apply, now: () => load(bench, watch.id) };
    };
    const later = Date.now() + HOUR;

    test('writes the new state and the next check', async () => {
      const { apply, now } = await due();
      const to = { state: 'polling', reason: 'noChannel' } as const;
      expect(await apply({ to, nextDueAt: later })).toBe(true);
      expect(await now()).toMatchObject({ state: 'polling', reason: 'noChannel', nextDueAt: later });
    });

    test('writes the message about a new state with it, once, also after another write', async () => {
      const { id, apply } = await due();
      await commit(bench, id, { transition: { state: 'pending', reason: 'quota' } });
      const to = { state: 'polling', reason: 'noChannel' } as const;
      expect([await apply({ to }), await apply({ to }), await apply({})]).toEqual([true, false, false]);
      expect(await said(bench, id)).toEqual(['polling']);
    });

    test('rounds the next check down to a whole millisecond', async () => {
      const { apply, now } = await due();
      await apply({ nextDueAt: later + 0.5 });
      expect((await now()).nextDueAt).toBe(later);
    });

    test('removes the reason of the state before', async () => {
      const { id, apply, now } = await due();
      await apply({ to: { state: 'polling', reason: 'noChannel' } });
      const read = await load(bench, id);
      await bench.mirror.applyReconcileResult(read, { from: 'polling', to: { state: 'active' } });
      const { state, reason } = await now();
      expect({ state, reason }).toEqual({ state: 'active', reason: undefined });
    });

    test('keeps a state that sync wrote meanwhile', async () => {
      const { id, apply, now } = await due();
      await commit(bench, id, { transition: { state: 'gone', reason: 'notFound' } });
      await apply({ to: { state: 'polling' } });
      expect(await now()).toMatchObject({ state: 'gone', reason: 'notFound' });
    });

    test('keeps a check that a person requested meanwhile', async () => {
      const asked = Date.now() - MINUTE;
      const { id, spec, apply, now } = await due();
      await bench.writeSpec(id, spec, asked);
      await apply({ nextDueAt: later });
      expect((await now()).nextDueAt).toBe(asked);
    });

    test.each([
      ['another state asks for one at once', { transition: { state: 'pending' } }, undefined],
      ['a push is to be followed up', { sync: { sequence: 0, failures: 0, followUpAt: 9000 } }, 9000],
    ] as const)('moves the next check no later than sync asked for: %s', async (_, step, expected) => {
      const watch = await claimed(bench);
      await commit(bench, watch.id, { transition: { state: 'active' } });
      const read = await load(bench, watch.id);
      await commit(bench, watch.id, step);
      await bench.mirror.applyReconcileResult(read, { from: 'active', nextDueAt: later });
      expect((await load(bench, watch.id)).nextDueAt).toBe(expected ?? read.nextDueAt);
    });

    test('notes failed watch calls', async () => {
      const { apply, now } = await due();
      const watchCall = { failures: 2, failedAt: 5000, reason: 'quota', passing: true };
      await apply({ watchCall });
      expect((await now()).watchCall).toEqual(watchCall);
    });

    test('forgets the channel that it names, and no other', async () => {
      const watch = await claimed(bench);
      const { id } = await open(bench, watch);
      const read = await load(bench, watch.id);
      const drop = (dropChannel: string) =>
        bench.mirror.applyReconcileResult(read, { from: read.state, dropChannel });
      await drop('another');
      expect((await load(bench, watch.id)).channel?.id).toBe(id);
      await drop(id);
      expect((await load(bench, watch.id)).channel).toBeUndefined();
    });

    test('leaves a watch alone that was deleted meanwhile', async () => {
      const { id, apply } = await due();
      await bench.deleteWatch(id);
      await apply({ to: { state: 'polling' }, nextDueAt: later });
      expect(await bench.mirror.loadWatch(id)).toBeUndefined();
    });
  },

  repairUndue: (bench) => {
    test('makes a watch without nextDueAt due at once, and returns its id', async () => {
      const { id } = await request(bench, { nextDueAt: null });
      expect((await load(bench, id)).nextDueAt).toBeUndefined();
      expect(await bench.mirror.repairUndue(() => false)).toEqual([id]);
      expect((await load(bench, id)).nextDueAt).toBeLessThanOrEqual(Date.now());
      expect(await bench.mirror.repairUndue(() => false)).toEqual([]);
    });
  },
};
