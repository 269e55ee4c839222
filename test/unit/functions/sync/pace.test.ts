import { describe, expect, test } from 'vitest';
import type { Notification } from '../../../../functions/feed/notification.ts';
import type { Traversal } from '../../../../functions/watches/status.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { decide } from '../../../../functions/sync/decide.ts';
import {
  intervals,
  MANUAL,
  NOW,
  POLL,
  PUSH,
  sampleWatch,
  synced,
  TRAVERSAL,
} from '../../../support/sample-watch.ts';

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

const drop = (why: string) => ({ do: 'drop', why, confirmsChannelAlive: false });
const start = (kind: string) => ({ do: 'sync', start: kind });
describe('a traversal under way', () => {
  test.each([PUSH, POLL, MANUAL])('is resumed by a $reason message', (notification) => {
    expect(decide(notification, NOW, underWay(), intervals(60 * SECOND))).toMatchObject({
      do: 'sync',
      resume: TRAVERSAL,
    });
  });

  test('is not resumed by a notification that an earlier sync covers', () => {
    expect(decide(PUSH, NOW - DAY, underWay(), intervals(0))).toEqual(drop('covered'));
  });

  test.each([
    [
      'is resumed by a continue message of its position',
      continues('traversal-1', 3),
      { do: 'sync', resume: TRAVERSAL },
    ],
    ['is resumed by a continue message of a later position', continues('traversal-1', 4), { do: 'sync' }],
    ['ignores a continue message of an earlier position', continues('traversal-1', 2), drop('passed')],
    ['ignores a continue message of another traversal', continues('traversal-0', 3), drop('passed')],
  ])('%s', (_, notification, expected) => {
    expect(decide(notification, NOW, underWay(), intervals(60 * SECOND))).toMatchObject(expected);
  });

  test.each([
    ['there is none', sampleWatch()],
    ['it had other parameters', underWay({ parametersKey: 'other' })],
    ['it was a purge', underWay({ kind: 'purge' })],
  ])('is not continued if %s', (_, watch) => {
    expect(decide(continues('traversal-1', 3), NOW, watch, intervals(0))).toEqual(drop('passed'));
  });

  test.each([
    ['of other parameters', underWay({ parametersKey: 'other' })],
    ['of a purge', underWay({ kind: 'purge' })],
  ])('%s gives way to a full sync', (_, watch) => {
    expect(decide(PUSH, NOW, watch, intervals(0))).toMatchObject({ do: 'sync', start: 'full' });
    // Whatever has completed before it did.
    expect(decide(PUSH, 0, watch, intervals(0))).toMatchObject({ do: 'sync', start: 'full' });
  });
});

describe('the minimum interval between syncs', () => {
  test.each([
    ['a completed sync', { startedAt: NOW - 1500 }],
    ['a failed sync', { failures: 1, failedAt: NOW - 1500 }],
    [
      'an abandoned traversal',
      { traversal: { ...TRAVERSAL, parametersKey: 'other', startedAt: NOW - 1500 } },
    ],
  ])('is kept after %s', (_, sync) => {
    const watch = sampleWatch({ sync: synced(sync) });
    expect(decide(POLL, NOW, watch, intervals(2000))).toEqual({ do: 'wait', ms: 500 });
    expect(decide(POLL, NOW, watch, intervals(1500))).toMatchObject({ do: 'sync' });
  });

  test('does not delay the first sync', () => {
    const watch = sampleWatch({ sync: { sequence: 0, failures: 0 } });
    expect(decide(POLL, NOW, watch, intervals(2000))).toMatchObject(start('full'));
  });
});

const failing = (failures: number, since: number): Watch =>
  sampleWatch({ sync: synced({ failures, failedAt: NOW - since }) });

describe('while syncs fail,', () => {
  test.each([
    ['a push after the first failure syncs', PUSH, failing(1, 10), start('incremental')],
    ['a push after the second failure syncs', PUSH, failing(2, 10), start('incremental')],
    ['a push after the third failure is dropped', PUSH, failing(3, 10), drop('backingOff')],
    ['a push within 22 s of the third failure is dropped', PUSH, failing(3, 22_499), drop('backingOff')],
    ['a push 22.5 s after the third failure syncs', PUSH, failing(3, 22_500), start('incremental')],
    [
      'a push within 30 s of the hundredth failure is dropped',
      PUSH,
      failing(100, 29_999),
      drop('backingOff'),
    ],
    ['a push 30 s after the hundredth failure syncs', PUSH, failing(100, 30_000), start('incremental')],
    ['a push a day after the hundredth failure syncs', PUSH, failing(100, DAY), start('incremental')],
    ['a poll syncs, as renew schedules it', POLL, failing(9, 10), start('incremental')],
    ['a manual request syncs', MANUAL, failing(9, 10), start('incremental')],
  ])('%s', (_, notification, watch, expected) => {
    expect(decide(notification, NOW, watch, intervals(0))).toMatchObject(expected);
  });
});
