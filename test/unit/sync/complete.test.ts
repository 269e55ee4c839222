import { describe, expect, test } from 'vitest';
import type { Notification } from '../../../functions/feed/notification.ts';
import type { SyncStatus, Traversal, Watch } from '../../../functions/mirror/watch.ts';
import type { Wish } from '../../../functions/mirror/spec.ts';
import { completion } from '../../../functions/sync/complete.ts';
import type { Run } from '../../../functions/sync/run.ts';
import { originOf } from '../../../functions/sync/traverse.ts';
import {
  CHANNEL,
  NOW,
  POLL,
  PUSH,
  sampleWatch,
  SPEC,
  SYNCED,
  WISH,
  wishOf,
} from '../../support/sample-watch.ts';
import { syncContext } from '../../support/sync-context.ts';

const traversal = (kind: Traversal['kind'], notification: Notification | undefined): Traversal => ({
  id: 'traversal-1',
  kind,
  ...(notification && { origin: originOf(notification) }),
  parametersKey: WISH.parametersKey,
  startedAt: NOW - 5000,
  position: 2,
  news: 0,
});

interface Ended {
  /** Whether the traversal tells the notification that it began with; it did not always. */
  readonly told?: boolean;
  readonly watch?: Watch;
  readonly notification?: Notification;
  readonly kind?: Traversal['kind'];
  readonly token?: string | undefined;
  readonly news?: number;
  readonly joins?: boolean;
  readonly joined?: boolean;
  readonly wish?: Wish;
}

/** How a sync ends that had numbered its changes up to 12. */
function end({
  watch = sampleWatch(),
  notification = PUSH,
  kind = 'incremental',
  token = 'next',
  news = 1,
  joins = false,
  joined = joins,
  told = true,
  wish = WISH,
}: Ended) {
  const { version, sync } = watch;
  const run: Run = {
    watch,
    wish,
    notification,
    joins,
    version,
    sync,
    traversal: { ...traversal(kind, told ? notification : undefined), ...(joined ? { joined } : {}) },
    steps: 1,
    announced: Promise.resolve(),
  };
  const numbered: SyncStatus = { ...watch.sync, sequence: 12, traversal: run.traversal };
  return completion(syncContext(), run, token === '' ? undefined : token, news)(numbered);
}

describe('a sync that completes', () => {
  test('stores the token with the parameters it is for, its start, and the last number', () => {
    expect(end({}).sync).toStrictEqual({
      token: 'next',
      parametersKey: WISH.parametersKey,
      sequence: 12,
      startedAt: NOW - 5000,
      completedAt: NOW,
      fullStartedAt: SYNCED.fullStartedAt,
      failures: 0,
    });
  });

  test('of everything stores when that was', () => {
    expect(end({ kind: 'full' }).sync).toMatchObject({ fullStartedAt: NOW - 5000 });
  });

  test('keeps what cannot be mirrored in mind', () => {
    const setAside = [{ item: 'x', reason: 'the item has no id' }];
    expect(end({ watch: sampleWatch({ sync: { ...SYNCED, setAside } }) }).sync).toMatchObject({ setAside });
  });

  test('without a token stores none, so that the next one is full', () => {
    expect(end({ token: '' }).sync).not.toHaveProperty('token');
  });

  test.each(['active', 'pending'] as const)('ends the trouble of a watch that is %s', (state) => {
    const sync = { ...SYNCED, failures: 3, failedAt: NOW - 1000, error: 'backendError' };
    const ended = end({ watch: sampleWatch({ state, sync, reason: 'backendError' }) });
    expect(ended.transition).toEqual({ state });
    expect(ended.sync).toMatchObject({ failures: 0 });
    expect(ended.sync).not.toHaveProperty('error');
    expect(ended.sync).not.toHaveProperty('failedAt');
  });

  test.each(['paused', 'gone'] as const)(
    'of a watch that was %s calls for renew, which opens a channel',
    (state) => {
      const watch = sampleWatch({ state, reason: 'authError', sync: { ...SYNCED, failures: 2 } });
      expect(end({ watch, notification: POLL })).toMatchObject({
        transition: { state: 'pending' },
        dueAt: NOW,
      });
    },
  );

  test.each(['active', 'pending', 'polling'] as const)('leaves a watch that is %s what it is', (state) => {
    expect(end({ watch: sampleWatch({ state }) }).transition).toBeUndefined();
  });

  test('leaves a polling watch its reason, also after trouble', () => {
    const watch = sampleWatch({ state: 'polling', reason: 'noChannel', sync: { ...SYNCED, failures: 2 } });
    expect(end({ watch, notification: POLL }).transition).toBeUndefined();
  });
});

describe('a traversal that a notification has joined', () => {
  test('is followed up at once by a poll, whose finds were announced', () => {
    const ended = end({ joined: true });
    expect(ended.dueAt).toBe(NOW);
    expect(ended.sync.followUpAt).toBe(NOW);
    expect(ended.sync).not.toHaveProperty('traversal');
  });

  test('is not, when that very notification has completed it and looks again', () => {
    const ended = end({ joins: true });
    expect(ended.dueAt).toBeUndefined();
    expect(ended.sync).not.toHaveProperty('followUpAt');
  });
});

describe('a sync of a list that is followed', () => {
  const wish = wishOf({ user: SPEC.user, resource: 'calendarList', follow: { role: 'reader' } });
  const unwanted = { ...wish, removed: 'keep' } as const;

  test.each([
    ['has news', { wish, news: 1 }],
    ['lists everything', { wish, kind: 'full', news: 0, notification: POLL }],
  ] as const)('calls for renew at once when it %s; what the poll then finds was announced', (_, given) => {
    const ended = end(given);
    expect(ended.dueAt).toBe(NOW);
    expect(ended.sync.followUpAt).toBe(NOW);
  });

  test.each([
    ['finds nothing', { wish, news: 0, notification: POLL }],
    ['is of a list that is not to be watched any more', { wish: unwanted, news: 1 }],
  ] as const)('does not, when it %s', (_, given) => {
    expect(end(given).dueAt).toBeUndefined();
  });
});

describe('a push that finds nothing', () => {
  test('is followed up by a poll within a minute or two', () => {
    const ended = end({ news: 0 });
    expect(ended.sync.followUpAt).toBe(ended.dueAt);
    expect(ended.dueAt).toBeGreaterThanOrEqual(NOW + 60_000);
    expect(ended.dueAt).toBeLessThanOrEqual(NOW + 120_000);
  });

  test.each([
    ['it only said that a channel was opened', { ...PUSH, resourceState: 'sync' } as const],
    ['it was a poll', POLL],
  ])('is not, when %s', (_, notification) => {
    const ended = end({ notification, news: 0 });
    expect(ended.sync).not.toHaveProperty('followUpAt');
    expect(ended.dueAt).toBeUndefined();
  });

  test('is followed up once: the poll waits for nothing more', () => {
    const watch = sampleWatch({ sync: { ...SYNCED, followUpAt: NOW + 60_000 } });
    const ended = end({ watch, notification: POLL, news: 0 });
    expect(ended.sync).not.toHaveProperty('followUpAt');
    expect(ended.dueAt).toBeUndefined();
  });

  test('still waits when another push found something else', () => {
    const watch = sampleWatch({ sync: { ...SYNCED, followUpAt: NOW + 60_000 } });
    expect(end({ watch }).sync).toMatchObject({ followUpAt: NOW + 60_000 });
  });
});

describe('a poll that finds what no push announced', () => {
  test('doubts the channel, and calls for renew to replace it', () => {
    expect(end({ notification: POLL })).toMatchObject({ sync: { unannounced: 'channel-1' }, dueAt: NOW });
  });

  test('doubts a channel that was opened just when the sync before it started', () => {
    const channel = { ...CHANNEL, createdAt: NOW - 3_600_000 };
    expect(end({ notification: POLL, watch: sampleWatch({ channel }) }).sync).toHaveProperty('unannounced');
  });

  test.each<[string, Ended]>([
    ['it found nothing', { news: 0 }],
    ['a push had announced it', { watch: sampleWatch({ sync: { ...SYNCED, followUpAt: NOW + 60_000 } }) }],
    ['it listed everything', { kind: 'full' }],
    ['there is no channel', { watch: sampleWatch({ channel: undefined }) }],
    ['the watch is polling anyway', { watch: sampleWatch({ state: 'polling' }) }],
    [
      'the channel was opened since',
      { watch: sampleWatch({ channel: { ...CHANNEL, createdAt: NOW - 1000 } }) },
    ],
    ['nobody knows what it began with', { told: false }],
    ['a person asked', { notification: { watchId: 'watch-1', reason: 'manual', full: false } }],
  ])('does not, when %s', (_, ended) => {
    const { sync, dueAt } = end({ notification: POLL, ...ended });
    expect(sync).not.toHaveProperty('unannounced');
    expect(dueAt).toBeUndefined();
  });

  test('is forgotten when the channel speaks after all', () => {
    const watch = sampleWatch({ sync: { ...SYNCED, unannounced: 'channel-1' } });
    expect(end({ watch }).sync).not.toHaveProperty('unannounced');
    expect(end({ watch, notification: { ...PUSH, channelId: 'channel-2' } }).sync).toHaveProperty(
      'unannounced',
    );
    expect(end({ watch, notification: { ...PUSH, channelId: 'channel-2' }, news: 0 }).sync).toMatchObject({
      unannounced: 'channel-1',
      followUpAt: expect.any(Number),
    });
    expect(end({ watch, notification: POLL, news: 0 }).sync).toHaveProperty('unannounced');
  });
});
