/** What a command says while it waits for the functions, and when it stops waiting. */
import { describe, expect, test } from 'vitest';
import { judgeRemoval, judgeSync, judgeWatch } from '../../../functions/cli/verdict.ts';
import { NEVER_SYNCED } from '../../../functions/mirror/watch.ts';
import { newWatch, NOW, sampleWatch, SPEC, SYNCED } from '../../support/sample-watch.ts';

type Sample = Parameters<typeof sampleWatch>[0];

const sample = (given: Sample = {}, detail?: string) => ({
  ok: true as const,
  watch: sampleWatch({ nextDueAt: NOW + 60_000, ...given }),
  detail,
});

describe('a watch that was wished for', () => {
  test.each<[string, ReturnType<typeof sample>, string, RegExp]>([
    ['is new', { ok: true, watch: newWatch(), detail: undefined }, 'waiting', /waiting for renew/],
    [
      'syncs for the first time',
      sample({ sync: { ...NEVER_SYNCED, sequence: 7 } }),
      'waiting',
      /7 changes so far$/,
    ],
    [
      'is put off in its first sync',
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
    ['has another channel to come', sample({ spec: { ...SPEC, singleEvents: true } }), 'waiting', /channel/],
    ['was removed before', sample({ state: 'removed', reason: 'kept' }), 'waiting', /removed/],
    [
      'is refused since',
      sample(
        { state: 'paused', reason: 'forbidden', sync: { ...SYNCED, failures: 1, failedAt: NOW } },
        'share it',
      ),
      'failed',
      /paused \(forbidden, share it\)/,
    ],
    [
      'was refused before, and is asked for again',
      sample({ state: 'paused', reason: 'forbidden', sync: { ...SYNCED, failures: 1, failedAt: NOW - 1 } }),
      'waiting',
      /paused/,
    ],
    [
      'is another’s collection',
      sample({ state: 'paused', reason: 'collectionTaken' }),
      'failed',
      /collectionTaken/,
    ],
    [
      'was another’s collection before, and renew has not come',
      sample({ state: 'paused', reason: 'collectionTaken', nextDueAt: NOW }),
      'waiting',
      /paused/,
    ],
    ['cannot be fulfilled', sample({ spec: { user: 'x' } }), 'failed', /watch-1/],
  ])('%s', (_, listed, is, words) => {
    const verdict = judgeWatch(listed, NOW);
    expect(verdict).toMatchObject({ is, words: expect.stringMatching(words) });
  });
});

describe('a removal', () => {
  test.each<[string, Sample, 'keep' | 'purge', string]>([
    ['that renew has not seen', {}, 'keep', 'waiting'],
    ['under way', { state: 'removing' }, 'purge', 'waiting'],
    ['that kept the items', { state: 'removed', reason: 'kept' }, 'keep', 'done'],
    ['that purged the items', { state: 'removed', reason: 'purged' }, 'purge', 'done'],
    ['of what was kept, and is to be purged now', { state: 'removed', reason: 'kept' }, 'purge', 'waiting'],
    ['of what never claimed anything', { state: 'removed', reason: undefined }, 'purge', 'done'],
    ['of a watch whose identity was edited', { state: 'paused', reason: 'specChanged' }, 'purge', 'failed'],
  ])('%s', (_, given, how, is) => {
    expect(judgeRemoval(sample(given), NOW, how).is).toBe(is);
  });
});

describe('a sync that was asked for', () => {
  test.each<[string, Sample, boolean, string]>([
    ['is not through while the last one is older', {}, false, 'waiting'],
    ['is through with one that began later', { sync: { ...SYNCED, startedAt: NOW } }, false, 'done'],
    [
      'in full is not through with an incremental one',
      { sync: { ...SYNCED, startedAt: NOW } },
      true,
      'waiting',
    ],
    ['in full is through with a full one', { sync: { ...SYNCED, fullStartedAt: NOW } }, true, 'done'],
    ['has failed when Google refuses', { sync: { ...SYNCED, failedAt: NOW, failures: 2 } }, false, 'failed'],
    ['is refused for what the spec says', { state: 'paused', reason: 'collectionTaken' }, false, 'failed'],
    [
      'has not failed by what failed before',
      { sync: { ...SYNCED, failedAt: NOW - 1, failures: 2 } },
      false,
      'waiting',
    ],
  ])('%s', (_, given, full, is) => {
    expect(judgeSync(sample(given), NOW, full).is).toBe(is);
  });
});
