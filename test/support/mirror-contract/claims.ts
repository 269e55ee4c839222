import { expect, test } from 'vitest';

import { baseOf } from '../../../functions/watches/epochs.ts';
import { specOf } from '../sample-watch.ts';
import {
  changes,
  claimed,
  commit,
  load,
  mirrored,
  request,
  said,
  type Requested,
  type Tests,
} from './bench.ts';

const userOf = ({ watchSpec }: Requested): string => watchSpec.target.user;

/** `functions/watches/claims.ts`. */
export const claimTests: Tests<'claim'> = {
  claim: (bench) => {
    const claim = ({ id, spec }: Requested, more: object = {}) =>
      bench.mirror.claim(id, specOf({ ...spec, ...more }));
    /** Two watches of one collection; the first has claimed it. */
    const rivals = async () => {
      const holder = await claimed(bench);
      return { holder, other: await request(bench, { user: userOf(holder) }) };
    };

    test('gives the collection to a watch, once and again', async () => {
      const watch = await claimed(bench);
      expect(await claim(watch)).toBe('claimed');
      expect(await load(bench, watch.id)).toMatchObject({ state: 'pending', collection: watch.collection });
    });

    test('pauses a second watch of the collection', async () => {
      const { other } = await rivals();
      expect(await claim(other)).toBe('taken');
      const { state, reason, collection } = await load(bench, other.id);
      expect({ state, reason, collection }).toEqual({
        state: 'paused',
        reason: 'collectionTaken',
        collection: undefined,
      });
      expect(await claim(other)).toBe('taken');
      expect(await said(bench, other.id)).toEqual(['paused']);
    });

    test('gives the collection to one of two watches that claim it at once', async () => {
      const one = await request(bench);
      const other = await request(bench, { user: userOf(one) });
      const results = await Promise.all([claim(one), claim(other)]);
      expect(results.toSorted()).toEqual(['claimed', 'taken']);
    });

    test('removes a second watch of the collection whose removal was requested', async () => {
      const { other } = await rivals();
      expect(await claim(other, { removed: 'purge' })).toBe('taken');
      expect(await load(bench, other.id)).toMatchObject({ state: 'removed', reason: 'collectionTaken' });
    });

    test('passes the collection on when its watch was deleted', async () => {
      const { holder, other } = await rivals();
      await claim(other);
      await bench.deleteWatch(holder.id);
      expect(await claim(other)).toBe('claimed');
      const { state, reason } = await load(bench, other.id);
      expect({ state, reason }).toEqual({ state: 'pending', reason: undefined });
      expect(await said(bench, other.id)).toEqual(['paused', 'pending']);
    });

    test('passes the collection on when its watch was removed', async () => {
      const { holder, other } = await rivals();
      await commit(bench, holder.id, { transition: { state: 'removed', reason: 'kept' } });
      expect(await claim(other)).toBe('claimed');
    });

    test('pauses a watch whose identity was edited', async () => {
      const watch = await claimed(bench);
      expect(await claim(watch, { user: 'eve@example.com' })).toBe('specChanged');
      const { state, reason, collection } = await load(bench, watch.id);
      expect({ state, reason, collection }).toEqual({
        state: 'paused',
        reason: 'specChanged',
        collection: watch.collection,
      });
    });

    test('removes a watch that has mirrored nothing and whose removal was requested', async () => {
      const watch = await request(bench);
      expect(await claim(watch, { removed: 'keep' })).toBe('nothingToRemove');
      expect(await load(bench, watch.id)).toMatchObject({ state: 'removed' });
      expect(await said(bench, watch.id)).toEqual(['removed']);
    });

    test('says nothing about a watch that claims for the first time', async () => {
      const { id } = await claimed(bench);
      expect(await said(bench, id)).toEqual([]);
      expect((await load(bench, id)).latestMessage).toBeUndefined();
    });

    test('gives the collection to a removed watch whose items were kept and are to be deleted', async () => {
      const watch = await claimed(bench);
      await commit(bench, watch.id, { transition: { state: 'removed', reason: 'kept' } });
      expect(await claim(watch, { removed: 'purge' })).toBe('claimed');
      expect(await load(bench, watch.id)).toMatchObject({ state: 'pending' });
    });

    test('leaves a state alone that does not come from the spec', async () => {
      const watch = await claimed(bench);
      await commit(bench, watch.id, { transition: { state: 'paused', reason: 'accessDenied' } });
      expect(await claim(watch)).toBe('claimed');
      expect(await load(bench, watch.id)).toMatchObject({ state: 'paused', reason: 'accessDenied' });
    });

    test('returns missing for a watch that was deleted', async () => {
      const watch = await request(bench);
      await bench.deleteWatch(watch.id);
      expect(await claim(watch)).toBe('missing');
    });

    test('keeps the epoch of a watch that claims again', async () => {
      const watch = await claimed(bench);
      await commit(bench, watch.id, { changes: changes(watch, 1), sync: { sequence: 1, failures: 0 } });
      await claim(watch);
      expect(await load(bench, watch.id)).toMatchObject({ epoch: 0, sync: { sequence: 1 } });
    });

    test('numbers the next holder’s changes above those of the one before', async () => {
      const { holder, other } = await rivals();
      const sequence = baseOf(4) + 1;
      await commit(bench, holder.id, { changes: changes(holder, sequence), sync: { sequence, failures: 0 } });
      await bench.deleteWatch(holder.id);
      await claim(other);
      expect(await load(bench, other.id)).toMatchObject({ epoch: 5, sync: { sequence: baseOf(5) } });
    });

    test('leaves the epoch of a holder that numbered nothing to the next', async () => {
      const { holder, other } = await rivals();
      await bench.deleteWatch(holder.id);
      await claim(other);
      expect((await load(bench, other.id)).epoch).toBe(0);
    });

    test('counts a holder without a recorded epoch by its sequence', async () => {
      const { holder, other } = await rivals();
      await commit(bench, holder.id, {
        sync: { sequence: 7, failures: 0 },
        transition: { state: 'removed' },
      });
      await claim(other);
      expect((await load(bench, other.id)).epoch).toBe(1);
    });

    test('numbers above the items of a collection that no claim tells of', async () => {
      const watch = await request(bench);
      const writes = [mirrored({ id: 'item' }, baseOf(2) + 9)];
      await commit(bench, watch.id, { collection: watch.collection, writes });
      await claim(watch);
      expect((await load(bench, watch.id)).epoch).toBe(3);
    });
  },
};
