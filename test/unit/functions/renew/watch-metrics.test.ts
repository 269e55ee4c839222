import { describe, expect, test } from 'vitest';
import { METRICS, outOfService } from '../../../../functions/runtime/metrics.ts';
import { STATES } from '../../../../functions/watches/states.ts';
import { watchMetrics } from '../../../../functions/renew/watch-metrics.ts';
import { living, newWatch, NOW, RULES, sampleWatch, synced } from '../../../support/sample-watch.ts';

const HOUR = 3_600_000;
const metricsOf = (watch = sampleWatch()) => watchMetrics(watch, NOW, RULES);
const syncedAgo = (ms: number) => synced({ completedAt: NOW - ms });

describe('the metric of a due watch', () => {
  test('has its resource, its state and its times', () => {
    const watch = sampleWatch({ nextDueAt: NOW - 90_000, channel: living(5 * HOUR), sync: syncedAgo(HOUR) });
    expect(metricsOf(watch)).toMatchObject({
      metric: 'check',
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
  ])('has a lapsing channel with %i ms left: %s', (left, lapsing) => {
    expect(metricsOf(sampleWatch({ channel: living(left) }))).toMatchObject({ lapsing });
  });

  test.each([
    ['with a channel', living(100 * HOUR), 11.9 * HOUR, 'no'],
    ['with a channel', living(100 * HOUR), 12.1 * HOUR, 'yes'],
    ['without a channel', undefined, 0.49 * HOUR, 'no'],
    ['without a channel', undefined, 0.51 * HOUR, 'yes'],
  ])('has a watch %s stale after twice its poll interval', (_, channel, ago, stale) => {
    expect(metricsOf(sampleWatch({ channel, sync: syncedAgo(ago) }))).toMatchObject({ stale });
  });

  test.each(['paused', 'gone', 'removing', 'removed'] as const)(
    'has neither a lapsing channel nor a stale watch in the state %s',
    (state) => {
      const watch = sampleWatch({ state, channel: living(-HOUR), sync: syncedAgo(1000 * HOUR) });
      expect(metricsOf(watch)).toMatchObject({ state, lapsing: 'no', stale: 'no' });
    },
  );

  test('has no times that a new watch lacks', () => {
    expect(metricsOf(newWatch())).toMatchObject({
      state: 'pending',
      lapsing: 'no',
      stale: 'no',
      expirySeconds: undefined,
      stalenessSeconds: undefined,
    });
    expect(metricsOf(newWatch({}))).toMatchObject({ resource: 'unknown' });
  });
});

test('a watch goes out of service once, and not again while it stays so', () => {
  expect(outOfService('active', 'paused', 'acl', 'forbidden')).toEqual({
    metric: 'outOfService',
    resource: 'acl',
    state: 'paused',
    reason: 'forbidden',
  });
  expect(outOfService('paused', 'paused', 'acl', 'forbidden')).toBeUndefined();
});

test('every state is a label of the metric', () => {
  expect(METRICS.check.labels.state).toEqual(STATES);
});
