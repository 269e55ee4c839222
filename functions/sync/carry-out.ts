import { outOfService, withMetric } from '../runtime/metrics.ts';
import { logUnclaimed } from '../watches/claim-log.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { Watch } from '../watches/watch.ts';
import type { Attempt, SyncContext } from './context.ts';
import type { Decision } from './decide.ts';
import { runSync, type Next } from './run-sync.ts';

/** Pauses a watch whose spec is invalid, unless it is paused for that reason already. */
async function pause(
  context: SyncContext,
  watch: Watch,
  { reason, detail }: Extract<Decision, { do: 'pause' }>,
): Promise<void> {
  const { id, version, sync } = watch;
  if (watch.reason !== reason) {
    const transition = { state: 'paused', reason, detail } as const;
    await context.mirror.commit({ watchId: id, version, sync, transition });
  }
  const metric = outOfService(watch.state, 'paused', 'unknown', reason);
  context.log.warning('watch paused', withMetric({ watch: id, reason, detail }, metric));
}

/** Skips a notification, and clears the suspicion against the channel it came on. */
async function drop(
  context: SyncContext,
  { notification }: Attempt,
  { id, version, sync }: Watch,
  { why, confirmsChannelAlive }: Extract<Decision, { do: 'drop' }>,
): Promise<void> {
  if (confirmsChannelAlive) {
    const { suspectChannelId: _, ...rest } = sync;
    await context.mirror.commit({ watchId: id, version, sync: rest });
  }
  context.log.debug('notification skipped', { watch: id, reason: notification.reason, why });
}

/**
 * Removes a watch but keeps its items, sequence and `completedAt`, so that re-adding it reports differences, not
 * snapshots.
 */
async function release(
  context: SyncContext,
  { id, version, sync }: Watch,
  { collection }: WatchSpec,
): Promise<void> {
  const { sequence, completedAt } = sync;
  await context.mirror.commit({
    watchId: id,
    version,
    collection,
    sync: { sequence, completedAt, failures: 0 },
    transition: { state: 'removed', reason: 'kept' },
  });
  await context.mirror.deleteSeen(id);
  context.log.info('watch removed', { watch: id });
}

/**
 * Acts on a decision about a loaded watch.
 * @throws {Conflict} when the watch has changed since it was loaded
 */
export async function carryOut(
  context: SyncContext,
  attempt: Attempt,
  watch: Watch,
  decision: Decision,
): Promise<Next> {
  const { id: watchId, sync, version } = watch;
  switch (decision.do) {
    case 'pause':
      await pause(context, watch, decision);
      return 'done';
    case 'drop':
      await drop(context, attempt, watch, decision);
      return 'done';
    case 'requestReconcile':
      await context.mirror.commit({ watchId, version, sync, dueAt: context.now() });
      return 'done';
    case 'claim': {
      const claimed = await context.mirror.claim(watchId, decision.watchSpec);
      if (claimed === 'claimed') return 'again';
      logUnclaimed(context.log, watch, decision.watchSpec, claimed);
      return 'done';
    }
    case 'wait':
      if (context.now() + decision.ms > attempt.deadline) {
        await context.mirror.commit({ watchId, version, sync, dueAt: context.now() + decision.ms });
        return 'done';
      }
      await context.sleep(decision.ms);
      return 'again';
    case 'release':
      await release(context, watch, decision.watchSpec);
      return 'done';
    case 'purge':
    case 'sync':
      return runSync(context, attempt, watch, decision);
  }
}
