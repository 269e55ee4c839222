import { describe, expect, test } from 'vitest';
import { MEASURES, outOfService } from '../../../functions/measures.ts';
import { STATES } from '../../../functions/mirror/watch.ts';
import { lookOf } from '../../../functions/renew/look.ts';
import { living, newWatch, NOW, RULES, sampleWatch, synced } from '../../support/sample-watch.ts';

const HOUR = 3_600_000;
const look = (watch = sampleWatch()) => lookOf(watch, NOW, RULES);
const syncedAgo = (ms: number) => synced({ completedAt: NOW - ms });

describe('a look at a watch', () => {
  test('tells its resource and state, and how it stands with time', () => {
    const watch = sampleWatch({ nextDueAt: NOW - 90_000, channel: living(5 * HOUR), sync: syncedAgo(HOUR) });
    expect(look(watch)).toMatchObject({
      metric: 'look',
      resource: 'events',
      state: 'active',
      overdueSeconds: 90,
      expirySeconds: 5 * 3600,
      stalenessSeconds: 3600,
    });
  });

  test.each([
    [13 * HOUR, 'no'],
    [11 * HOUR, 'yes'],
    [-HOUR, 'yes'],
  ])('finds its channel lapsing when too little is left: %i ms, %s', (left, lapsing) => {
    expect(look(sampleWatch({ channel: living(left) }))).toMatchObject({ lapsing });
  });

  test.each([
    ['with a channel', living(100 * HOUR), 11.9 * HOUR, 'no'],
    ['with a channel', living(100 * HOUR), 12.1 * HOUR, 'yes'],
    ['that is polled', undefined, 0.49 * HOUR, 'no'],
    ['that is polled', undefined, 0.51 * HOUR, 'yes'],
  ])('finds a watch %s stale after twice its interval', (_, channel, ago, stale) => {
    expect(look(sampleWatch({ channel, sync: syncedAgo(ago) }))).toMatchObject({ stale });
  });

  test.each(['paused', 'gone', 'removing', 'removed'] as const)(
    'finds nothing to complain of in a watch that is %s',
    (state) => {
      const watch = sampleWatch({ state, channel: living(-HOUR), sync: syncedAgo(1000 * HOUR) });
      expect(look(watch)).toMatchObject({ state, lapsing: 'no', stale: 'no' });
    },
  );

  test('names no times that a new watch does not have', () => {
    expect(look(newWatch())).toMatchObject({
      state: 'pending',
      lapsing: 'no',
      stale: 'no',
      expirySeconds: undefined,
      stalenessSeconds: undefined,
    });
    expect(look(newWatch({}))).toMatchObject({ resource: 'unknown' });
  });
});

test('a watch goes out of service once, and not again while it is', () => {
  expect(outOfService('active', 'paused', 'acl', 'forbidden')).toEqual({
    metric: 'outOfService',
    resource: 'acl',
    state: 'paused',
    reason: 'forbidden',
  });
  expect(outOfService('paused', 'paused', 'acl', 'forbidden')).toBeUndefined();
});

test('every state is one that a look can tell', () => {
  expect(MEASURES.look.labels.state).toEqual(STATES);
});
