import type { Notification } from '../feed/notification.ts';
import { fullSyncDueAt } from '../watches/full-sync.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { Traversal } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';
import { covers } from './pace.ts';

/** Which sync a notification starts or resumes. Pure. */

export type SyncDecision = {
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

/** Returns whether a person has requested a full sync. */
export const requestsFullSync = (notification: Notification): boolean =>
  notification.reason === 'manual' && notification.full;

function startKind(
  notification: Notification,
  watch: Watch,
  watchSpec: WatchSpec,
  reconcileMs: number,
): 'full' | 'incremental' {
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

/**
 * Returns whether a full sync follows a poll, to find changes that incremental lists have missed. It follows an
 * incremental sync, so that its changes do not count against the channel. Only polls start it: pushes are not delayed,
 * and polls come even if pushes never cease.
 */
export const wantsReconciliation = (
  notification: Notification,
  watch: Pick<Watch, 'id' | 'spec' | 'sync' | 'readTime'>,
  reconcileMs: number,
): boolean => {
  const { token, traversal, failures } = watch.sync;
  const isSettled = token !== undefined && traversal === undefined && failures === 0;
  return notification.reason === 'poll' && isSettled && watch.readTime >= fullSyncDueAt(watch, reconcileMs);
};

interface SyncRequest {
  readonly notification: Notification;
  readonly publishedAt: number;
  readonly watch: Watch;
  readonly watchSpec: WatchSpec;
  /** The traversal under way, if it has the watch's current parameters. */
  readonly traversal: Traversal | undefined;
  readonly reconcileMs: number;
}

/** Returns the sync that a notification starts, or the one under way that it resumes. */
export function syncFor(request: SyncRequest): SyncDecision {
  const { notification, publishedAt, watch, watchSpec, traversal, reconcileMs } = request;
  const covered = covers(traversal?.startedAt, publishedAt);
  const serves = !requestsFullSync(notification) || (covered && traversal?.kind === 'full');
  if (traversal === undefined || !serves)
    return { do: 'sync', watchSpec, start: startKind(notification, watch, watchSpec, reconcileMs) };
  return {
    do: 'sync',
    watchSpec,
    resume: covered ? traversal : { ...traversal, coalesced: true },
    isFollower: !covered,
  };
}
