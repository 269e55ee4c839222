import type { Notification } from '../feed/notification.ts';
import { isReasonGone } from '../watches/claims.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { Watch } from '../watches/watch.ts';
import type { SyncContext } from './context.ts';
import { covers, isBackingOff, isQueueCheckDue, lastStart } from './pace.ts';
import { requestsFullSync, syncFor, wantsReconciliation, type SyncDecision } from './start.ts';

/** Decides what to do about a notification, given the watch as it is now. Pure. */

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
  /** The latest sync of the watch started less than the minimum interval ago. */
  | { readonly do: 'wait'; readonly ms: number }
  | SyncDecision;

type Intervals = Pick<SyncContext, 'minIntervalMs' | 'reconcileMs'>;

/** Returns whether a push came on the channel that was suspected dead. */
const confirmsChannelAlive = (notification: Notification, watch: Watch): boolean =>
  notification.reason === 'push' &&
  watch.sync.suspectChannelId !== undefined &&
  notification.channelId === watch.sync.suspectChannelId;

/** Decides about a watch whose removal is requested. */
function decideRemoval(watch: Watch, watchSpec: WatchSpec): Decision | undefined {
  if (watch.state === 'removed') return undefined;
  if (watch.state !== 'removing') return { do: 'requestReconcile' };
  // A watch may remove only items of the collection that it has claimed.
  if (watch.collection !== watchSpec.collection) return { do: 'claim', watchSpec };
  return { do: watchSpec.removed === 'keep' ? 'release' : 'purge', watchSpec };
}

/**
 * Decides what to do about a notification. `publishedAt` (Unix ms) is its Pub/Sub publish time; it is compared with
 * Firestore's read times only, never with an instance's clock.
 */
export function decide(
  notification: Notification,
  publishedAt: number,
  watch: Watch,
  { minIntervalMs, reconcileMs }: Intervals,
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

  // The first message on a channel carries no change, and renew publishes a poll for each channel that it opens:
  // https://developers.google.com/workspace/calendar/api/guides/push
  if (notification.reason === 'push' && notification.resourceState === 'sync') return drop('channelOpened');

  const isCurrent =
    sync.traversal?.kind !== 'purge' && sync.traversal?.parametersKey === watchSpec.parametersKey;
  const traversal = isCurrent ? sync.traversal : undefined;
  if (notification.reason === 'continue') {
    const isPassed =
      traversal?.id !== notification.traversal || traversal.stepsCommitted > notification.position;
    return isPassed ? drop('passed') : { do: 'sync', watchSpec, resume: traversal, isFollower: false };
  }
  const request = { notification, publishedAt, watch, watchSpec, traversal, reconcileMs };
  const isAbandoned = sync.traversal !== undefined && traversal === undefined;
  const isComparable = sync.parametersKey === watchSpec.parametersKey && !isAbandoned;
  const latest = requestsFullSync(notification) ? sync.fullStartedAt : sync.startedAt;
  if (isComparable && covers(latest, publishedAt)) {
    if (wantsReconciliation(notification, watch, reconcileMs)) {
      return { do: 'sync', watchSpec, start: 'full', reconciles: true };
    }
    if (requestsFullSync(notification) || !isQueueCheckDue(publishedAt, watch, minIntervalMs))
      return drop('covered');
    if (isBackingOff(watch)) return drop('backingOff');
    return { ...syncFor(request), queued: true };
  }
  if (notification.reason === 'push' && isBackingOff(watch)) return drop('backingOff');
  const decision = syncFor(request);
  const waitMs = 'resume' in decision ? 0 : lastStart(sync) + minIntervalMs - watch.readTime;
  return waitMs > 0 ? { do: 'wait', ms: waitMs } : decision;
}
