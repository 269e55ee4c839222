import type { Notification } from '../feed/notification.ts';
import { backoff } from '../runtime/backoff.ts';
import { isReasonGone } from '../watches/claims.ts';
import { clockDueAt } from '../watches/clock-due.ts';
import type { Clock } from '../watches/clock.ts';
import { fullSyncDueAt } from '../watches/full-sync.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { SyncStatus, Traversal } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';
import type { SyncContext } from './context.ts';

/** Decides what to do about a notification, given the watch as it is now. Pure; times are Unix ms. */

export type Decision =
  /** The spec is invalid. */
  | { readonly do: 'pause'; readonly reason: 'invalidSpec'; readonly detail: string }
  /** Nothing to do; `why` goes to the log. */
  | { readonly do: 'drop'; readonly why: string; readonly confirmsChannelAlive: boolean }
  /** Renew must act first. */
  | { readonly do: 'requestReconcile' }
  | { readonly do: 'claim'; readonly watchSpec: WatchSpec }
  /** Remove the watch and keep its items. */
  | { readonly do: 'release'; readonly watchSpec: WatchSpec }
  /** Remove the watch; delete its items and announce that. */
  | { readonly do: 'purge'; readonly watchSpec: WatchSpec }
  /** Publish the moments of events that are due. */
  | { readonly do: 'clock'; readonly watchSpec: WatchSpec; readonly clock: Clock }
  /** The latest sync of the watch started less than the minimum interval ago. */
  | { readonly do: 'wait'; readonly ms: number }
  | SyncDecision;

type SyncDecision = {
  readonly do: 'sync';
  readonly watchSpec: WatchSpec;
  /** Whether the notification is covered. Changes found now are announced, if at all, by those behind it in the queue. */
  readonly queued?: boolean;
  /** Whether this full sync, right after an incremental one, looks for changes that incremental lists have missed. */
  readonly reconciles?: boolean;
} & (
  | { readonly start: 'full' | 'incremental' }
  /** `isFollower`: the traversal began without this notification, which needs a sync of its own afterwards. */
  | { readonly resume: Traversal; readonly isFollower: boolean }
);

/** Publish times and read times come from different Google services; one second allows for their clocks to differ. */
const CLOCK_MARGIN_MS = 1000;
/** Age of the latest sync at which a covered notification syncs all the same. */
const QUEUE_CHECK_MS = 2000;
/** While syncs find nothing, they pause for this fraction of the queue's age, so that a long queue costs few list calls. */
const IDLE_SHARE = 0.4;
/** While a watch keeps failing, retry on push at most once per 30 s; the poll at `nextDueAt` comes in any case. */
const MAX_PUSH_PAUSE_MS = 30_000;

/** Returns whether a sync that started at `startedAt` covers what was announced at `publishedAt`. */
const covers = (startedAt: number | undefined, publishedAt: number): boolean =>
  startedAt !== undefined && publishedAt <= startedAt - CLOCK_MARGIN_MS;

/** Returns when the latest sync started, whether completed, failed or under way. */
const lastStart = ({ startedAt, traversal, failedAt }: SyncStatus): number =>
  Math.max(startedAt ?? 0, traversal?.startedAt ?? 0, failedAt ?? 0);

/**
 * Returns whether a covered notification syncs all the same. Each skipped message costs its turn, so an edit whose
 * notification waits behind many others would otherwise be mirrored late. The interval is two seconds while syncs find
 * changes or the queue is young, and grows with the queue's age otherwise.
 */
function isQueueCheckDue(publishedAt: number, { sync, readTime }: Watch, minIntervalMs: number): boolean {
  const queueAge = readTime - publishedAt;
  const isIdle = sync.changedAt === undefined || sync.changedAt !== sync.startedAt;
  const pause = isIdle ? IDLE_SHARE * queueAge : 0;
  return readTime - lastStart(sync) >= Math.max(QUEUE_CHECK_MS, pause, minIntervalMs);
}

/**
 * Returns whether a push should not retry a failing watch yet. Polls retry at growing intervals (`nextDueAt`). The
 * first two failures do not hold up a push; after that, pushes must not add to the load.
 */
function isBackingOff({ sync, readTime }: Watch): boolean {
  const laterFailures = sync.failures - 2;
  const pause = Math.min(MAX_PUSH_PAUSE_MS, backoff('temporary', laterFailures, 0));
  return laterFailures > 0 && readTime < (sync.failedAt ?? 0) + pause;
}

/** Returns whether a push came on the channel that was suspected dead. */
const confirmsChannelAlive = (notification: Notification, watch: Watch): boolean =>
  notification.reason === 'push' &&
  watch.sync.suspectChannelId !== undefined &&
  notification.channelId === watch.sync.suspectChannelId;

/** Returns whether a person has requested a full sync. */
const requestsFullSync = (notification: Notification): boolean =>
  notification.reason === 'manual' && notification.full;

/**
 * Returns whether a full sync follows a poll, to find changes that incremental lists have missed. It follows an
 * incremental sync, so that its changes do not count against the channel. Only polls start it: pushes are not delayed,
 * and polls come even if pushes never cease.
 */
export function wantsReconciliation(notification: Notification, watch: Watch, reconcileMs: number): boolean {
  const { token, traversal, failures } = watch.sync;
  const isSettled = token !== undefined && traversal === undefined && failures === 0;
  return notification.reason === 'poll' && isSettled && watch.readTime >= fullSyncDueAt(watch, reconcileMs);
}

/** Returns the traversal under way, if it has the watch's current parameters. */
function currentTraversal({ sync: { traversal } }: Watch, watchSpec: WatchSpec): Traversal | undefined {
  const isCurrent = traversal?.kind !== 'purge' && traversal?.parametersKey === watchSpec.parametersKey;
  return isCurrent ? traversal : undefined;
}

function startKind(notification: Notification, watch: Watch, watchSpec: WatchSpec, reconcileMs: number) {
  const { token, parametersKey, traversal } = watch.sync;
  if (requestsFullSync(notification)) return 'full';
  if (token === undefined || parametersKey !== watchSpec.parametersKey) return 'full';
  // An abandoned traversal leaves the mirror half-updated, a state no sync token describes: resync in full.
  if (traversal !== undefined) return 'full';
  // Incremental lists lack changes of read-only fields:
  // https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list#syncToken
  const isCalendarList = watchSpec.target.resource === 'calendarList';
  return isCalendarList && watch.readTime >= fullSyncDueAt(watch, reconcileMs) ? 'full' : 'incremental';
}

/** Decides about a watch whose removal is requested. */
function decideRemoval(watch: Watch, watchSpec: WatchSpec): Decision | undefined {
  if (watch.state === 'removed') return undefined;
  if (watch.state !== 'removing') return { do: 'requestReconcile' };
  // A watch may remove only items of the collection that it has claimed.
  if (watch.collection !== watchSpec.collection) return { do: 'claim', watchSpec };
  return { do: watchSpec.removed === 'keep' ? 'release' : 'purge', watchSpec };
}

/**
 * Decides what to do about a notification. `publishedAt` is its Pub/Sub publish time; it is compared with Firestore's
 * read times only, never with an instance's clock.
 */
export function decide(
  notification: Notification,
  publishedAt: number,
  watch: Watch,
  { minIntervalMs, reconcileMs }: Pick<SyncContext, 'minIntervalMs' | 'reconcileMs'>,
): Decision {
  const drop = (why: string): Decision => ({
    do: 'drop',
    why,
    confirmsChannelAlive: confirmsChannelAlive(notification, watch),
  });
  if (!watch.spec.ok) {
    return watch.state === 'removed'
      ? drop('removed')
      : { do: 'pause', reason: 'invalidSpec', detail: watch.spec.problem };
  }
  const { value: watchSpec } = watch.spec;
  const { sync } = watch;
  if (watchSpec.removed !== undefined) return decideRemoval(watch, watchSpec) ?? drop('removed');
  if (watch.collection !== watchSpec.collection || isReasonGone(watch.state, watch.reason))
    return { do: 'claim', watchSpec };

  if (notification.reason === 'clock') {
    const { clock } = watchSpec;
    const dueAt = clockDueAt(watch);
    if (clock === undefined || dueAt === Infinity) return drop('noClock');
    // A message that is delivered again, or came behind another that did the same.
    return dueAt > watch.readTime ? drop('clockNotDue') : { do: 'clock', watchSpec, clock };
  }

  // The first message on a channel carries no change, and renew publishes a poll for each channel that it opens:
  // https://developers.google.com/workspace/calendar/api/guides/push
  if (notification.reason === 'push' && notification.resourceState === 'sync') return drop('channelOpened');

  const traversal = currentTraversal(watch, watchSpec);
  if (notification.reason === 'continue') {
    const isPassed =
      traversal?.id !== notification.traversal || traversal.stepsCommitted > notification.position;
    return isPassed ? drop('passed') : { do: 'sync', watchSpec, resume: traversal, isFollower: false };
  }
  const isFollower = !covers(traversal?.startedAt, publishedAt);
  const serves = !requestsFullSync(notification) || (traversal?.kind === 'full' && !isFollower);
  const decision: SyncDecision =
    traversal !== undefined && serves
      ? {
          do: 'sync',
          watchSpec,
          isFollower,
          resume: isFollower ? { ...traversal, coalesced: true } : traversal,
        }
      : { do: 'sync', watchSpec, start: startKind(notification, watch, watchSpec, reconcileMs) };
  const isAbandoned = sync.traversal !== undefined && traversal === undefined;
  const isComparable = sync.parametersKey === watchSpec.parametersKey && !isAbandoned;
  const latest = requestsFullSync(notification) ? sync.fullStartedAt : sync.startedAt;
  if (isComparable && covers(latest, publishedAt)) {
    if (wantsReconciliation(notification, watch, reconcileMs)) {
      return { do: 'sync', watchSpec, start: 'full', reconciles: true };
    }
    if (requestsFullSync(notification) || !isQueueCheckDue(publishedAt, watch, minIntervalMs))
      return drop('covered');
    return isBackingOff(watch) ? drop('backingOff') : { ...decision, queued: true };
  }
  if (notification.reason === 'push' && isBackingOff(watch)) return drop('backingOff');
  const waitMs = 'resume' in decision ? 0 : lastStart(sync) + minIntervalMs - watch.readTime;
  return waitMs > 0 ? { do: 'wait', ms: waitMs } : decision;
}
