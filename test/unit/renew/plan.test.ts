import { describe, expect, test } from 'vitest';
import type { Watch } from '../../../functions/mirror/watch.ts';
import { plan, renewAt, usable, type Plan } from '../../../functions/renew/plan.ts';
import {
  CHANNEL,
  living,
  newWatch,
  NOW,
  RULES,
  sampleWatch,
  SPEC,
  SYNCED,
  WISH,
} from '../../support/sample-watch.ts';

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
    ['is polled when all is well', sampleWatch(), { do: 'poll' }],
    ['is claimed when it is new', newWatch(), { do: 'claim', wish: WISH }],
    [
      'is claimed when its identity was edited',
      sampleWatch({ spec: { ...SPEC, calendarId: 'x' } }),
      { do: 'claim' },
    ],
    [
      'is claimed when its spec was mended',
      sampleWatch({ state: 'paused', reason: 'invalidSpec' }),
      { do: 'claim' },
    ],
    [
      'is claimed when its collection may be free',
      sampleWatch({ state: 'paused', reason: 'collectionTaken' }),
      { do: 'claim' },
    ],
    ['is claimed when it is wanted again', sampleWatch({ state: 'removed' }), { do: 'claim' }],
    [
      'rests with an invalid spec',
      sampleWatch({ spec: {} }),
      { do: 'rest', to: { state: 'paused', reason: 'invalidSpec' } },
    ],
    [
      'rests under an id that no watch may have, and says how to go on',
      sampleWatch({ id: 'a.b' }),
      {
        do: 'rest',
        to: { state: 'paused', reason: 'invalidSpec', detail: expect.stringContaining('make it anew') },
      },
    ],
    ['rests when it was removed', removed({ state: 'removed', reason: 'kept' }), { do: 'rest' }],
    ['rests when it was removed with its items', removed({ state: 'removed' }, 'purge'), { do: 'rest' }],
    [
      'is claimed when it was removed, and its items are to go after all',
      removed({ state: 'removed', reason: 'kept' }, 'purge'),
      { do: 'claim', wish: { removed: 'purge' } },
    ],
    [
      'is removed at once when it never claimed anything',
      removed({ collection: undefined }),
      { do: 'rest', to: { state: 'removed' } },
    ],
    ['is removed when nobody wants it', removed(), { do: 'remove' }],
    [
      'is claimed, not removed, when it has another collection',
      removed({ collection: 'other' }),
      { do: 'claim' },
    ],
    [
      'gets a channel when it has none',
      sampleWatch({ channel: undefined }),
      { do: 'open', replaces: undefined },
    ],
    ['gets a channel when its own has expired', sampleWatch({ channel: living(-1) }), { do: 'open' }],
    ['gets a channel when its own is about to expire', sampleWatch({ channel: living(DAY) }), { do: 'open' }],
    ['gets no channel a little earlier', sampleWatch({ channel: living(DAY + 1) }), { do: 'poll' }],
    [
      'gets a channel when its parameters were edited',
      sampleWatch({ spec: { ...SPEC, singleEvents: true } }),
      { do: 'open', replaces: CHANNEL },
    ],
    [
      'gets a channel when its own fell silent',
      sampleWatch({ sync: { ...SYNCED, unannounced: CHANNEL.id } }),
      { do: 'open', replaces: CHANNEL },
    ],
    [
      'keeps its channel when it was another that fell silent',
      sampleWatch({ sync: { ...SYNCED, unannounced: 'x' } }),
      { do: 'poll' },
    ],
    [
      'is polled while it is paused',
      sampleWatch({ state: 'paused', reason: 'authError', channel: undefined }),
      { do: 'poll' },
    ],
    [
      'is polled while it is gone, and its expired channel dropped',
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

  test('keeps a channel that lives while it is paused', () => {
    expect(decided(sampleWatch({ state: 'paused', reason: 'authError' }))).not.toHaveProperty('dropChannel');
  });

  test('is left alone for hours when only a person can help it', () => {
    for (const watch of [sampleWatch({ spec: {} }), sampleWatch({ id: 'a.b' })]) {
      expect(decided(watch)).toMatchObject({ nextDueAt: NOW + 6 * HOUR });
    }
  });

  test('rests when it was removed, without a change of state', () => {
    expect(decided(removed({ state: 'removed' }))).not.toHaveProperty('to');
    expect(decided(sampleWatch({ spec: {}, state: 'removed' }))).not.toHaveProperty('to');
  });
});

const polling = (failures: number, ago: number, reason?: string): Watch =>
  sampleWatch({ channel: undefined, state: 'polling', reason: 'x', ...failedCall(failures, ago, reason) });

describe('a failed watch call', () => {
  test.each([
    ['a moment ago is not tried again', polling(1, 10 * SECOND), 'poll'],
    ['is tried again after three quarters of a minute at the earliest', polling(1, 45 * SECOND), 'open'],
    ['is not tried again before that', polling(1, 45 * SECOND - 1), 'poll'],
    ['is left alone for longer after more failures', polling(5, 2 * MINUTE), 'poll'],
    ['is tried again at last', polling(50, 7 * HOUR), 'open'],
    [
      'of a resource without channels is tried once a day',
      polling(1, 12 * HOUR, 'pushNotSupportedForRequestedResource'),
      'poll',
    ],
    [
      'of a resource without channels is tried again then',
      polling(1, DAY, 'pushNotSupportedForRequestedResource'),
      'open',
    ],
  ])('%s', (_, watch, what) => {
    expect(decided(watch).do).toBe(what);
  });

  test('is the reason why a watch is polled', () => {
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
    ['of the same reason leaves a polling watch as it is', 'polling', 'backendError', undefined],
    [
      'of another reason is told',
      'polling',
      'channelIdNotUnique',
      { state: 'polling', reason: 'backendError' },
    ],
    [
      'makes an active watch poll, also one in trouble for that reason',
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

  test('leaves a watch active whose channel still lives', () => {
    expect(decided(sampleWatch({ channel: living(HOUR), ...failedCall(1, SECOND) }))).not.toHaveProperty(
      'to',
    );
  });

  test('is over when there is a channel to rely on', () => {
    const watch = sampleWatch({ state: 'polling', reason: 'backendError', ...failedCall(1, SECOND) });
    expect(decided(watch)).toMatchObject({ do: 'poll', to: { state: 'active' } });
  });
});

describe('a channel', () => {
  test.each([
    ['of the usual life is replaced a day before its end', 7 * DAY, 6 * DAY],
    ['that Google granted for a day only is replaced after half of it', DAY, DAY / 2],
    ['that Google granted for an hour only is replaced after half of it', HOUR, HOUR / 2],
    ['that Google granted for two days is replaced after one', 2 * DAY, DAY],
  ])('%s', (_, life, after) => {
    const channel = { ...CHANNEL, createdAt: NOW, expiresAt: NOW + life, lifetimeMs: life };
    expect(renewAt(channel, RULES)).toBe(NOW + after);
  });

  test('whose end was brought forward is replaced as if it had been granted so long', () => {
    const channel = { ...CHANNEL, createdAt: NOW, expiresAt: NOW + HOUR, lifetimeMs: 7 * DAY };
    expect(renewAt(channel, RULES)).toBe(NOW + HOUR - DAY);
  });

  test('that is to be replaced at every run, as configured, is', () => {
    const channel = { ...CHANNEL, createdAt: NOW, expiresAt: NOW + HOUR, lifetimeMs: HOUR };
    expect(renewAt(channel, { ...RULES, ttlMs: HOUR, renewBeforeMs: HOUR })).toBe(NOW);
  });

  test.each([
    ['lives', sampleWatch(), true],
    ['has expired', sampleWatch({ channel: living(0) }), false],
    ['is not there', sampleWatch({ channel: undefined }), false],
    ['announces other event types', sampleWatch({ channel: { ...CHANNEL, parametersKey: 'x' } }), false],
    ['fell silent', sampleWatch({ sync: { ...SYNCED, unannounced: CHANNEL.id } }), false],
  ])('that %s can be relied on: %s', (_, watch, good) => {
    expect(usable(watch, WISH, NOW)).toBe(good ? watch.channel : undefined);
  });
});
