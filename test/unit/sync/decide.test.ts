import { describe, expect, test } from 'vitest';
import type { Notification } from '../../../functions/feed/notification.ts';
import type { SyncStatus, Traversal, Watch } from '../../../functions/mirror/watch.ts';
import { decide } from '../../../functions/sync/decide.ts';
import {
  listWatch,
  MANUAL,
  newWatch,
  NOW,
  POLL,
  PUSH,
  sampleWatch,
  SPEC,
  SYNCED,
  synced,
  TRAVERSAL,
  WISH,
} from '../../support/sample-watch.ts';

const SECOND = 1000;
const DAY = 86_400_000;

const FULL: Notification = { watchId: 'watch-1', reason: 'manual', full: true };

const drop = (why: string, proofOfLife = false) => ({ do: 'drop', why, proofOfLife });
const start = (kind: string) => ({ do: 'sync', start: kind });
const removing = (removed: string, rest: Partial<Omit<Watch, 'spec'>> = {}): Watch =>
  sampleWatch({ spec: { ...SPEC, removed }, state: 'removing', ...rest });

describe('a notification', () => {
  test.each<[string, Notification, Watch, object]>([
    ['of an ordinary watch', PUSH, sampleWatch(), start('incremental')],
    ['that is a poll', POLL, sampleWatch(), start('incremental')],
    ['from a person', MANUAL, sampleWatch(), start('incremental')],
    ['from a person who wants everything', FULL, sampleWatch(), start('full')],
    [
      'of a watch that never synced',
      POLL,
      sampleWatch({ sync: { sequence: 0, failures: 0 } }),
      start('full'),
    ],
    [
      'of a watch without a token',
      PUSH,
      sampleWatch({ sync: { ...SYNCED, token: undefined } }),
      start('full'),
    ],
    [
      'after the parameters were edited',
      PUSH,
      sampleWatch({ spec: { ...SPEC, singleEvents: true } }),
      start('full'),
    ],
    [
      'of a calendar list, all of which was listed today',
      POLL,
      listWatch({ ...SYNCED, fullStartedAt: NOW - DAY + 1 }),
      start('incremental'),
    ],
    [
      'of a calendar list, all of which was listed yesterday',
      POLL,
      listWatch({ ...SYNCED, fullStartedAt: NOW - DAY }),
      start('full'),
    ],
    [
      'of events, all of which were listed long ago',
      POLL,
      sampleWatch({ sync: synced({ fullStartedAt: 0 }) }),
      start('incremental'),
    ],
    [
      'that says a channel was opened',
      { ...PUSH, resourceState: 'sync' },
      sampleWatch(),
      drop('channelOpened'),
    ],
    [
      'of a paused watch that may be allowed in again',
      POLL,
      sampleWatch({ state: 'paused', reason: 'authError' }),
      start('incremental'),
    ],
    [
      'of a watch that is gone',
      POLL,
      sampleWatch({ state: 'gone', reason: 'notFound' }),
      start('incremental'),
    ],
    ['of a new watch', PUSH, newWatch(), { do: 'claim', wish: WISH }],
    ['of an edited identity', PUSH, sampleWatch({ spec: { ...SPEC, calendarId: 'other' } }), { do: 'claim' }],
    ['of a mended spec', PUSH, sampleWatch({ state: 'paused', reason: 'invalidSpec' }), { do: 'claim' }],
    [
      'of an identity that was set back',
      PUSH,
      sampleWatch({ state: 'paused', reason: 'specChanged' }),
      { do: 'claim' },
    ],
    [
      'of a collection that was taken',
      PUSH,
      sampleWatch({ state: 'paused', reason: 'collectionTaken' }),
      { do: 'claim' },
    ],
    ['of a removed watch that is wanted again', PUSH, sampleWatch({ state: 'removed' }), { do: 'claim' }],
    [
      'of a watch that is wanted again while it is removed',
      PUSH,
      sampleWatch({ state: 'removing' }),
      { do: 'claim' },
    ],
    [
      'of a watch to be removed, which renew has to begin',
      PUSH,
      sampleWatch({ spec: { ...SPEC, removed: 'keep' } }),
      { do: 'callRenew' },
    ],
    ['of a watch that is removed and keeps its items', POLL, removing('keep'), { do: 'giveUp' }],
    ['of a watch that is removed with its items', POLL, removing('purge'), { do: 'purge' }],
    [
      'of a watch that is removed after its identity was edited',
      POLL,
      removing('purge', { collection: 'other' }),
      { do: 'claim' },
    ],
    ['of a watch that was removed', POLL, removing('purge', { state: 'removed' }), drop('removed')],
    [
      'of a removed watch with an invalid spec',
      PUSH,
      sampleWatch({ spec: {}, state: 'removed' }),
      drop('removed'),
    ],
  ])('%s', (_, notification, watch, expected) => {
    expect(decide(notification, NOW, watch, 0)).toMatchObject(expected);
  });

  test('of an invalid spec pauses the watch, and says what is wrong', () => {
    const watch = sampleWatch({ spec: { ...SPEC, resource: 'tasks' } });
    expect(decide(PUSH, NOW, watch, 0)).toEqual({
      do: 'pause',
      reason: 'invalidSpec',
      detail: expect.stringContaining('spec.resource'),
    });
  });
});

describe('amid a traversal, a notification', () => {
  test.each<[string, Notification, number, object]>([
    ['published well before it began is served by it', PUSH, -1000, { resume: TRAVERSAL, joins: false }],
    ['published later joins it', PUSH, -999, { resume: { ...TRAVERSAL, joined: true }, joins: true }],
    ['for everything is served by one that began later', FULL, -1000, { resume: TRAVERSAL, joins: false }],
    ['for everything begins anew if it came later', FULL, -999, { start: 'full' }],
  ])('%s', (_, notification, after, expected) => {
    const amid = sampleWatch({ sync: synced({ startedAt: undefined, traversal: TRAVERSAL }) });
    expect(decide(notification, TRAVERSAL.startedAt + after, amid, 2000)).toEqual({
      do: 'sync',
      wish: WISH,
      ...expected,
    });
  });

  test('for everything is not served by an incremental traversal, however late that began', () => {
    const traversal: Traversal = { ...TRAVERSAL, kind: 'incremental' };
    const amid = sampleWatch({
      sync: synced({ startedAt: undefined, fullStartedAt: undefined, traversal }),
    });
    expect(decide(FULL, NOW - DAY, amid, 2000)).toMatchObject(start('full'));
  });
});

describe('a notification is needless', () => {
  const startedAt = NOW - 60 * SECOND;
  const watch = sampleWatch({ sync: synced({ startedAt, fullStartedAt: startedAt - DAY }) });
  const decided = (notification: Notification, publishedAt: number, of: Watch = watch) =>
    decide(notification, publishedAt, of, 0);

  test.each([PUSH, POLL, MANUAL])(
    '$reason, when it was published a second or more before a completed sync started',
    (notification) => {
      expect(decided(notification, startedAt - SECOND)).toEqual(drop('needless'));
      expect(decided(notification, startedAt - DAY)).toEqual(drop('needless'));
    },
  );

  test.each([PUSH, POLL, MANUAL])(
    '$reason, but not when it was published later than that',
    (notification) => {
      for (const later of [1, 999, 1000, DAY]) {
        expect(decided(notification, startedAt - SECOND + later)).toMatchObject(start('incremental'));
      }
    },
  );

  test('with a wish for everything only when a full sync has started since', () => {
    expect(decided(FULL, startedAt - SECOND)).toMatchObject(start('full'));
    expect(decided(FULL, startedAt - DAY - SECOND)).toEqual(drop('needless'));
  });

  test('never when the sync was of other parameters', () => {
    const edited = sampleWatch({ spec: { ...SPEC, singleEvents: true }, sync: synced({ startedAt }) });
    expect(decided(PUSH, startedAt - DAY, edited)).toMatchObject(start('full'));
  });

  test('never because of a sync that has not completed', () => {
    const sync: SyncStatus = {
      sequence: 4,
      failures: 0,
      parametersKey: WISH.parametersKey,
      traversal: TRAVERSAL,
    };
    expect(decided(PUSH, NOW - DAY, sampleWatch({ sync }))).toMatchObject({ do: 'sync', resume: TRAVERSAL });
  });

  test('and yet proves that its channel lives, when that was doubted', () => {
    const doubted = sampleWatch({ sync: synced({ startedAt, unannounced: 'channel-1' }) });
    expect(decided(PUSH, startedAt - DAY, doubted)).toEqual(drop('needless', true));
    expect(decided({ ...PUSH, channelId: 'channel-0' }, startedAt - DAY, doubted)).toEqual(drop('needless'));
    expect(decided(POLL, startedAt - DAY, doubted)).toEqual(drop('needless'));
    const unnamed: Notification = { watchId: 'watch-1', reason: 'push' };
    expect(decided(unnamed, startedAt - DAY)).toEqual(drop('needless'));
  });
});
