import { describe, expect, test } from 'vitest';
import type { Watch } from '../../../functions/mirror/watch.ts';
import { nextLook } from '../../../functions/renew/plan.ts';
import {
  CHANNEL,
  listWatch,
  living,
  NOW,
  RULES,
  sampleWatch,
  SYNCED,
  TRAVERSAL,
} from '../../support/sample-watch.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const failedCall = (failures: number, ago: number) => ({
  watchCall: { failures, failedAt: NOW - ago, reason: 'backendError' },
});

const look = (watch: Watch, channel = watch.channel, random = 1): number =>
  nextLook(watch, channel, watch.watchCall, NOW, RULES, random) - NOW;

describe('when to look again', () => {
  test.each([
    ['after the greatest staleness, with a channel', sampleWatch(), 6 * HOUR],
    [
      'ten minutes after a list that is followed was first seen empty',
      sampleWatch({ follow: { unlisted: 'keep', emptySince: NOW - 4 * MINUTE } }),
      6 * MINUTE,
    ],
    [
      'after the poll interval, while the full sync is awaited that is to confirm it',
      sampleWatch({ follow: { unlisted: 'keep', emptySince: NOW - 10 * MINUTE } }),
      15 * MINUTE,
    ],
    ['after the poll interval, without one', sampleWatch({ channel: undefined }), 15 * MINUTE],
    ['when the channel is to be replaced', sampleWatch({ channel: living(DAY + HOUR) }), HOUR],
    [
      'in a second, when the channel should have been replaced',
      sampleWatch({ channel: living(HOUR) }),
      SECOND,
    ],
    [
      'when the channel is to be replaced, also after a watch call that failed and is not wanted any more',
      sampleWatch({ channel: living(DAY + HOUR), ...failedCall(1, HOUR) }),
      HOUR,
    ],
    [
      'when the watch call may be tried again, while the renewal is overdue',
      sampleWatch({ channel: living(HOUR), ...failedCall(7, 0) }),
      1.25 * 64 * MINUTE,
    ],
    [
      'when the watch call may be tried again, from the moment on that the renewal is due',
      sampleWatch({ channel: living(DAY), ...failedCall(7, 0) }),
      1.25 * 64 * MINUTE,
    ],
    [
      'as ever, when a watch call failed that is not wanted any more',
      sampleWatch(failedCall(1, HOUR)),
      6 * HOUR,
    ],
    [
      'as ever, when a watch call may be tried again already',
      sampleWatch({ channel: living(HOUR), ...failedCall(1, 75 * SECOND) }),
      6 * HOUR,
    ],
    ['sooner, when the latest sync failed', sampleWatch({ sync: { ...SYNCED, failures: 1 } }), 1.25 * MINUTE],
    [
      'soon, when the first sync has not completed',
      sampleWatch({ sync: { sequence: 0, failures: 0 } }),
      15 * MINUTE,
    ],
    [
      'when a push that found nothing is to be followed up',
      sampleWatch({ sync: { ...SYNCED, followUpAt: NOW + 90 * SECOND } }),
      90 * SECOND,
    ],
    ['as ever, when that has come', sampleWatch({ sync: { ...SYNCED, followUpAt: NOW } }), 6 * HOUR],
    [
      'soon, when a sync is under way',
      sampleWatch({ sync: { ...SYNCED, traversal: TRAVERSAL } }),
      15 * MINUTE,
    ],
    [
      'when all of a calendar list is to be listed again',
      listWatch({ ...SYNCED, fullStartedAt: NOW - 22 * HOUR }),
      2 * HOUR,
    ],
    [
      'after the poll interval, when all of a calendar list should have been listed again',
      listWatch({ ...SYNCED, fullStartedAt: NOW - 30 * HOUR }),
      15 * MINUTE,
    ],
    [
      'soon, when a calendar list was never listed in full',
      listWatch({ sequence: 0, failures: 0 }),
      15 * MINUTE,
    ],
    [
      'as ever, when all events were listed almost a day ago',
      sampleWatch({ sync: { ...SYNCED, fullStartedAt: NOW - 22 * HOUR } }),
      6 * HOUR,
    ],
  ])('is %s', (_, watch, wait) => {
    expect(look(watch)).toBe(wait);
  });

  test('is spread over a tenth of the time, so that watches made together drift apart', () => {
    expect(look(sampleWatch(), CHANNEL, 0)).toBe(0.9 * 6 * HOUR);
    expect(look(sampleWatch({ sync: { sequence: 0, failures: 0 } }), CHANNEL, 0)).toBe(0.9 * 15 * MINUTE);
  });
});
