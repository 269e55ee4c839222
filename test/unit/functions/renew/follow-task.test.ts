import { describe, expect, test } from 'vitest';
import type { Following } from '../../../../functions/watches/status.ts';
import type { Watch } from '../../../../functions/watches/watch.ts';
import { followedTo, followTask, type FollowTask } from '../../../../functions/renew/follow-plan.ts';
import { NOW, sampleWatch, SYNCED, TRAVERSAL, specOf } from '../../../support/sample-watch.ts';

const LIST = { user: 'ana@example.com', resource: 'calendarList' } as const;
type SpecFields = Readonly<Record<string, unknown>>;
const following = (follow: SpecFields = { role: 'reader' }, more: SpecFields = {}) => ({
  ...LIST,
  ...more,
  follow,
});

const watchOf = (given: Partial<Omit<Watch, 'spec'>> & { readonly spec?: unknown } = {}): Watch =>
  sampleWatch({ spec: following(), collection: specOf(LIST).collection, ...given });

function followTaskOf(watch: Watch): Extract<FollowTask, { do: 'follow' }> {
  const task = followTask(watch);
  if (task.do !== 'follow') throw new Error(`the task is to ${task.do}`);
  return task;
}

describe('a calendar list', () => {
  const done: Following = followedTo(watchOf(), followTaskOf(watchOf()));

  test.each([
    ['is active', watchOf()],
    ['is polling', watchOf({ state: 'polling' })],
    [
      'has another follow spec',
      watchOf({ follow: { ...done, done: { ...(done.done ?? never()), key: 'x' } } }),
    ],
    ['has changed', watchOf({ follow: done, sync: { ...SYNCED, sequence: 11 } })],
    ['was listed in full', watchOf({ follow: done, sync: { ...SYNCED, fullStartedAt: NOW } })],
    ['awaits confirmation', watchOf({ follow: { ...done, emptySince: NOW } })],
  ])('is followed if it %s', (_, watch) => {
    expect(followTask(watch)).toMatchObject({ do: 'follow' });
  });

  test.each([
    ['has been followed to its end', watchOf({ follow: done })],
    ['is not to be followed', watchOf({ spec: LIST })],
    ['has an invalid spec', watchOf({ spec: {}, follow: done })],
    ['is gone', watchOf({ state: 'gone', sync: { ...SYNCED, sequence: 11 } })],
    ['is paused', watchOf({ state: 'paused', follow: done, sync: { ...SYNCED, sequence: 11 } })],
    ['has a sync under way', watchOf({ sync: { ...SYNCED, traversal: TRAVERSAL } })],
    ['has never been synced', watchOf({ state: 'pending', sync: { sequence: 0, failures: 0 } })],
    [
      'was removed and has not been synced again',
      watchOf({ sync: { sequence: 9, completedAt: NOW, failures: 0 } }),
    ],
    ['belongs to another watch', watchOf({ collection: undefined })],
  ])('is not followed now if it %s', (_, watch) => {
    expect(followTask(watch)).toEqual({ do: 'nothing' });
  });

  test.each([
    ['is not followed any more', LIST, 'purge'],
    ['is removed', following({ role: 'reader' }, { removed: 'purge' }), 'keep'],
  ])('that %s has its managed watches removed', (_, spec, unlisted) => {
    expect(followTask(watchOf({ spec, follow: { ...done, unlisted: 'purge' } }))).toEqual({
      do: 'end',
      unlisted,
    });
  });

  test('that was never followed has nothing removed', () => {
    expect(followTask(watchOf({ spec: following({ role: 'reader' }, { removed: 'purge' }) }))).toEqual({
      do: 'nothing',
    });
  });
});

function never(): never {
  throw new Error('nothing was followed');
}
