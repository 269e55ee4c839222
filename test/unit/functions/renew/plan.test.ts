import { describe, expect, test } from 'vitest';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { plan, type Plan } from '../../../../functions/renew/plan.ts';
import {
  CHANNEL,
  living,
  newWatch,
  NOW,
  RULES,
  sampleWatch,
  SPEC,
  SYNCED,
  WATCH_SPEC,
} from '../../../support/sample-watch.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const decided = (watch: Watch, rules = RULES): Plan => plan(watch, NOW, rules, 0.5);

const failedCall = (failures: number, ago: number, reason = 'backendError') => ({
  watchCall: { failures, failedAt: NOW - ago, reason },
});
const removed = (rest: Partial<Omit<Watch, 'spec'>> = {}, how = 'keep'): Watch =>
  sampleWatch({ spec: { ...SPEC, removed: how }, ...rest });

describe('a watch that is due', () => {
  test.each<[string, Watch, object]>([
    ['is polled if nothing else is due', sampleWatch(), { do: 'poll' }],
    ['is claimed if it is new', newWatch(), { do: 'claim', watchSpec: WATCH_SPEC }],
    [
      'is claimed if its identity was edited',
      sampleWatch({ spec: { ...SPEC, calendarId: 'x' } }),
      { do: 'claim' },
    ],
    [
      'is claimed if its spec was corrected',
      sampleWatch({ state: 'paused', reason: 'invalidSpec' }),
      { do: 'claim' },
    ],
    [
      'is claimed if its collection may be free',
      sampleWatch({ state: 'paused', reason: 'collectionTaken' }),
      { do: 'claim' },
    ],
    ['is claimed if it was added again', sampleWatch({ state: 'removed' }), { do: 'claim' }],
    [
      'rests with an invalid spec',
      sampleWatch({ spec: {} }),
      { do: 'rest', to: { state: 'paused', reason: 'invalidSpec' } },
    ],
    [
      'rests with an invalid id, and says how to continue',
      sampleWatch({ id: 'a.b' }),
      {
        do: 'rest',
        to: {
          state: 'paused',
          reason: 'invalidSpec',
          detail: expect.stringContaining('write this spec under such an id'),
        },
      },
    ],
    ['rests if it was removed', removed({ state: 'removed', reason: 'kept' }), { do: 'rest' }],
    ['rests if it was removed with its items', removed({ state: 'removed' }, 'purge'), { do: 'rest' }],
    [
      'is claimed if it was removed and its items are to be purged after all',
      removed({ state: 'removed', reason: 'kept' }, 'purge'),
      { do: 'claim', watchSpec: { removed: 'purge' } },
    ],
    [
      'is claimed, not removed, if it has claimed nothing yet',
      removed({ collection: undefined }),
      { do: 'claim' },
    ],
    ['is removed on request', removed(), { do: 'remove' }],
    [
      'is claimed, not removed, if it has another collection',
      removed({ collection: 'other' }),
      { do: 'claim' },
    ],
    [
      'gets a channel if it has none',
      sampleWatch({ channel: undefined }),
      { do: 'open', replaces: undefined },
    ],
    ['gets a channel if its channel has expired', sampleWatch({ channel: living(-1) }), { do: 'open' }],
    [
      'gets a channel if its channel is due for renewal',
      sampleWatch({ channel: living(DAY) }),
      { do: 'open' },
    ],
    [
      'gets no channel just before the renewal is due',
      sampleWatch({ channel: living(DAY + 1) }),
      { do: 'poll' },
    ],
    [
      'gets a channel if its parameters were edited',
      sampleWatch({ spec: { ...SPEC, singleEvents: true } }),
      { do: 'open', replaces: CHANNEL },
    ],
    [
      'gets a channel if its channel is suspect',
      sampleWatch({ sync: { ...SYNCED, suspectChannelId: CHANNEL.id } }),
      { do: 'open', replaces: CHANNEL },
    ],
    [
      'keeps its channel if another one is suspect',
      sampleWatch({ sync: { ...SYNCED, suspectChannelId: 'x' } }),
      { do: 'poll' },
    ],
    [
      'is polled while it is paused',
      sampleWatch({ state: 'paused', reason: 'authError', channel: undefined }),
      { do: 'poll' },
    ],
    [
      'is polled while it is gone, and drops its expired channel',
      sampleWatch({ state: 'gone', channel: living(0) }),
      { do: 'poll', dropChannel: CHANNEL.id },
    ],
    [
      'is polled at growing intervals while it is gone',
      sampleWatch({ state: 'gone', sync: { ...SYNCED, failures: 3 } }),
      { do: 'poll', nextDueAt: NOW + 40 * MINUTE },
    ],
  ])('%s', (_, watch, expected) => {
    expect(decided(watch)).toMatchObject(expected);
  });

  test('keeps a live channel while it is paused', () => {
    expect(decided(sampleWatch({ state: 'paused', reason: 'authError' }))).not.toHaveProperty('dropChannel');
  });

  test('is left alone for hours if only a person can correct it', () => {
    for (const watch of [sampleWatch({ spec: {} }), sampleWatch({ id: 'a.b' })]) {
      expect(decided(watch)).toMatchObject({ nextDueAt: NOW + 6 * HOUR });
    }
  });

  test('keeps its state if it was removed', () => {
    expect(decided(removed({ state: 'removed' }))).not.toHaveProperty('to');
    expect(decided(sampleWatch({ spec: {}, state: 'removed' }))).not.toHaveProperty('to');
  });
});

const polling = (failures: number, ago: number, reason?: string, passing?: boolean): Watch => {
  const { watchCall } = failedCall(failures, ago, reason);
  return sampleWatch({
    channel: undefined,
    state: 'polling',
    reason: 'x',
    watchCall: { ...watchCall, passing },
  });
};

describe('a failed watch call', () => {
  test.each([
    ['is not retried at once', polling(1, 10 * SECOND), 'poll'],
    ['is retried after three quarters of a minute at the earliest', polling(1, 45 * SECOND), 'open'],
    ['is not retried before that', polling(1, 45 * SECOND - 1), 'poll'],
    ['is retried later after more failures', polling(5, 2 * MINUTE), 'poll'],
    ['is retried in the end', polling(50, 7 * HOUR), 'open'],
    ['is retried after hours if a person has to act', polling(50, HOUR), 'poll'],
    ['is retried within an hour if its reason is temporary', polling(50, HOUR, 'backendError', true), 'open'],
    [
      'of a resource without channels is not retried for a day',
      polling(1, 12 * HOUR, 'pushNotSupportedForRequestedResource'),
      'poll',
    ],
    [
      'of a resource without channels is retried after a day',
      polling(1, DAY, 'pushNotSupportedForRequestedResource'),
      'open',
    ],
  ])('%s', (_, watch, what) => {
    expect(decided(watch).do).toBe(what);
  });

  test('is the reason of a polling watch', () => {
    const watch = sampleWatch({
      channel: undefined,
      ...failedCall(1, SECOND, 'push.webhookUrlUnauthorized'),
    });
    expect(decided(watch)).toMatchObject({
      do: 'poll',
      to: { state: 'polling', reason: 'push.webhookUrlUnauthorized' },
    });
  });

  test.each([
    ['with the same reason leaves a polling watch as it is', 'polling', 'backendError', undefined],
    [
      'with another reason replaces the reason of a polling watch',
      'polling',
      'channelIdNotUnique',
      { state: 'polling', reason: 'backendError' },
    ],
    [
      'makes an active watch polling, even if that has the same reason',
      'active',
      'backendError',
      { state: 'polling', reason: 'backendError' },
    ],
  ] as const)('%s', (_, state, reason, to) => {
    const watch = sampleWatch({
      channel: undefined,
      state,
      reason,
      ...failedCall(1, SECOND, 'backendError'),
    });
    expect(decided(watch)).toMatchObject({ do: 'poll' });
    expect({ to: undefined, ...decided(watch) }.to).toEqual(to);
  });

  test('leaves a watch active while its channel lives', () => {
    expect(decided(sampleWatch({ channel: living(HOUR), ...failedCall(1, SECOND) }))).not.toHaveProperty(
      'to',
    );
  });

  test('no longer matters once there is a usable channel', () => {
    const watch = sampleWatch({ state: 'polling', reason: 'backendError', ...failedCall(1, SECOND) });
    expect(decided(watch)).toMatchObject({ do: 'poll', to: { state: 'active' } });
  });
});
