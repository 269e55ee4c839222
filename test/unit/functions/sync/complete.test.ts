import { describe, expect, test } from 'vitest';
import { complete } from '../../../support/completed-sync.ts';
import { NOW, POLL, sampleWatch, SPEC, SYNCED, WATCH_SPEC, specOf } from '../../../support/sample-watch.ts';

describe('a completed sync', () => {
  test('stores its token, its parameters, its start and the last sequence', () => {
    expect(complete({}).sync).toStrictEqual({
      token: 'next',
      parametersKey: WATCH_SPEC.parametersKey,
      sequence: 12,
      startedAt: NOW - 5000,
      completedAt: NOW,
      fullStartedAt: SYNCED.fullStartedAt,
      changedAt: NOW - 5000,
      failures: 0,
    });
  });

  test('that was full stores its start as that of the latest full sync', () => {
    expect(complete({ kind: 'full' }).sync).toMatchObject({ fullStartedAt: NOW - 5000 });
  });

  test('stores when a sync last found changes', () => {
    const watch = sampleWatch({ sync: { ...SYNCED, changedAt: NOW - 9000 } });
    expect(complete({ watch, changeCount: 0 }).sync).toMatchObject({ changedAt: NOW - 9000 });
    expect(complete({ watch, changeCount: 1 }).sync).toMatchObject({ changedAt: NOW - 5000 });
  });

  test('keeps the list of skipped items', () => {
    const skippedItems = [{ item: 'x', reason: 'the item has no id' }];
    expect(complete({ watch: sampleWatch({ sync: { ...SYNCED, skippedItems } }) }).sync).toMatchObject({
      skippedItems,
    });
  });

  test('without a token stores none, so that the next sync is full', () => {
    expect(complete({ token: '' }).sync).not.toHaveProperty('token');
  });

  test.each(['active', 'pending'] as const)('clears the failures of a watch that is %s', (state) => {
    const sync = { ...SYNCED, failures: 3, failedAt: NOW - 1000, error: 'backendError' };
    const ended = complete({ watch: sampleWatch({ state, sync, reason: 'backendError' }) });
    expect(ended.transition).toEqual({ state });
    expect(ended.sync).toMatchObject({ failures: 0 });
    expect(ended.sync).not.toHaveProperty('error');
    expect(ended.sync).not.toHaveProperty('failedAt');
  });

  test.each(['paused', 'gone'] as const)(
    'makes a watch that was %s pending and due, so that renew opens a channel',
    (state) => {
      const watch = sampleWatch({ state, reason: 'authError', sync: { ...SYNCED, failures: 2 } });
      expect(complete({ watch, notification: POLL })).toMatchObject({
        transition: { state: 'pending' },
        dueAt: NOW,
      });
    },
  );

  test.each(['active', 'pending', 'polling'] as const)('keeps the state of a watch that is %s', (state) => {
    expect(complete({ watch: sampleWatch({ state }) }).transition).toBeUndefined();
  });

  test('keeps the reason of a polling watch, even after failures', () => {
    const watch = sampleWatch({ state: 'polling', reason: 'noChannel', sync: { ...SYNCED, failures: 2 } });
    expect(complete({ watch, notification: POLL }).transition).toBeUndefined();
  });
});

describe('a traversal with a coalesced notification', () => {
  test('is followed up by a poll at once', () => {
    const ended = complete({ coalesced: true });
    expect(ended.dueAt).toBe(NOW);
    expect(ended.sync.followUpAt).toBe(NOW);
    expect(ended.sync).not.toHaveProperty('traversal');
  });

  test('is not followed up if that notification itself completes it', () => {
    const ended = complete({ isFollower: true });
    expect(ended.dueAt).toBeUndefined();
    expect(ended.sync).not.toHaveProperty('followUpAt');
  });
});

describe('a sync of a followed calendar list', () => {
  const watchSpec = specOf({ user: SPEC.user, resource: 'calendarList', follow: { role: 'reader' } });
  const unwanted = { ...watchSpec, removed: 'keep' } as const;

  test.each([
    ['finds changes', { watchSpec, changeCount: 1 }],
    ['is full', { watchSpec, kind: 'full', changeCount: 0, notification: POLL }],
  ] as const)('makes the watch due at once if it %s', (_, given) => {
    const ended = complete(given);
    expect(ended.dueAt).toBe(NOW);
    expect(ended.sync.followUpAt).toBe(NOW);
  });

  test.each([
    ['finds nothing', { watchSpec, changeCount: 0, notification: POLL }],
    ['belongs to a list whose removal is requested', { watchSpec: unwanted, changeCount: 1 }],
  ] as const)('does not make the watch due if it %s', (_, given) => {
    expect(complete(given).dueAt).toBeUndefined();
  });
});
