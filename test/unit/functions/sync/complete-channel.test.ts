import { describe, expect, test } from 'vitest';
import type { Notification } from '../../../../functions/feed/notification.ts';
import { complete, type CompletedSync } from '../../../support/completed-sync.ts';
import { CHANNEL, NOW, POLL, PUSH, sampleWatch, SYNCED } from '../../../support/sample-watch.ts';

/** The state of the channel after a sync. */

describe('a sync for the queue behind a covered notification', () => {
  test.each([PUSH, POLL])(
    'neither suspects the channel nor requests a follow-up ($reason)',
    (notification) => {
      for (const changeCount of [0, 3]) {
        const ended = complete({ notification, queued: true, changeCount });
        expect(ended.dueAt).toBeUndefined();
        expect(ended.sync).not.toHaveProperty('followUpAt');
        expect(ended.sync).not.toHaveProperty('suspectChannelId');
      }
    },
  );

  test('keeps a follow-up and a suspicion, unless it came on the suspect channel', () => {
    const sync = { ...SYNCED, followUpAt: NOW + 1000, suspectChannelId: CHANNEL.id };
    const ended = (notification: Notification) =>
      complete({ watch: sampleWatch({ sync }), notification, queued: true, changeCount: 0 }).sync;
    expect(ended(POLL)).toMatchObject({ followUpAt: NOW + 1000, suspectChannelId: CHANNEL.id });
    expect(ended({ ...PUSH, channelId: CHANNEL.id })).toMatchObject({ followUpAt: NOW + 1000 });
    expect(ended({ ...PUSH, channelId: CHANNEL.id })).not.toHaveProperty('suspectChannelId');
  });
});

describe('a push that finds nothing', () => {
  test('is followed up by a poll within a minute or two', () => {
    const ended = complete({ changeCount: 0 });
    expect(ended.sync.followUpAt).toBe(ended.dueAt);
    expect(ended.dueAt).toBeGreaterThanOrEqual(NOW + 60_000);
    expect(ended.dueAt).toBeLessThanOrEqual(NOW + 120_000);
  });

  test.each([
    ['it only announced an open channel', { ...PUSH, resourceState: 'sync' } as const],
    ['it was a poll', POLL],
  ])('is not followed up if %s', (_, notification) => {
    const ended = complete({ notification, changeCount: 0 });
    expect(ended.sync).not.toHaveProperty('followUpAt');
    expect(ended.dueAt).toBeUndefined();
  });

  test('is followed up once: the poll schedules no other', () => {
    const watch = sampleWatch({ sync: { ...SYNCED, followUpAt: NOW + 60_000 } });
    const ended = complete({ watch, notification: POLL, changeCount: 0 });
    expect(ended.sync).not.toHaveProperty('followUpAt');
    expect(ended.dueAt).toBeUndefined();
  });

  test('is still followed up if another push finds changes', () => {
    const watch = sampleWatch({ sync: { ...SYNCED, followUpAt: NOW + 60_000 } });
    expect(complete({ watch }).sync).toMatchObject({ followUpAt: NOW + 60_000 });
  });
});

describe('a poll that finds unannounced changes', () => {
  test('makes the channel suspect and the watch due', () => {
    expect(complete({ notification: POLL })).toMatchObject({
      sync: { suspectChannelId: 'channel-1' },
      dueAt: NOW,
    });
  });

  test('suspects a channel that opened just when the previous sync started', () => {
    const channel = { ...CHANNEL, createdAt: NOW - 3_600_000 };
    expect(complete({ notification: POLL, watch: sampleWatch({ channel }) }).sync).toHaveProperty(
      'suspectChannelId',
    );
  });

  test.each<[string, CompletedSync]>([
    ['it found nothing', { changeCount: 0 }],
    ['a push had announced them', { watch: sampleWatch({ sync: { ...SYNCED, followUpAt: NOW + 60_000 } }) }],
    ['it was a full sync', { kind: 'full' }],
    ['the watch has no channel', { watch: sampleWatch({ channel: undefined }) }],
    ['the watch is polling', { watch: sampleWatch({ state: 'polling' }) }],
    [
      'the channel was opened since',
      { watch: sampleWatch({ channel: { ...CHANNEL, createdAt: NOW - 1000 } }) },
    ],
    ['its origin is unknown', { hasOrigin: false }],
    ['a person requested it', { notification: { watchId: 'watch-1', reason: 'manual', full: false } }],
  ])('does not suspect the channel if %s', (_, ended) => {
    const { sync, dueAt } = complete({ notification: POLL, ...ended });
    expect(sync).not.toHaveProperty('suspectChannelId');
    expect(dueAt).toBeUndefined();
  });

  test('is forgotten when the suspect channel delivers a push', () => {
    const watch = sampleWatch({ sync: { ...SYNCED, suspectChannelId: 'channel-1' } });
    expect(complete({ watch }).sync).not.toHaveProperty('suspectChannelId');
    expect(complete({ watch, notification: { ...PUSH, channelId: 'channel-2' } }).sync).toHaveProperty(
      'suspectChannelId',
    );
    expect(
      complete({ watch, notification: { ...PUSH, channelId: 'channel-2' }, changeCount: 0 }).sync,
    ).toMatchObject({
      suspectChannelId: 'channel-1',
      followUpAt: expect.any(Number),
    });
    expect(complete({ watch, notification: POLL, changeCount: 0 }).sync).toHaveProperty('suspectChannelId');
  });
});
