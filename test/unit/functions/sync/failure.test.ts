import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../../functions/calendar/errors.ts';
import { STATES } from '../../../../functions/watches/states.ts';
import type { SyncStatus, Traversal } from '../../../../functions/watches/status.ts';
import { onFailure } from '../../../../functions/sync/failure.ts';
import { NOW, sampleWatch, SYNCED, WATCH_SPEC } from '../../../support/sample-watch.ts';

const BUSY: Problem = { kind: 'temporary', reason: 'backendError', notApplied: false };
const DEAD_TOKEN: Problem = { kind: 'fullSyncRequired', reason: 'fullSyncRequired' };
const DENIED: Problem = { kind: 'accessDenied', reason: 'forbidden' };
const MISSING: Problem = { kind: 'notFound', reason: 'notFound' };
const INVALID: Problem = { kind: 'invalid', reason: 'badRequest' };
const PROBLEMS = [BUSY, DEAD_TOKEN, DENIED, MISSING, INVALID];

const MINUTE = 60_000;
const clock = { now: () => NOW, random: () => 0.5 };
const traversal: Traversal = {
  id: 'traversal-1',
  kind: 'full',
  parametersKey: WATCH_SPEC.parametersKey,
  startedAt: NOW - 5000,
  stepsCommitted: 2,
  changeCount: 0,
};
const SYNC: SyncStatus = { ...SYNCED, traversal };

describe('a failed sync', () => {
  test.each(PROBLEMS)('counts the failure, with its time and reason ($kind)', (problem) => {
    const watch = sampleWatch({ readTime: NOW - 10, state: 'paused' });
    const { sync } = onFailure(clock, watch, { ...SYNC, failures: 2 }, problem);
    expect(sync).toMatchObject({ failures: 3, failedAt: NOW - 10, error: problem.reason, sequence: 10 });
  });

  test.each([
    [BUSY, 'active', { state: 'active', reason: 'backendError' }],
    [BUSY, 'pending', { state: 'pending', reason: 'backendError' }],
    [BUSY, 'polling', undefined],
    [BUSY, 'paused', undefined],
    [BUSY, 'gone', undefined],
    [DEAD_TOKEN, 'active', { state: 'active', reason: 'fullSyncRequired' }],
    [DENIED, 'active', { state: 'paused', reason: 'forbidden' }],
    [DENIED, 'gone', { state: 'paused', reason: 'forbidden' }],
    [MISSING, 'active', { state: 'gone', reason: 'notFound' }],
    [MISSING, 'polling', { state: 'gone', reason: 'notFound' }],
    [INVALID, 'active', { state: 'paused', reason: 'badRequest' }],
  ] as const)('with the problem %j moves a watch that is %s to %j', (problem, state, expected) => {
    const { state: to, reason } = onFailure(clock, sampleWatch({ state }), SYNC, problem).transition ?? {};
    expect({ state: to, reason }).toEqual({ state: undefined, reason: undefined, ...expected });
  });

  test.each([
    [MISSING, /^the calendar does not exist, or is not shared .*: check spec\.calendarId/],
    [DENIED, /has no access to this calendar.*: share the calendar with that account/],
    [INVALID, /does not accept the parameters of the list: check spec\.eventTypes/],
    [
      { kind: 'accessDenied', reason: 'accessNotConfigured' },
      /API is not enabled.*: run gcloud services enable/,
    ],
    [{ kind: 'accessDenied', reason: 'insufficientPermissions' }, /OAuth scope.*: grant the scope/],
    [{ kind: 'accessDenied', reason: 'http403' }, /denies access: check the credentials/],
  ] as const)('with the problem %j tells what that means and what to do', (problem, detail) => {
    expect(onFailure(clock, sampleWatch(), SYNC, problem).transition?.detail).toMatch(detail);
  });

  test.each(['accessDenied', 'invalid'] as const)('keeps the advice of a credentials error (%s)', (kind) => {
    const detail = 'this user has no secret';
    const problem: Problem = { kind, reason: 'why', detail };
    const expected = { state: 'paused', reason: 'why', detail };
    expect(onFailure(clock, sampleWatch({}), SYNC, problem).transition).toEqual(expected);
  });

  test.each(PROBLEMS)('never removes a watch ($kind)', (problem) => {
    for (const state of STATES) {
      const { transition } = onFailure(clock, sampleWatch({ state }), SYNC, problem);
      expect(['removing', 'removed']).not.toContain(transition?.state);
    }
  });

  test.each([
    [BUSY, 1, MINUTE / 2],
    [BUSY, 2, MINUTE],
    [BUSY, 100, 60 * MINUTE],
    [DEAD_TOKEN, 1, MINUTE / 2],
    [DENIED, 1, 5 * MINUTE],
    [DENIED, 2, 10 * MINUTE],
    [DENIED, 100, 360 * MINUTE],
    [MISSING, 1, 5 * MINUTE],
    [INVALID, 1, 5 * MINUTE],
  ])('with the problem %j is retried, at failure %i, after %i ms', (problem, nth, wait) => {
    const watch = sampleWatch({ state: 'paused' });
    const { dueAt } = onFailure(clock, watch, { ...SYNC, failures: nth - 1 }, problem);
    expect(dueAt).toBe(NOW + wait);
  });

  test.each([DENIED, MISSING, INVALID])(
    'after a long outage is retried like a first failure ($kind)',
    (problem) => {
      const { sync, dueAt } = onFailure(clock, sampleWatch(), { ...SYNC, failures: 20 }, problem);
      expect({ failures: sync.failures, dueAt }).toEqual({ failures: 1, dueAt: NOW + 5 * MINUTE });
    },
  );

  test.each([BUSY, DENIED])('keeps its cursors ($kind)', (problem) => {
    expect(onFailure(clock, sampleWatch(), SYNC, problem).sync).toMatchObject({
      token: 'sync-token',
      traversal,
    });
  });

  test.each([MISSING, INVALID])('drops its cursors ($kind)', (problem) => {
    const { sync } = onFailure(clock, sampleWatch(), SYNC, problem);
    expect(sync).not.toHaveProperty('token');
    expect(sync).not.toHaveProperty('traversal');
  });
});
