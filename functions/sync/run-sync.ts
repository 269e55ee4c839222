import { withCallCounter } from '../calendar/call-counter.ts';
import { baseOf } from '../watches/epochs.ts';
import type { Traversal } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';
import { begin } from './begin.ts';
import type { Attempt, SyncContext } from './context.ts';
import type { Decision } from './decide.ts';
import { reportSync } from './report.ts';
import { wantsReconciliation } from './start.ts';
import { traverse } from './traverse.ts';

type SyncDecision = Extract<Decision, { do: 'sync' | 'purge' }>;

/** The work that remains for a notification. `reconcile`: only a full sync of the watch, which is due. */
export type Next = 'done' | 'again' | 'reconcile';

/**
 * Moves a watch that has published nothing yet into a new epoch if its id was in use before: its document was
 * overwritten, or deleted and created again. Returns whether it did.
 */
async function raiseUsedEpoch(context: SyncContext, watch: Watch): Promise<boolean> {
  const { id, epoch, sync } = watch;
  if (sync.sequence > baseOf(epoch) || sync.completedAt !== undefined) return false;
  const used = await context.mirror.usedEpoch(id);
  if (used === undefined || used < epoch) return false;
  await context.mirror.raiseEpoch(watch, used + 1);
  context.log.warning('numbering continues in a new epoch', { watch: id, epoch: used + 1 });
  return true;
}

/** Returns the traversal to resume, or the kind of the one to begin. */
function traversalFor({ sync }: Watch, decision: SyncDecision): Traversal | Traversal['kind'] {
  if (decision.do === 'purge') return sync.traversal?.kind === 'purge' ? sync.traversal : 'purge';
  return 'resume' in decision ? decision.resume : decision.start;
}

/** Runs a sync or a purge until it is complete, fails, or is left to a `continue` message. */
export async function runSync(
  context: SyncContext,
  attempt: Attempt,
  watch: Watch,
  decision: SyncDecision,
): Promise<Next> {
  if (await raiseUsedEpoch(context, watch)) return 'again';
  const { notification } = attempt;
  const isFollower = 'isFollower' in decision && decision.isFollower;
  const { calendar, drain } = withCallCounter(context.calendar);
  const counting = { ...context, calendar };
  const run = await begin(counting, {
    watch,
    watchSpec: decision.watchSpec,
    notification,
    traversal: traversalFor(watch, decision),
    isFollower,
    queued: 'queued' in decision && decision.queued,
    reconciles: 'reconciles' in decision && decision.reconciles,
  });
  const result = await traverse(counting, run, attempt.deadline);
  reportSync(context, result, attempt, drain());
  if (result.outcome !== 'completed') return 'done';
  if (isFollower) return 'again';
  const synced = { ...watch, sync: result.run.sync };
  return wantsReconciliation(notification, synced, context.reconcileMs) ? 'reconcile' : 'done';
}
