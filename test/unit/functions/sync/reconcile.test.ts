import { describe, expect, test } from 'vitest';
import { decide } from '../../../../functions/sync/decide.ts';
import { nextCheckAt } from '../../../../functions/renew/schedule.ts';
import { fullSyncDueAt } from '../../../../functions/watches/full-sync.ts';
import {
  CHANNEL,
  intervals,
  MANUAL,
  NOW,
  POLL,
  PUSH,
  RULES,
  sampleWatch,
  synced,
  TRAVERSAL,
} from '../../../support/sample-watch.ts';

const SECOND = 1000;
const MONTH = RULES.reconcileMs;
/** The latest full sync was more than a month ago, the latest sync a second ago. */
const old = { fullStartedAt: NOW - MONTH, startedAt: NOW - SECOND };
const due = sampleWatch({ sync: synced(old) });
const decided = (notification: Parameters<typeof decide>[0], publishedAt: number, watch = due) =>
  decide(notification, publishedAt, watch, intervals(0, MONTH));

describe('a reconciliation', () => {
  test('starts once a sync covers the poll', () => {
    expect(decided(POLL, NOW - 2 * SECOND)).toMatchObject({ do: 'sync', start: 'full', reconciles: true });
  });

  test('starts however soon after other syncs, even while pushes never cease', () => {
    const watchSpec = { do: 'sync', start: 'full', reconciles: true };
    expect(decide(POLL, NOW - 2 * SECOND, due, intervals(60 * SECOND, MONTH))).toMatchObject(watchSpec);
  });

  test('follows an incremental sync', () => {
    expect(decided(POLL, NOW)).toMatchObject({ do: 'sync', start: 'incremental' });
    expect(decided(POLL, NOW)).not.toHaveProperty('reconciles');
  });

  test.each([PUSH, MANUAL])('is not started by $reason', (notification) => {
    expect(decided(notification, NOW - 2 * SECOND)).toMatchObject({ do: 'drop', why: 'covered' });
    expect(decided(notification, NOW)).toMatchObject({ do: 'sync', start: 'incremental' });
  });

  test.each([
    ['it is not due', { fullStartedAt: NOW - 0.9 * MONTH + SECOND }],
    ['the latest sync failed', { ...old, failures: 1 }],
    ['the watch has no token, so that a full sync comes anyway', { ...old, token: undefined }],
    ['another sync is under way', { ...old, traversal: { ...TRAVERSAL, startedAt: NOW - SECOND } }],
  ])('is not started if %s', (_, sync) => {
    expect(decided(POLL, NOW - 2 * SECOND, sampleWatch({ sync: synced(sync) }))).not.toHaveProperty(
      'reconciles',
    );
  });

  test('is never started if it is disabled', () => {
    expect(decide(POLL, NOW - 2 * SECOND, due, intervals(0, Infinity))).toMatchObject({
      do: 'drop',
      why: 'covered',
    });
  });
});

const checkAt = (fullStartedAt: number) =>
  nextCheckAt(sampleWatch({ sync: synced({ fullStartedAt }) }), {
    channel: CHANNEL,
    failedCall: undefined,
    now: NOW,
    rules: RULES,
    random: 1,
  });

describe('renew checks a watch', () => {
  test('when a reconciliation is due before anything else', () => {
    const dueIn = (fullStartedAt: number) =>
      fullSyncDueAt(sampleWatch({ sync: synced({ fullStartedAt }) }), MONTH) - NOW;
    const fullStartedAt = NOW - MONTH + 3_600_000;
    const later = dueIn(fullStartedAt);
    expect(checkAt(fullStartedAt + 3_600_000 - later)).toBe(NOW + 3_600_000);
  });

  test('after the poll interval if a reconciliation is overdue', () => {
    expect(checkAt(NOW - 2 * MONTH)).toBe(NOW + RULES.pollMs);
  });
});
