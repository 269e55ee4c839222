import type { Notification } from '../feed/notification.ts';
import { Conflict } from '../firestore/client.ts';
import { outOfService, withMetric } from '../runtime/metrics.ts';
import { lazy } from '../runtime/promises.ts';
import { logUnclaimed } from '../watches/claims.ts';
import type { WatchSpec } from '../watches/spec.ts';
import { isClockDue } from '../watches/clock-due.ts';
import { mayHaveMessage, outboxEnd, type Watch } from '../watches/watch.ts';
import type { Attempt, SyncContext } from './context.ts';
import { decide, type Decision } from './decide.ts';
import { commitAlone, drainOutbox } from './commit-step.ts';
import { runSync, type Next } from './run-sync.ts';

/** Brings a watch's mirror up to date after a notification. */

/** What watches with a clock need, which most deployments have none of. */
const clockStep = lazy(() => import('./clock-step.ts'));

/** Conflicts with other writers after which the message is left to a redelivery. */
const MAX_CONFLICTS = 20;

/** The form of our own channel ids. */
const UUID = /^[\da-f-]{36}$/;

/** Records the resource id of a channel that is not the watch's own, so that renew can stop that channel. */
async function noteStrayChannel(context: SyncContext, notification: Notification, watch: Watch | undefined) {
  if (notification.reason !== 'push') return;
  const { channelId, resourceId } = notification;
  if (channelId === undefined || resourceId === undefined || channelId === watch?.channel?.id) return;
  // Any other text in the message must not become the path of a document.
  if (!UUID.test(channelId)) return;
  const unwanted = watch === undefined || watch.state === 'removed';
  await context.mirror.noteStrayChannel(channelId, resourceId, unwanted);
}

/** Loads the watch, drains its outbox, and acts on the notification. */
async function handleOnce(context: SyncContext, current: Attempt): Promise<Next> {
  const { notification } = current;
  const { watchId } = notification;
  // Load the watch before the outbox; the other order could miss an entry committed in between.
  const watch = await context.mirror.loadWatch(watchId);
  await drainOutbox(context, watchId, watch);
  await noteStrayChannel(context, notification, watch);
  if (watch === undefined) {
    context.log.warning('notification for an unknown watch', { watch: watchId, reason: notification.reason });
    // Deleting a document in Firestore keeps its subcollections.
    await context.mirror.deleteSeen(watchId);
    return 'done';
  }
  if (watch.nextDueAt === undefined) {
    // Renew queries for due watches, and a query by timestamp matches no other type.
    context.log.warning('nextDueAt is missing or not a Timestamp, set to now', { watch: watchId });
    await context.mirror.postpone(watchId, context.now(), watch.version.updateTime);
    return 'again';
  }
  const decision = decide(notification, current.publishedAt, watch, context);
  if (mayHaveMessage(watch) && (decision.do === 'pause' || decision.do === 'claim')) {
    // No sync records that the message is published, and renew would ask for it at each check.
    const sync = { ...watch.sync, publishedTo: outboxEnd(watch) };
    await context.mirror.commit({ watch, version: watch.version, sync });
    return 'again';
  }
  return (await carryOut(context, current, watch, decision)) ?? 'done';
}

/**
 * Processes one notification; `publishedAt` (Unix ms) is its Pub/Sub publish time.
 * Returning acks the message; throwing nacks it.
 * @throws {Conflict} when other writers came first too often, and whatever Firestore or Pub/Sub throws
 */
export async function handleNotification(
  context: SyncContext,
  notification: Notification,
  publishedAt: number,
): Promise<void> {
  const deadline = context.now() + context.deadlineMs;
  let current = notification;
  let coveredSince = publishedAt;
  for (let conflicts = 0; ;) {
    try {
      const startedAt = context.now();
      const next = await handleOnce(context, {
        notification: current,
        publishedAt: coveredSince,
        startedAt,
        deadline,
      });
      if (next === 'done') return;
      if (next === 'clock') current = { reason: 'clock', watchId: notification.watchId };
      // The notification is dealt with: any completed sync covers it, and only the full sync remains to be done.
      if (next === 'reconcile') coveredSince = 0;
    } catch (error) {
      if (!(error instanceof Conflict) || conflicts >= MAX_CONFLICTS) throw error;
      conflicts += 1;
      await context.sleep(20 * conflicts * context.random());
    }
  }
}

/** Pauses a watch whose spec is invalid, unless it is paused for that reason already. */
async function pause(
  context: SyncContext,
  watch: Watch,
  { reason, detail }: Extract<Decision, { do: 'pause' }>,
): Promise<void> {
  const { id, version, sync } = watch;
  if (watch.reason !== reason) {
    const transition = { state: 'paused', reason, detail } as const;
    await commitAlone(context, { watch, version, sync, transition });
  }
  const metric = outOfService(watch.state, 'paused', 'unknown', reason);
  context.log.warning('watch paused', withMetric({ watch: id, reason, detail }, metric));
}

/** Skips a notification, and clears the suspicion against the channel it came on. */
async function drop(
  context: SyncContext,
  { notification }: Attempt,
  watch: Watch,
  { why, confirmsChannelAlive }: Extract<Decision, { do: 'drop' }>,
): Promise<void> {
  if (confirmsChannelAlive) {
    const { suspectChannelId: _, ...sync } = watch.sync;
    await context.mirror.commit({ watch, version: watch.version, sync });
  }
  context.log.debug('notification skipped', { watch: watch.id, reason: notification.reason, why });
}

/**
 * Removes a watch but keeps its items, sequence and `completedAt`, so that re-adding it reports differences, not
 * snapshots.
 */
async function release(context: SyncContext, watch: Watch, { collection }: WatchSpec): Promise<void> {
  const { id, version } = watch;
  const { sequence, completedAt } = watch.sync;
  await commitAlone(context, {
    watch,
    version,
    collection,
    sync: { sequence, completedAt, failures: 0 },
    clock: watch.clock && null,
    transition: { state: 'removed', reason: 'kept' },
  });
  await context.mirror.deleteSeen(id);
  context.log.info('watch removed', { watch: id });
}

/**
 * Acts on a decision about a loaded watch. Resolves with nothing if no work remains.
 * @throws {Conflict} when the watch has changed since it was loaded
 */
async function carryOut(context: SyncContext, attempt: Attempt, watch: Watch, decision: Decision) {
  const { id: watchId, sync, version } = watch;
  switch (decision.do) {
    case 'pause':
      return pause(context, watch, decision);
    case 'drop':
      await drop(context, attempt, watch, decision);
      // A crash after an earlier sync may have left the clock to the redelivery of its notification.
      return attempt.notification.reason !== 'clock' && isClockDue(watch, context.now()) ? 'clock' : 'done';
    case 'requestReconcile':
      await context.mirror.commit({ watch, version, sync, dueAt: context.now() });
      return;
    case 'claim': {
      const claimed = await context.mirror.claim(watchId, decision.watchSpec);
      if (claimed === 'claimed') return 'again';
      logUnclaimed(context.log, watch, decision.watchSpec, claimed);
      return drainOutbox(context, watchId, await context.mirror.loadWatch(watchId));
    }
    case 'wait':
      if (context.now() + decision.ms > attempt.deadline) {
        await context.mirror.commit({ watch, version, sync, dueAt: context.now() + decision.ms });
        return;
      }
      await context.sleep(decision.ms);
      return 'again';
    case 'clock': {
      const { runClock } = await clockStep();
      return runClock(context, watch, decision.watchSpec, decision.clock, attempt.publishedAt);
    }
    case 'release':
      return release(context, watch, decision.watchSpec);
    case 'purge':
    case 'sync':
      return runSync(context, attempt, watch, decision);
  }
}
