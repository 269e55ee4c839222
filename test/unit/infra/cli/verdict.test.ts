/** What a command reports while it waits for the functions, and when it stops waiting. */
import { describe, expect, test } from 'vitest';
import { judgeRemoval, judgeSync, judgeWatch } from '../../../../infra/cli/verdict.ts';
import { NEVER_SYNCED } from '../../../../functions/watches/watch.ts';
import { newWatch, NOW, sampleWatch, SPEC, SYNCED } from '../../../support/sample-watch.ts';

type Sample = Parameters<typeof sampleWatch>[0];

const sample = (given: Sample = {}, detail?: string) => ({
  ok: true as const,
  watch: sampleWatch({ nextDueAt: NOW + 60_000, detail, ...given }),
});

describe('a requested watch', () => {
  test.each<[string, ReturnType<typeof sample>, string, RegExp]>([
    ['is new', { ok: true, watch: newWatch() }, 'waiting', /waiting for renew/],
    [
      'syncs for the first time',
      sample({ sync: { ...NEVER_SYNCED, sequence: 7 } }),
      'waiting',
      /7 changes so far$/,
    ],
    [
      'is retried in its first sync',
      sample({ sync: { ...NEVER_SYNCED, failures: 1, error: 'rateLimitExceeded' } }),
      'waiting',
      /after rateLimitExceeded$/,
    ],
    ['is active and synced', sample(), 'done', /^active$/],
    [
      'is polled and synced',
      sample({ state: 'polling', reason: 'noPush', channel: undefined }),
      'done',
      /opens no channel \(noPush\)/,
    ],
    [
      'is polled for a reason that Google gave',
      sample({ state: 'polling', reason: 'push.webhookUrlUnauthorized', channel: undefined }),
      'done',
      /opens no channel \(push\.webhookUrlUnauthorized\): .*Search Console/,
    ],
    ['gets another channel', sample({ spec: { ...SPEC, singleEvents: true } }), 'waiting', /channel/],
    ['was removed before', sample({ state: 'removed', reason: 'kept' }), 'waiting', /removed/],
    [
      'was paused since the request',
      sample(
        { state: 'paused', reason: 'forbidden', sync: { ...SYNCED, failures: 1, failedAt: NOW } },
        'share it',
      ),
      'failed',
      /paused \(forbidden, share it\)/,
    ],
    [
      'was paused before the request',
      sample({ state: 'paused', reason: 'forbidden', sync: { ...SYNCED, failures: 1, failedAt: NOW - 1 } }),
      'waiting',
      /paused/,
    ],
    [
      'has a collection that is taken',
      sample({ state: 'paused', reason: 'collectionTaken' }),
      'failed',
      /collectionTaken/,
    ],
    [
      'had a collection that was taken, before renew runs',
      sample({ state: 'paused', reason: 'collectionTaken', nextDueAt: NOW }),
      'waiting',
      /paused/,
    ],
    ['has an invalid spec', sample({ spec: { user: 'x' } }), 'failed', /watch-1/],
  ])('%s', (_, listed, is, text) => {
    const verdict = judgeWatch(listed, NOW);
    expect(verdict).toMatchObject({ is, text: expect.stringMatching(text) });
  });
});

describe('a removal', () => {
  test.each<[string, Sample, 'keep' | 'purge', string]>([
    ['before renew runs', {}, 'keep', 'waiting'],
    ['in progress', { state: 'removing' }, 'purge', 'waiting'],
    ['that kept the items', { state: 'removed', reason: 'kept' }, 'keep', 'done'],
    ['that purged the items', { state: 'removed', reason: 'purged' }, 'purge', 'done'],
    [
      'with purge, of a watch whose items were kept before',
      { state: 'removed', reason: 'kept' },
      'purge',
      'waiting',
    ],
    ['of a watch that has no collection', { state: 'removed', reason: undefined }, 'purge', 'done'],
    ['of a watch whose identity was edited', { state: 'paused', reason: 'specChanged' }, 'purge', 'failed'],
  ])('%s', (_, given, how, is) => {
    expect(judgeRemoval(sample(given), NOW, how).is).toBe(is);
  });
});

describe('a requested sync', () => {
  test.each<[string, Sample, boolean, string]>([
    ['is not done while the last sync is older', {}, false, 'waiting'],
    ['is done when a later sync completed', { sync: { ...SYNCED, startedAt: NOW } }, false, 'done'],
    [
      'in full is not done after an incremental sync',
      { sync: { ...SYNCED, startedAt: NOW } },
      true,
      'waiting',
    ],
    ['in full is done after a full sync', { sync: { ...SYNCED, fullStartedAt: NOW } }, true, 'done'],
    [
      'has failed when Google rejects it',
      { sync: { ...SYNCED, failedAt: NOW, failures: 2 } },
      false,
      'failed',
    ],
    [
      'has failed when the watch is paused for its spec',
      { state: 'paused', reason: 'collectionTaken' },
      false,
      'failed',
    ],
    [
      'has not failed if only an earlier sync failed',
      { sync: { ...SYNCED, failedAt: NOW - 1, failures: 2 } },
      false,
      'waiting',
    ],
  ])('%s', (_, given, full, is) => {
    expect(judgeSync(sample(given), NOW, full).is).toBe(is);
  });

  test('says what to do about an error of Google', () => {
    const verdict = judgeSync(
      sample({ sync: { ...SYNCED, failures: 1, failedAt: NOW, error: 'rateLimitExceeded' } }),
      NOW,
      false,
    );
    expect(verdict).toMatchObject({
      is: 'failed',
      next: expect.stringMatching(
        /^too many calls a minute.*: .*more quota.*; see https:.*; it is retried, see/,
      ),
    });
  });
});
