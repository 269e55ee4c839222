import type { Problem } from '../calendar/errors.ts';
import { detailOf } from '../calendar/reasons.ts';
import { backoff } from '../runtime/backoff.ts';
import type { Step } from '../mirror/commit.ts';
import type { SyncStatus } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';
import type { SyncContext } from './context.ts';
import { PAGE_TOKEN_REPEATED } from './page-tokens.ts';

/** The effect of a failed sync on its watch: state, reason, and when to try again. */

const ENDLESS_LIST =
  'Google Calendar gave a page token twice, so that the list has no end; it is listed again later';

/** Returns the state that a problem puts a watch into, if any. */
export function failureTransition(watch: Watch, problem: Problem): Step['transition'] {
  const { reason } = problem;
  switch (problem.kind) {
    case 'notFound':
      return { state: 'gone', reason, detail: detailOf(problem) };
    case 'accessDenied':
    case 'invalid':
      return { state: 'paused', reason, detail: detailOf(problem) };
    case 'temporary':
    case 'fullSyncRequired':
      // The other states keep the reason that they have; `status.sync` has the error in any case.
      return watch.state === 'active' || watch.state === 'pending'
        ? {
            state: watch.state,
            reason,
            ...(reason === PAGE_TOKEN_REPEATED.reason ? { detail: ENDLESS_LIST } : {}),
          }
        : undefined;
  }
}

/** Failures of an incremental list without an end after which its sync token is given up. */
const MAX_ENDLESS_LISTS = 3;

/**
 * Returns the sync status with the cursors that are still valid. A list without an end restarts at its first page; its sync token
 * stays, so that no change is lost, unless it is a full list or has failed too often: then a full sync follows. A calendar that comes
 * back is listed in full.
 */
function keepCursors(sync: SyncStatus, problem: Problem): SyncStatus {
  const { traversal, ...withToken } = sync;
  const { token: _, ...withoutToken } = withToken;
  if (problem.reason === PAGE_TOKEN_REPEATED.reason) {
    const keepsToken = traversal?.kind !== 'full' && sync.failures + 1 < MAX_ENDLESS_LISTS;
    return keepsToken ? withToken : withoutToken;
  }
  return problem.kind === 'notFound' || problem.kind === 'invalid' ? withoutToken : sync;
}

/** Returns the commit of a failed sync. Pure but for the clock and the random numbers of `context`. */
export function onFailure(
  context: Pick<SyncContext, 'now' | 'random'>,
  watch: Watch,
  sync: SyncStatus,
  problem: Problem,
): Pick<Step, 'sync' | 'transition' | 'dueAt'> {
  const kind = problem.kind === 'temporary' || problem.kind === 'fullSyncRequired' ? 'temporary' : 'resting';
  const isResting = watch.state === 'paused' || watch.state === 'gone';
  // Access lost after a long outage counts as a first failure, as it may soon be back.
  const failures = kind === 'resting' && !isResting ? 1 : sync.failures + 1;
  return {
    sync: { ...keepCursors(sync, problem), failures, failedAt: watch.readTime, error: problem.reason },
    transition: failureTransition(watch, problem),
    dueAt: context.now() + backoff(kind, failures, context.random()),
  };
}
