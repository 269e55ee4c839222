import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { nextCheckAt } from '../../../../functions/renew/schedule.ts';
import {
  CHANNEL,
  listWatch,
  living,
  NOW,
  RULES,
  sampleWatch,
  SYNCED,
  TRAVERSAL,
} from '../../../support/sample-watch.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const failedCall = (failures: number, ago: number) => ({
  watchCall: { failures, failedAt: NOW - ago, reason: 'backendError' },
});

const nextCheckIn = (watch: Watch, channel = watch.channel, random = 1): number =>
  nextCheckAt(watch, { channel, failedCall: watch.watchCall, now: NOW, rules: RULES, random }) - NOW;

test('polls of watches with a channel come together, a sixtieth of the interval apart, and never too late', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: NOW, max: NOW + DAY }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (now, random) => {
        const watch = sampleWatch({ sync: { ...SYNCED, fullStartedAt: now } });
        const at = nextCheckAt(watch, { channel: CHANNEL, failedCall: undefined, now, rules: RULES, random });
        expect(at % (6 * MINUTE)).toBe(0);
        expect(at - now).toBeLessThanOrEqual(6 * HOUR);
        expect(at - now).toBeGreaterThan(0.9 * 6 * HOUR - 6 * MINUTE);
      },
    ),
  );
});

describe('the next check', () => {
  test.each([
    ['after the maximum staleness with a channel', sampleWatch(), 6 * HOUR],
    [
      'ten minutes after a followed list was first seen empty',
      sampleWatch({ follow: { unlisted: 'keep', emptySince: NOW - 4 * MINUTE } }),
      6 * MINUTE,
    ],
    [
      'after the poll interval while an empty list awaits confirmation',
      sampleWatch({ follow: { unlisted: 'keep', emptySince: NOW - 10 * MINUTE } }),
      15 * MINUTE,
    ],
    ['after the poll interval without a channel', sampleWatch({ channel: undefined }), 15 * MINUTE],
    ['when the channel is to be replaced', sampleWatch({ channel: living(DAY + HOUR) }), HOUR],
    [
      'after a second if the renewal of the channel is overdue',
      sampleWatch({ channel: living(HOUR) }),
      SECOND,
    ],
    [
      'when the channel is to be replaced, despite an obsolete failed watch call',
      sampleWatch({ channel: living(DAY + HOUR), ...failedCall(1, HOUR) }),
      HOUR,
    ],
    [
      'when the watch call may be retried, while the renewal is overdue',
      sampleWatch({ channel: living(20 * HOUR), ...failedCall(7, 0) }),
      1.25 * 64 * MINUTE,
    ],
    [
      'after an eighth of the channel’s remaining lifetime, if the retry would be later',
      sampleWatch({ channel: living(HOUR), ...failedCall(7, 0) }),
      HOUR / 8,
    ],
    [
      'after an eighth of the channel’s remaining lifetime, even if that is under a second',
      sampleWatch({ channel: living(4 * SECOND), ...failedCall(1, 0) }),
      SECOND / 2,
    ],
    [
      'after a minute or more, if an eighth of the remaining lifetime is more',
      sampleWatch({ channel: living(HOUR), ...failedCall(1, 0) }),
      MINUTE,
      0,
    ],
    [
      'when the watch call may be retried, once the renewal is due',
      sampleWatch({ channel: living(DAY), ...failedCall(7, 0) }),
      1.25 * 64 * MINUTE,
    ],
    ['the usual one after an obsolete failed watch call', sampleWatch(failedCall(1, HOUR)), 6 * HOUR],
    [
      'the usual one if the watch call may be retried already',
      sampleWatch({ channel: living(HOUR), ...failedCall(1, 75 * SECOND) }),
      6 * HOUR,
    ],
    ['sooner if the latest sync failed', sampleWatch({ sync: { ...SYNCED, failures: 1 } }), 1.25 * MINUTE],
    [
      'after the poll interval if the first sync has not completed',
      sampleWatch({ sync: { sequence: 0, failures: 0 } }),
      15 * MINUTE,
    ],
    [
      'when a push that found nothing is to be followed up',
      sampleWatch({ sync: { ...SYNCED, followUpAt: NOW + 90 * SECOND } }),
      90 * SECOND,
    ],
    ['the usual one if that time has come', sampleWatch({ sync: { ...SYNCED, followUpAt: NOW } }), 6 * HOUR],
    [
      'after the poll interval if a sync is under way',
      sampleWatch({ sync: { ...SYNCED, traversal: TRAVERSAL } }),
      15 * MINUTE,
    ],
    [
      'when a calendar list is due for a full sync',
      listWatch({ ...SYNCED, fullStartedAt: NOW - 22 * HOUR }),
      2 * HOUR,
    ],
    [
      'after the poll interval if the full sync of a calendar list is overdue',
      listWatch({ ...SYNCED, fullStartedAt: NOW - 30 * HOUR }),
      15 * MINUTE,
    ],
    [
      'after the poll interval if a calendar list never had a full sync',
      listWatch({ sequence: 0, failures: 0 }),
      15 * MINUTE,
    ],
    [
      'the usual one if events had a full sync almost a day ago',
      sampleWatch({ sync: { ...SYNCED, fullStartedAt: NOW - 22 * HOUR } }),
      6 * HOUR,
    ],
  ])('is %s', (_, watch, wait, random = 1) => {
    expect(nextCheckIn(watch, watch.channel, random)).toBe(wait);
  });

  test('is spread over a tenth of the interval', () => {
    expect(nextCheckIn(sampleWatch(), CHANNEL, 0)).toBe(0.9 * 6 * HOUR);
    expect(nextCheckIn(sampleWatch({ sync: { sequence: 0, failures: 0 } }), CHANNEL, 0)).toBe(
      0.9 * 15 * MINUTE,
    );
  });
});
