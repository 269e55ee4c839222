import { withCallCounter, type Calls } from '../calendar/call-counter.ts';
import type { Problem } from '../calendar/errors.ts';
import { outOfService, withMetric, type Metric } from '../runtime/metrics.ts';
import { isClockDue } from '../watches/clock-due.ts';
import { baseOf } from '../watches/epochs.ts';
import type { Watch } from '../watches/watch.ts';
import type { Attempt, SyncContext } from './context.ts';
import { wantsReconciliation } from './decide.ts';
import { failureTransition } from './failure.ts';
import { begin, RECONCILE, type Run, type RunDecision } from './run.ts';
import { traverse, type TraversalResult } from './traverse.ts';

/** The work that remains for a notification. `reconcile`: only a full sync of the watch, which is due; `clock`: only its clock. */
export type Next = 'done' | 'again' | 'reconcile' | 'clock';

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

/** Runs a sync or a purge until it is complete, fails, or is left to a `continue` message. */
export async function runSync(
  context: SyncContext,
  attempt: Attempt,
  watch: Watch,
  decision: RunDecision,
): Promise<Next> {
  if (await raiseUsedEpoch(context, watch)) return 'again';
  const { notification } = attempt;
  const { calendar, drain } = withCallCounter(context.calendar);
  const run = await begin({ ...context, calendar }, notification, watch, decision);
  const result = await traverse(run, attempt.deadline);
  reportSync(run, result, attempt, drain());
  const synced = { ...watch, sync: run.sync, clock: run.clock };
  if (result.outcome === 'completed') {
    if (run.isFollower) return 'again';
    if (wantsReconciliation(notification, synced, context.reconcileMs)) return 'reconcile';
  }
  return isClockDue(synced, context.now()) ? 'clock' : 'done';
}

/** Returns the metric of a sync, which its log entry carries. */
function syncMetric(
  { context, watch, watchSpec, notification, queued, traversal, sync }: Run,
  { outcome }: TraversalResult,
  { startedAt, publishedAt }: Attempt,
  calls: Calls,
): Metric {
  const now = context.now();
  const endsPush = notification.reason === 'push' && !queued && outcome === 'completed';
  return {
    metric: 'sync',
    resource: watchSpec.target.resource,
    kind: traversal.kind,
    outcome,
    reason: notification.reason,
    changes: sync.sequence - watch.sync.sequence,
    ms: now - startedAt,
    ...calls,
    latencyMs: endsPush ? Math.max(0, now - publishedAt) : undefined,
  };
}

/** Logs that a watch has gone out of service, where a failure does that. */
function reportOutage({ context, watch, watchSpec }: Run, problem: Problem): void {
  const state = failureTransition(watch, problem)?.state;
  if ((state !== 'paused' && state !== 'gone') || state === watch.state) return;
  const metric = outOfService(watch.state, state, watchSpec.target.resource, problem.reason);
  context.log.warning(`watch ${state}`, withMetric({ watch: watch.id }, metric));
}

/** Logs the result of a sync. */
function reportSync(run: Run, result: TraversalResult, attempt: Attempt, calls: Calls): void {
  const { watch, steps: pages, sync, traversal } = run;
  const { log } = run.context;
  const fields = { watch: watch.id, pages, sequence: sync.sequence };
  const metric = syncMetric(run, result, attempt, calls);
  switch (result.outcome) {
    case 'completed':
      log.info('synced', withMetric(fields, metric));
      // A full sync has found changes which the incremental sync right before it missed.
      if (traversal.origin?.reason === RECONCILE && traversal.changeCount > 0) {
        log.warning('reconciliation found changes', { watch: watch.id, changes: traversal.changeCount });
      }
      return;
    case 'continued':
      return log.info('sync continues', withMetric(fields, metric));
    case 'failed': {
      const { kind, reason } = result.problem;
      log.warning('sync failed', withMetric({ ...fields, error: reason, problem: kind }, metric));
      return reportOutage(run, result.problem);
    }
  }
}
