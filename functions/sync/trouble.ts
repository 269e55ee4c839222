import type { Problem } from '../calendar/errors.ts';
import { backoff } from '../backoff.ts';
import type { Step } from '../mirror/commit.ts';
import type { SyncStatus, Watch } from '../mirror/watch.ts';
import type { SyncContext } from './context.ts';

/** What a failed sync leaves in the watch: a state with its reason, and when to try again. */

type Trouble = Pick<Step, 'sync' | 'transition' | 'dueAt'>;

/** The state that Google's answer puts a watch into, if any. */
export function transitionOf(watch: Watch, problem: Problem): Step['transition'] {
  const { reason } = problem;
  switch (problem.kind) {
    case 'notFound':
      return { state: 'gone', reason, detail: 'Google Calendar does not have it, or not for this user' };
    case 'refused':
      return {
        state: 'paused',
        reason,
        detail: problem.detail ?? 'Google Calendar refuses access: check credentials and sharing',
      };
    case 'invalid':
      return {
        state: 'paused',
        reason,
        detail: problem.detail ?? 'Google Calendar does not accept the list parameters',
      };
    case 'temporary':
    case 'fullSyncRequired':
      // A polling watch has its own reason to keep, a resting one too; the error stands in `status.sync` in any case.
      return watch.state === 'active' || watch.state === 'pending'
        ? { state: watch.state, reason }
        : undefined;
  }
}

/** What stays of the cursors. What comes back after a 404 is compared from the ground up. */
function cursors(sync: SyncStatus, problem: Problem): SyncStatus {
  if (problem.kind !== 'notFound' && problem.kind !== 'invalid') return sync;
  const { token: _, traversal: __, ...rest } = sync;
  return rest;
}

/** Pure but for the clock and the dice of `context`. */
export function troubled(
  context: Pick<SyncContext, 'now' | 'random'>,
  watch: Watch,
  sync: SyncStatus,
  problem: Problem,
): Trouble {
  const failures = sync.failures + 1;
  const kind = problem.kind === 'temporary' || problem.kind === 'fullSyncRequired' ? 'temporary' : 'resting';
  return {
    sync: { ...cursors(sync, problem), failures, failedAt: watch.readTime, error: problem.reason },
    transition: transitionOf(watch, problem),
    dueAt: context.now() + backoff(kind, failures, context.random()),
  };
}
