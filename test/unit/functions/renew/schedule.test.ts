import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../../functions/calendar/errors.ts';
import { recordFailedCall, renewAt, usableChannel } from '../../../../functions/renew/schedule.ts';
import {
  CHANNEL,
  living,
  NOW,
  RULES,
  sampleWatch,
  SYNCED,
  WATCH_SPEC,
} from '../../../support/sample-watch.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('the record of a failed watch call', () => {
  test.each([
    ['is counted', { passing: true }, 8, 'temporary', 9],
    ['with a temporary reason is counted from one after rejections', { passing: false }, 8, 'temporary', 1],
    ['that was rejected is counted from one after an outage', { passing: true }, 8, 'accessDenied', 1],
    ['recorded without a kind counts as rejected', {}, 8, 'invalid', 9],
  ] as const)('%s', (_, before, failures, kind, expected) => {
    const earlier = { ...before, failures, failedAt: NOW - DAY, reason: 'earlier' };
    const problem: Problem =
      kind === 'temporary' ? { kind, reason: 'now', notApplied: false } : { kind, reason: 'now' };
    expect(recordFailedCall(earlier, problem, NOW)).toEqual({
      failures: expected,
      failedAt: NOW,
      reason: 'now',
      passing: kind === 'temporary',
    });
  });
});

describe('a channel', () => {
  test.each([
    ['with the default lifetime is replaced a day before it expires', 7 * DAY, 6 * DAY],
    ['that Google grants for only a day is replaced after half of it', DAY, DAY / 2],
    ['that Google grants for only an hour is replaced after half of it', HOUR, HOUR / 2],
    ['that Google grants for two days is replaced after one', 2 * DAY, DAY],
    [
      'that lives hardly longer than the margin is replaced after half of its lifetime',
      DAY + MINUTE,
      (DAY + MINUTE) / 2,
    ],
  ])('%s', (_, life, after) => {
    const channel = { ...CHANNEL, createdAt: NOW, expiresAt: NOW + life, lifetimeMs: life };
    expect(renewAt(channel, RULES)).toBe(NOW + after);
  });

  test('whose expiration was brought forward is due for renewal at once', () => {
    const channel = { ...CHANNEL, createdAt: NOW, expiresAt: NOW + HOUR, lifetimeMs: 7 * DAY };
    expect(renewAt(channel, RULES)).toBe(NOW + HOUR - DAY);
  });

  test('is replaced after half of its lifetime, whatever is configured', () => {
    const channel = { ...CHANNEL, createdAt: NOW, expiresAt: NOW + HOUR, lifetimeMs: HOUR };
    for (const ttlMs of [HOUR / 2, HOUR, 2 * HOUR]) {
      expect(renewAt(channel, { ...RULES, ttlMs, renewBeforeMs: HOUR })).toBe(NOW + HOUR / 2);
    }
  });

  test.each([
    ['lives', sampleWatch(), true],
    ['has expired', sampleWatch({ channel: living(0) }), false],
    ['does not exist', sampleWatch({ channel: undefined }), false],
    ['has other parameters', sampleWatch({ channel: { ...CHANNEL, parametersKey: 'x' } }), false],
    ['is suspect', sampleWatch({ sync: { ...SYNCED, suspectChannelId: CHANNEL.id } }), false],
  ])('that %s is usable: %s', (_, watch, good) => {
    expect(usableChannel(watch, WATCH_SPEC, NOW)).toBe(good ? watch.channel : undefined);
  });
});
