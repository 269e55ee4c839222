import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../functions/calendar/errors.ts';
import { STATES, type SyncStatus, type Traversal } from '../../../functions/mirror/watch.ts';
import { troubled } from '../../../functions/sync/trouble.ts';
import { NOW, sampleWatch, SYNCED, WISH } from '../../support/sample-watch.ts';

const BUSY: Problem = { kind: 'temporary', reason: 'backendError', notDone: false };
const DEAD_TOKEN: Problem = { kind: 'fullSyncRequired', reason: 'fullSyncRequired' };
const REFUSED: Problem = { kind: 'refused', reason: 'forbidden' };
const MISSING: Problem = { kind: 'notFound', reason: 'notFound' };
const INVALID: Problem = { kind: 'invalid', reason: 'badRequest' };
const PROBLEMS = [BUSY, DEAD_TOKEN, REFUSED, MISSING, INVALID];

const MINUTE = 60_000;
const clock = { now: () => NOW, random: () => 0.5 };
const traversal: Traversal = {
  id: 'traversal-1',
  kind: 'full',
  parametersKey: WISH.parametersKey,
  startedAt: NOW - 5000,
  position: 2,
  news: 0,
};
const SYNC: SyncStatus = { ...SYNCED, traversal };

describe('a sync that fails', () => {
  test.each(PROBLEMS)('for the reason $kind counts it, and says when and why', (problem) => {
    const { sync } = troubled(clock, sampleWatch({ readTime: NOW - 10 }), { ...SYNC, failures: 2 }, problem);
    expect(sync).toMatchObject({ failures: 3, failedAt: NOW - 10, error: problem.reason, sequence: 10 });
  });

  test.each([
    [BUSY, 'active', { state: 'active', reason: 'backendError' }],
    [BUSY, 'pending', { state: 'pending', reason: 'backendError' }],
    [BUSY, 'polling', undefined],
    [BUSY, 'paused', undefined],
    [BUSY, 'gone', undefined],
    [DEAD_TOKEN, 'active', { state: 'active', reason: 'fullSyncRequired' }],
    [REFUSED, 'active', { state: 'paused', reason: 'forbidden' }],
    [REFUSED, 'gone', { state: 'paused', reason: 'forbidden' }],
    [MISSING, 'active', { state: 'gone', reason: 'notFound' }],
    [MISSING, 'polling', { state: 'gone', reason: 'notFound' }],
    [INVALID, 'active', { state: 'paused', reason: 'badRequest' }],
  ] as const)('for the reason %j makes a watch that is %s %j', (problem, state, expected) => {
    const { state: to, reason } = troubled(clock, sampleWatch({ state }), SYNC, problem).transition ?? {};
    expect({ state: to, reason }).toEqual({ state: undefined, reason: undefined, ...expected });
  });

  test.each([
    [MISSING, 'Google Calendar does not have it, or not for this user'],
    [REFUSED, 'Google Calendar refuses access: check credentials and sharing'],
    [INVALID, 'Google Calendar does not accept the list parameters'],
  ])('for the reason %j says what that means to a person', (problem, detail) => {
    expect(troubled(clock, sampleWatch(), SYNC, problem).transition).toMatchObject({ detail });
  });

  test.each(['refused', 'invalid'] as const)('because credentials are %s tells what to do', (kind) => {
    const detail = 'there is no secret for this user';
    const problem: Problem = { kind, reason: 'why', detail };
    const expected = { state: 'paused', reason: 'why', detail };
    expect(troubled(clock, sampleWatch({}), SYNC, problem).transition).toEqual(expected);
  });

  test.each(PROBLEMS)('for the reason $kind never removes a watch', (problem) => {
    for (const state of STATES) {
      const { transition } = troubled(clock, sampleWatch({ state }), SYNC, problem);
      expect(['removing', 'removed']).not.toContain(transition?.state);
    }
  });

  test.each([
    [BUSY, 1, MINUTE / 2],
    [BUSY, 2, MINUTE],
    [BUSY, 100, 60 * MINUTE],
    [DEAD_TOKEN, 1, MINUTE / 2],
    [REFUSED, 1, 5 * MINUTE],
    [REFUSED, 2, 10 * MINUTE],
    [REFUSED, 100, 360 * MINUTE],
    [MISSING, 1, 5 * MINUTE],
    [INVALID, 1, 5 * MINUTE],
  ])('for the reason %j for the %ith time is tried again after %i ms', (problem, nth, wait) => {
    const { dueAt } = troubled(clock, sampleWatch(), { ...SYNC, failures: nth - 1 }, problem);
    expect(dueAt).toBe(NOW + wait);
  });

  test.each([BUSY, REFUSED])('for the reason $kind goes on later where it was', (problem) => {
    expect(troubled(clock, sampleWatch(), SYNC, problem).sync).toMatchObject({
      token: 'sync-token',
      traversal,
    });
  });

  test.each([MISSING, INVALID])('for the reason $kind begins from the ground up when it can', (problem) => {
    const { sync } = troubled(clock, sampleWatch(), SYNC, problem);
    expect(sync).not.toHaveProperty('token');
    expect(sync).not.toHaveProperty('traversal');
  });
});
