import { Timestamp } from '@google-cloud/firestore';
import { expect, test } from 'vitest';
import { nextDueOf } from '../../../../functions/mirror/commit.ts';
import { requestedCheckAt } from '../../../../functions/watches/watches.ts';
import { NOW, sampleWatch, SYNCED } from '../../../support/sample-watch.ts';

const HOUR = 3_600_000;

const read = sampleWatch();

test.each([
  ['nothing is to be looked at', undefined, NOW + HOUR, undefined],
  ['the watch had no next check', NOW, undefined, NOW],
  ['renew was going to look later', NOW, NOW + HOUR, NOW],
  ['renew looks earlier anyway', NOW + HOUR, NOW, undefined],
])('a step moves nextDueAt ahead or not at all: %s', (_, dueAt, before, expected) => {
  const nextDueAt = before === undefined ? undefined : Timestamp.fromMillis(before);
  const version = { updateTime: Timestamp.fromMillis(NOW), nextDueAt };
  expect(nextDueOf({ dueAt, version, watch: read })?.toMillis()).toBe(expected);
});

const FAILED = { ...SYNCED, failures: 1, failedAt: NOW };

test.each([
  ['nothing has happened', {}, Number.POSITIVE_INFINITY],
  ['a sync was successful', { sync: { ...SYNCED, completedAt: NOW } }, Number.POSITIVE_INFINITY],
  [
    'a poll found what the channel had not announced',
    { sync: { ...SYNCED, suspectChannelId: 'channel-1' } },
    0,
  ],
  ['access has returned', { state: 'pending' as const }, 0],
  ['a sync has failed', { sync: FAILED }, NOW + 30_000],
  ['access was refused', { sync: FAILED, state: 'paused' as const }, NOW + 300_000],
  [
    'access is refused still',
    { sync: { ...FAILED, failures: 3, error: 'forbidden' }, state: 'paused' as const, reason: 'forbidden' },
    NOW + 1_200_000,
  ],
  [
    'access may have returned, but the sync has failed for a passing reason',
    { sync: { ...FAILED, failures: 3, error: 'backendError' }, state: 'gone' as const, reason: 'notFound' },
    NOW + 120_000,
  ],
  ['a push found nothing yet', { sync: { ...SYNCED, followUpAt: NOW + 90_000 } }, NOW + 90_000],
])('what sync asks for while renew is at a watch is known from its status: %s', (_, given, expected) => {
  expect(requestedCheckAt(sampleWatch(given), read)).toBe(expected);
});

test('a second follow-up is requested even if renew has read the first', () => {
  const readOfOne = sampleWatch({ sync: { ...SYNCED, followUpAt: NOW - 10_000 } });
  const another = sampleWatch({ sync: { ...SYNCED, followUpAt: NOW + 70_000 } });
  expect(requestedCheckAt(another, readOfOne)).toBe(NOW + 70_000);
  expect(requestedCheckAt(readOfOne, readOfOne)).toBe(Number.POSITIVE_INFINITY);
});
