import { describe, expect, test } from 'vitest';
import type { Notification } from '../../../functions/feed/notification.ts';
import type { Traversal, Watch } from '../../../functions/mirror/watch.ts';
import { decide } from '../../../functions/sync/decide.ts';
import { MANUAL, NOW, POLL, PUSH, sampleWatch, synced, TRAVERSAL } from '../../support/sample-watch.ts';

const SECOND = 1000;
const DAY = 86_400_000;

const continues = (traversal: string, position: number): Notification => ({
  watchId: 'watch-1',
  reason: 'continue',
  traversal,
  position,
});

const underWay = (traversal: Partial<Traversal> = {}): Watch =>
  sampleWatch({ sync: synced({ traversal: { ...TRAVERSAL, ...traversal } }) });

const drop = (why: string) => ({ do: 'drop', why, proofOfLife: false });
const start = (kind: string) => ({ do: 'sync', start: kind });
describe('a traversal under way', () => {
  test.each([PUSH, POLL, MANUAL])('is taken up by a $reason message', (notification) => {
    expect(decide(notification, NOW, underWay(), 60 * SECOND)).toMatchObject({
      do: 'sync',
      resume: TRAVERSAL,
    });
  });

  test('is not taken up by what an earlier sync has covered', () => {
    expect(decide(PUSH, NOW - DAY, underWay(), 0)).toEqual(drop('needless'));
  });

  test.each([
    ['its position', continues('traversal-1', 3), { do: 'sync', resume: TRAVERSAL }],
    ['a position not yet committed', continues('traversal-1', 4), { do: 'sync' }],
    ['a position that was passed', continues('traversal-1', 2), drop('passed')],
    ['another traversal', continues('traversal-0', 3), drop('passed')],
  ])('goes on by a continue message of %s', (_, notification, expected) => {
    expect(decide(notification, NOW, underWay(), 60 * SECOND)).toMatchObject(expected);
  });

  test.each([
    ['there is none', sampleWatch()],
    ['it was of other parameters', underWay({ parametersKey: 'other' })],
    ['it was a purge', underWay({ kind: 'purge' })],
  ])('does not go on when %s', (_, watch) => {
    expect(decide(continues('traversal-1', 3), NOW, watch, 0)).toEqual(drop('passed'));
  });

  test.each([
    ['of other parameters', underWay({ parametersKey: 'other' })],
    ['that was a purge', underWay({ kind: 'purge' })],
  ])('%s gives way to a full sync, as no token speaks of what it left behind', (_, watch) => {
    expect(decide(PUSH, NOW, watch, 0)).toMatchObject({ do: 'sync', start: 'full' });
    // Whatever has completed before it did.
    expect(decide(PUSH, 0, watch, 0)).toMatchObject({ do: 'sync', start: 'full' });
  });
});

describe('the least interval between syncs', () => {
  test.each([
    ['a completed sync', { startedAt: NOW - 1500 }],
    ['one that failed', { failures: 1, failedAt: NOW - 1500 }],
    ['one that is abandoned', { traversal: { ...TRAVERSAL, parametersKey: 'other', startedAt: NOW - 1500 } }],
  ])('is kept after %s', (_, sync) => {
    const watch = sampleWatch({ sync: synced(sync) });
    expect(decide(POLL, NOW, watch, 2000)).toEqual({ do: 'wait', ms: 500 });
    expect(decide(POLL, NOW, watch, 1500)).toMatchObject({ do: 'sync' });
  });

  test('does not hold up the first sync', () => {
    const watch = sampleWatch({ sync: { sequence: 0, failures: 0 } });
    expect(decide(POLL, NOW, watch, 2000)).toMatchObject(start('full'));
  });
});

const failing = (failures: number, since: number): Watch =>
  sampleWatch({ sync: synced({ failures, failedAt: NOW - since }) });

describe('while Google refuses,', () => {
  test.each([
    ['a push after the first failure is tried', PUSH, failing(1, 10), start('incremental')],
    ['a push after the second failure is tried', PUSH, failing(2, 10), start('incremental')],
    ['a push after the third failure is not', PUSH, failing(3, 10), drop('inTrouble')],
    ['a push is not tried for a while', PUSH, failing(3, 22_499), drop('inTrouble')],
    ['a push is tried again when it has been left alone', PUSH, failing(3, 22_500), start('incremental')],
    ['a push is never left alone for long', PUSH, failing(100, 29_999), drop('inTrouble')],
    ['a push is tried every half minute at least', PUSH, failing(100, 30_000), start('incremental')],
    ['a push is tried again an hour after the hundredth', PUSH, failing(100, DAY), start('incremental')],
    ['a poll is tried, as renew knows when', POLL, failing(9, 10), start('incremental')],
    ['a person is heard', MANUAL, failing(9, 10), start('incremental')],
  ])('%s', (_, notification, watch, expected) => {
    expect(decide(notification, NOW, watch, 0)).toMatchObject(expected);
  });
});
