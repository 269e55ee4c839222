import { describe, expect, test } from 'vitest';
import type { Notification } from '../../../../functions/feed/notification.ts';
import type { SyncStatus } from '../../../../functions/watches/status.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { decide } from '../../../../functions/sync/decide.ts';
import {
  intervals,
  MANUAL,
  NOW,
  POLL,
  PUSH,
  sampleWatch,
  SPEC,
  synced,
  TRAVERSAL,
  WATCH_SPEC,
} from '../../../support/sample-watch.ts';

const SECOND = 1000;
const DAY = 86_400_000;

const FULL: Notification = { watchId: 'watch-1', reason: 'manual', full: true };

const drop = (why: string, confirmsChannelAlive = false) => ({ do: 'drop', why, confirmsChannelAlive });
const start = (kind: string) => ({ do: 'sync', start: kind });

/** A watch whose latest sync started `ms` ago and found nothing. */
const syncedAgo = (ms: number): Watch =>
  sampleWatch({ sync: synced({ startedAt: NOW - ms, changedAt: NOW - DAY }) });

describe('a notification is skipped', () => {
  const startedAt = NOW - 60 * SECOND;
  const watch = sampleWatch({ sync: synced({ startedAt, fullStartedAt: startedAt - DAY }) });
  const decided = (notification: Notification, publishedAt: number, of: Watch = watch) =>
    decide(notification, publishedAt, of, intervals(0));

  test.each([PUSH, POLL, MANUAL])(
    'if it was published a second before a completed sync started ($reason)',
    (notification) => {
      const recently = NOW - 1999;
      const just = sampleWatch({ sync: synced({ startedAt: recently }) });
      expect(decided(notification, recently - SECOND, just)).toEqual(drop('covered'));
      expect(decided(notification, startedAt - DAY)).toEqual(drop('covered'));
    },
  );

  test.each([PUSH, POLL, MANUAL])('but not if it was published later than that ($reason)', (notification) => {
    for (const later of [1, 999, 1000, DAY]) {
      expect(decided(notification, startedAt - SECOND + later)).toMatchObject(start('incremental'));
    }
  });

  test.each([PUSH, POLL, MANUAL])('but not if its queue may hide an edit ($reason)', (notification) => {
    const sync = { ...start('incremental'), queued: true };
    expect(decided(notification, NOW - 3 * SECOND, syncedAgo(2 * SECOND))).toMatchObject(sync);
    expect(decide(notification, NOW - 3 * SECOND, syncedAgo(2 * SECOND), intervals(2001))).toEqual(
      drop('covered'),
    );
    const failed = synced({ startedAt: NOW - DAY, failures: 1, failedAt: NOW - 1999 });
    expect(decided(notification, NOW - 2 * DAY, sampleWatch({ sync: failed }))).toEqual(drop('covered'));
  });

  test('more often the older its queue, unless the latest sync found changes', () => {
    const old = NOW - 40 * SECOND;
    expect(decided(PUSH, old, syncedAgo(16 * SECOND - 1))).toEqual(drop('covered'));
    expect(decided(PUSH, old, syncedAgo(16 * SECOND))).toMatchObject({ do: 'sync', queued: true });
    const busy = synced({ startedAt: NOW - 2 * SECOND, changedAt: NOW - 2 * SECOND });
    expect(decided(PUSH, old, sampleWatch({ sync: busy }))).toMatchObject({ do: 'sync', queued: true });
  });

  test('that requests a full sync, only if one has started since', () => {
    expect(decided(FULL, startedAt - SECOND)).toMatchObject(start('full'));
    expect(decided(FULL, startedAt - DAY - SECOND)).toEqual(drop('covered'));
  });

  test('but not if the sync had other parameters', () => {
    const edited = sampleWatch({ spec: { ...SPEC, singleEvents: true }, sync: synced({ startedAt }) });
    expect(decided(PUSH, startedAt - DAY, edited)).toMatchObject(start('full'));
  });

  test('but not because of a sync that has not completed', () => {
    const sync: SyncStatus = {
      sequence: 4,
      failures: 0,
      parametersKey: WATCH_SPEC.parametersKey,
      traversal: TRAVERSAL,
    };
    expect(decided(PUSH, NOW - DAY, sampleWatch({ sync }))).toMatchObject({ do: 'sync', resume: TRAVERSAL });
  });

  test('and still confirms that a suspect channel is alive', () => {
    const doubted = sampleWatch({ sync: synced({ startedAt, suspectChannelId: 'channel-1' }) });
    expect(decided(PUSH, startedAt - DAY, doubted)).toEqual(drop('covered', true));
    expect(decided({ ...PUSH, channelId: 'channel-0' }, startedAt - DAY, doubted)).toEqual(drop('covered'));
    expect(decided(POLL, startedAt - DAY, doubted)).toEqual(drop('covered'));
    const unnamed: Notification = { watchId: 'watch-1', reason: 'push' };
    expect(decided(unnamed, startedAt - DAY)).toEqual(drop('covered'));
  });
});
