import { counted, type Calls } from '../calendar/count.ts';
import type { Notification } from '../feed/notification.ts';
import { outOfService } from '../measures.ts';
import { Conflict } from '../mirror/database.ts';
import type { Wish } from '../mirror/spec.ts';
import type { Traversal, Watch } from '../mirror/watch.ts';
import { announceLeftovers } from './announce.ts';
import type { SyncContext } from './context.ts';
import { decide, type Decision } from './decide.ts';
import { begin, traverse, type Traversed } from './traverse.ts';
import { transitionOf } from './trouble.ts';

/**
 * From a notification to a mirror that is up to date. Whatever this returns is to be acknowledged; what it throws
 * (Firestore or Pub/Sub failed, or other writers won too often) is to be delivered again.
 */

/** How often another writer may come first before the message is given back to Pub/Sub. */
const MOST_CONFLICTS = 20;

/** Keeps what a stray channel's notification tells, so that renew can stop it. */
async function noteChannel(
  context: SyncContext,
  notification: Notification,
  watch: Watch | undefined,
): Promise<void> {
  if (notification.reason !== 'push') return;
  const { channelId, resourceId } = notification;
  if (channelId === undefined || resourceId === undefined || channelId === watch?.channel?.id) return;
  // Ours are UUIDs; whatever else a message may say is no document of ours.
  if (!/^[\da-f-]{36}$/.test(channelId)) return;
  const nobodys = watch === undefined || watch.state === 'removed';
  await context.mirror.noteStrayChannel(channelId, resourceId, nobodys);
}

/** The traversal that a decision begins or takes up. */
function traversalFor(
  watch: Watch,
  decision: Extract<Decision, { do: 'sync' | 'purge' }>,
): Traversal | Traversal['kind'] {
  if (decision.do === 'purge') return watch.sync.traversal?.kind === 'purge' ? watch.sync.traversal : 'purge';
  return 'resume' in decision ? decision.resume : decision.start;
}

/** Ends a watch whose items stay. Its number stays too, and that it has synced before: what changes until it is wanted again is no snapshot. */
async function giveUp(
  context: SyncContext,
  { id, version, sync }: Watch,
  { collection }: Wish,
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

/** What a sync says when it ends; `startedAt` and `publishedAt` in Unix ms. */
function report(
  context: SyncContext,
  traversed: Traversed,
  startedAt: number,
  publishedAt: number,
  calls: Calls,
): void {
  const { watch, wish, notification, traversal, steps, sync } = traversed.run;
  const { resource } = wish.target;
  const now = context.now();
  const { outcome } = traversed;
  const fields = {
    watch: watch.id,
    pages: steps,
    sequence: sync.sequence,
  };
  const measure = {
    metric: 'sync',
    resource,
    kind: traversal.kind,
    outcome,
    reason: notification.reason,
    changes: sync.sequence - watch.sync.sequence,
    ms: now - startedAt,
    ...calls,
    latencyMs:
      notification.reason === 'push' && outcome === 'completed' ? Math.max(0, now - publishedAt) : undefined,
  } as const;
  if (traversed.outcome === 'failed') {
    const { problem } = traversed;
    const { kind, reason } = problem;
    context.log.warning('sync failed', { ...fields, error: reason, problem: kind }, measure);
    const state = transitionOf(watch, problem)?.state;
    if ((state === 'paused' || state === 'gone') && state !== watch.state) {
      context.log.warning(
        `watch ${state}`,
        { watch: watch.id },
        outOfService(watch.state, state, resource, reason),
      );
    }
  } else {
    context.log.info(outcome === 'completed' ? 'synced' : 'sync continues', fields, measure);
  }
}

/** Loads the watch once and acts on it. Returns whether the notification is done with. */
async function attempt(
  uncounted: SyncContext,
  notification: Notification,
  publishedAt: number,
  deadline: number,
): Promise<boolean> {
  const { calendar, take } = counted(uncounted.calendar);
  const context = { ...uncounted, calendar };
  const startedAt = context.now();
  const { watchId } = notification;
  // The watch first: what its status says to be done must not miss from an outbox that was read before it.
  const watch = await context.mirror.loadWatch(watchId);
  await announceLeftovers(context, watchId);
  await noteChannel(context, notification, watch);
  if (watch === undefined) {
    context.log.warning('notification for an unknown watch', { watch: watchId, reason: notification.reason });
    return true;
  }
  const { sync, version } = watch;
  const decision = decide(notification, publishedAt, watch, context.minIntervalMs);
  switch (decision.do) {
    case 'pause':
      if (watch.reason !== decision.reason) {
        const transition = { state: 'paused', reason: decision.reason, detail: decision.detail } as const;
        await context.mirror.commit({ watchId, version, sync, transition });
      }
      context.log.warning(
        'watch paused',
        { watch: watchId, reason: decision.reason, detail: decision.detail },
        outOfService(watch.state, 'paused', 'unknown', decision.reason),
      );
      return true;
    case 'drop':
      if (decision.proofOfLife) {
        const { unannounced: _, ...alive } = sync;
        await context.mirror.commit({ watchId, version, sync: alive });
      }
      context.log.debug('notification needless', {
        watch: watchId,
        reason: notification.reason,
        why: decision.why,
      });
      return true;
    case 'callRenew':
      await context.mirror.commit({ watchId, version, sync, dueAt: context.now() });
      return true;
    case 'claim': {
      const claimed = await context.mirror.claim(watchId, decision.wish);
      if (claimed !== 'claimed') {
        const measure = outOfService(watch.state, 'paused', decision.wish.target.resource, claimed);
        context.log.warning('watch paused', { watch: watchId, reason: claimed }, measure);
      }
      return claimed !== 'claimed';
    }
    case 'wait':
      if (context.now() + decision.ms > deadline) {
        await context.mirror.commit({ watchId, version, sync, dueAt: context.now() + decision.ms });
        return true;
      }
      await context.sleep(decision.ms);
      return false;
    case 'giveUp':
      await giveUp(context, watch, decision.wish);
      return true;
    case 'purge':
    case 'sync': {
      const what = traversalFor(watch, decision);
      const joins = 'joins' in decision && decision.joins;
      const run = await begin(context, watch, decision.wish, notification, what, joins);
      const traversed = await traverse(context, run, deadline);
      report(context, traversed, startedAt, publishedAt, take());
      return !(joins && traversed.outcome === 'completed');
    }
  }
}

/** Processes one notification; `publishedAt` (Unix ms) is when Pub/Sub took it. */
export async function handleNotification(
  context: SyncContext,
  notification: Notification,
  publishedAt: number,
): Promise<void> {
  const deadline = context.now() + context.deadlineMs;
  for (let conflicts = 0; ;) {
    try {
      if (await attempt(context, notification, publishedAt, deadline)) return;
    } catch (error) {
      if (!(error instanceof Conflict) || conflicts >= MOST_CONFLICTS) throw error;
      conflicts += 1;
      await context.sleep(20 * conflicts * context.random());
    }
  }
}
