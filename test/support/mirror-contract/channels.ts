import { expect, test } from 'vitest';

import { channelFor, claimed, commit, DAY, HOUR, load, open, request, said, type Tests } from './bench.ts';

/** `functions/watches/channels.ts`. */
export const channelTests: Tests<
  | 'intendChannel'
  | 'adoptChannel'
  | 'loadChannel'
  | 'dueChannels'
  | 'rescheduleChannel'
  | 'forgetChannel'
  | 'noteStrayChannel'
> = {
  intendChannel: (bench) => {
    test('stores a channel before it is opened', async () => {
      const channel = channelFor('watch', 5000);
      await bench.mirror.intendChannel(channel);
      expect(await bench.mirror.loadChannel(channel.id)).toMatchObject({ ...channel, state: 'creating' });
    });

    test('rejects for an id that is stored already', async () => {
      const channel = channelFor('watch', 5000);
      await bench.mirror.intendChannel(channel);
      await expect(bench.mirror.intendChannel(channel)).rejects.toThrow(/exists/i);
    });
  },

  adoptChannel: (bench) => {
    test('makes the channel the watch’s, and the watch active', async () => {
      const watch = await claimed(bench);
      const asRead = await load(bench, watch.id);
      const nextCheckAt = asRead.readTime + HOUR;
      const { id, adopted } = await open(bench, watch, { asRead, nextCheckAt });
      expect(adopted).toBe(true);
      const { state, channel } = await load(bench, watch.id);
      expect(state).toBe('active');
      expect(channel).toMatchObject({
        id,
        resourceId: 'resource',
        expiresAt: asRead.readTime + DAY,
        lifetimeMs: DAY,
        parametersKey: watch.watchSpec.parametersKey,
      });
      expect(channel?.createdAt).toBeGreaterThanOrEqual(asRead.readTime);
      expect(await bench.mirror.loadChannel(id)).toMatchObject({ state: 'live', nextDueAt: nextCheckAt });
    });

    test('makes the channel before it unwanted and due', async () => {
      const watch = await claimed(bench);
      const before = await open(bench, watch);
      const after = await open(bench, watch);
      expect((await load(bench, watch.id)).channel?.id).toBe(after.id);
      // Once, as the second channel leaves it active.
      expect(await said(bench, watch.id)).toEqual(['active']);
      const replaced = await bench.mirror.loadChannel(before.id);
      expect(replaced?.state).toBe('unwanted');
      expect(replaced?.nextDueAt).toBeLessThanOrEqual(Date.now());
    });

    test('forgets earlier failures of the watch call', async () => {
      const watch = await claimed(bench);
      const watchCall = { failures: 1, failedAt: 5000, reason: 'quota' };
      const asRead = await load(bench, watch.id);
      await bench.mirror.applyReconcileResult(asRead, { from: asRead.state, watchCall });
      await open(bench, watch);
      expect((await load(bench, watch.id)).watchCall).toBeUndefined();
    });

    test.each(['paused', 'gone'] as const)('keeps the state of a watch that is %s', async (state) => {
      const watch = await claimed(bench);
      await commit(bench, watch.id, { transition: { state, reason: 'notFound' } });
      expect(await open(bench, watch)).toMatchObject({ adopted: true });
      expect(await load(bench, watch.id)).toMatchObject({ state, reason: 'notFound' });
    });

    test.each([
      ['has not claimed the collection', async () => request(bench), async () => {}],
      [
        'was deleted meanwhile',
        async () => claimed(bench),
        async ({ id }: { readonly id: string }) => bench.deleteWatch(id),
      ],
      [
        'is to be removed meanwhile',
        async () => claimed(bench),
        async ({ id, spec }: { readonly id: string; readonly spec: object }) =>
          bench.writeSpec(id, { ...spec, removed: 'keep' }, Date.now()),
      ],
    ])('makes the channel unwanted and due when the watch %s', async (_, make, meanwhile) => {
      const watch = await make();
      const asRead = await load(bench, watch.id);
      await meanwhile(watch);
      const { id, adopted } = await open(bench, watch, { asRead });
      expect(adopted).toBe(false);
      const unwanted = await bench.mirror.loadChannel(id);
      expect(unwanted).toMatchObject({ state: 'unwanted', resourceId: 'resource' });
      expect(unwanted?.nextDueAt).toBeLessThanOrEqual(Date.now());
    });

    test('makes the channel unwanted when another renew opened one meanwhile', async () => {
      const watch = await claimed(bench);
      const asRead = await load(bench, watch.id);
      const first = await open(bench, watch, { asRead });
      expect(await open(bench, watch, { asRead })).toMatchObject({ adopted: false });
      expect((await load(bench, watch.id)).channel?.id).toBe(first.id);
    });

    test('rejects for a channel that is not stored', async () => {
      const watch = await claimed(bench);
      const asRead = await load(bench, watch.id);
      const opened = { id: 'unknown', resourceId: 'resource', expiresAt: Date.now() + DAY };
      await expect(bench.mirror.adoptChannel(asRead, watch.watchSpec, opened, 0)).rejects.toThrow('unknown');
      expect((await load(bench, watch.id)).channel).toBeUndefined();
    });
  },

  loadChannel: (bench) => {
    test('returns nothing for a channel that is not stored', async () => {
      expect(await bench.mirror.loadChannel('unknown')).toBeUndefined();
    });
  },

  dueChannels: (bench) => {
    const due = async (at: number, limit: number) =>
      (await bench.mirror.dueChannels(at, limit)).map(({ id }) => id);

    test('returns what is due, the longest overdue first, and no more than the limit', async () => {
      const [late, first, second] = [3000, 1000, 2000].map((at) => channelFor('watch', at));
      const all = [late, first, second].filter((each) => each !== undefined);
      for (const channel of all) await bench.mirror.intendChannel(channel);
      expect(await due(2000, 10)).toEqual([first?.id, second?.id]);
      expect(await due(3000, 2)).toEqual([first?.id, second?.id]);
      for (const { id } of all) await bench.mirror.forgetChannel(id);
      expect(await due(3000, 10)).toEqual([]);
    });
  },

  rescheduleChannel: (bench) => {
    test('moves the next check, rounded down to a whole millisecond', async () => {
      const channel = channelFor('watch', 5000);
      await bench.mirror.intendChannel(channel);
      await bench.mirror.rescheduleChannel(channel.id, Date.now() + HOUR + 0.5);
      const { state, nextDueAt } = (await bench.mirror.loadChannel(channel.id)) ?? {};
      expect(state).toBe('creating');
      expect(Number.isInteger(nextDueAt)).toBe(true);
    });

    test('makes a channel unwanted, and counts how often stopping it failed', async () => {
      const channel = channelFor('watch', 5000);
      await bench.mirror.intendChannel(channel);
      await bench.mirror.rescheduleChannel(channel.id, 6000, { state: 'unwanted', failures: 2 });
      const rescheduled = await bench.mirror.loadChannel(channel.id);
      expect(rescheduled).toMatchObject({ state: 'unwanted', failures: 2, nextDueAt: 6000 });
      await bench.mirror.forgetChannel(channel.id);
    });

    test('does not bring back a channel that was forgotten', async () => {
      await bench.mirror.rescheduleChannel('unknown', 6000);
      expect(await bench.mirror.loadChannel('unknown')).toBeUndefined();
    });
  },

  forgetChannel: (bench) => {
    test('deletes a channel, and may be repeated', async () => {
      const channel = channelFor('watch', 5000);
      await bench.mirror.intendChannel(channel);
      await bench.mirror.forgetChannel(channel.id);
      await bench.mirror.forgetChannel(channel.id);
      expect(await bench.mirror.loadChannel(channel.id)).toBeUndefined();
    });
  },

  noteStrayChannel: (bench) => {
    test.each([
      ['keeps its resource id', false, 'creating'],
      ['makes it unwanted and due where it is to be stopped', true, 'unwanted'],
    ])('%s', async (_, stop, state) => {
      const later = Date.now() + HOUR;
      const channel = channelFor('watch', later);
      await bench.mirror.intendChannel(channel);
      await bench.mirror.noteStrayChannel(channel.id, 'stray', stop);
      const noted = await bench.mirror.loadChannel(channel.id);
      expect(noted).toMatchObject({ state, resourceId: 'stray' });
      expect((noted?.nextDueAt ?? 0) < later).toBe(stop);
    });

    test('does not bring back a channel that was forgotten', async () => {
      await bench.mirror.noteStrayChannel('unknown', 'stray', true);
      expect(await bench.mirror.loadChannel('unknown')).toBeUndefined();
    });
  },
};
