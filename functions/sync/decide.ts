import type { Notification } from '../feed/notification.ts';
import { backoff } from '../backoff.ts';
import { isOver } from '../mirror/claims.ts';
import type { Wish } from '../mirror/spec.ts';
import type { SyncStatus, Traversal, Watch } from '../mirror/watch.ts';

/** What to do about a notification, given the watch as it is now. Pure. */

export type Decision =
  /** The spec cannot be fulfilled as it stands. */
  | { readonly do: 'pause'; readonly reason: 'invalidSpec'; readonly detail: string }
  /** Nothing to do, now or here; `why` goes to the log. */
  | { readonly do: 'drop'; readonly why: string; readonly proofOfLife: boolean }
  /** Renew has to act first. */
  | { readonly do: 'callRenew' }
  | { readonly do: 'claim'; readonly wish: Wish }
  /** The watch is removed and its items stay. */
  | { readonly do: 'giveUp'; readonly wish: Wish }
  /** The watch is removed and its items are deleted and announced. */
  | { readonly do: 'purge'; readonly wish: Wish }
  /** Another sync of the watch started less than the least interval ago. */
  | { readonly do: 'wait'; readonly ms: number }
  /** Take a traversal up. `joins`: it began without this notification, which wants another look once it is complete. */
  | { readonly do: 'sync'; readonly wish: Wish; readonly resume: Traversal; readonly joins: boolean }
  | { readonly do: 'sync'; readonly wish: Wish; readonly start: 'full' | 'incremental' };

const DAY_MS = 86_400_000;
/** Publish times and read times come from different services of Google's; a second allows for their difference. */
const MARGIN_MS = 1000;
/** In lasting trouble a push is tried this often at most; the poll at `nextDueAt` finds what it announced in any case. */
const MOST_PAUSE_MS = 30_000;

const wantsFull = (notification: Notification): boolean =>
  notification.reason === 'manual' && notification.full;

/** Whether a sync that started at that time has everything that was announced when this was published (both Unix ms). */
const covers = (startedAt: number | undefined, publishedAt: number): boolean =>
  startedAt !== undefined && publishedAt <= startedAt - MARGIN_MS;

/** When the latest sync started, completed or not; Unix ms. */
function lastStart({ startedAt, traversal, failedAt }: SyncStatus): number {
  return Math.max(startedAt ?? 0, traversal?.startedAt ?? 0, failedAt ?? 0);
}

function startKind(notification: Notification, watch: Watch, wish: Wish): 'full' | 'incremental' {
  const { token, parametersKey, fullStartedAt, traversal } = watch.sync;
  if (wantsFull(notification)) return 'full';
  if (token === undefined || parametersKey !== wish.parametersKey) return 'full';
  // One that is not taken up has left the mirror half-way to something else: no token speaks of that.
  if (traversal !== undefined) return 'full';
  // Changes of a calendar-list entry's read-only fields are not in incremental lists (CalendarList: list, `syncToken`).
  const daily = wish.target.resource === 'calendarList';
  return daily && watch.readTime - (fullStartedAt ?? 0) >= DAY_MS ? 'full' : 'incremental';
}

/** The sync that a notification begins, or the one under way that it takes up. */
function syncFor(
  notification: Notification,
  publishedAt: number,
  watch: Watch,
  wish: Wish,
  resume: Traversal | undefined,
): Extract<Decision, { do: 'sync' }> {
  const covered = covers(resume?.startedAt, publishedAt);
  const serves = !wantsFull(notification) || (covered && resume?.kind === 'full');
  if (resume === undefined || !serves)
    return { do: 'sync', wish, start: startKind(notification, watch, wish) };
  return { do: 'sync', wish, resume: covered ? resume : { ...resume, joined: true }, joins: !covered };
}

/**
 * Polls try again at growing intervals (see `nextDueAt`). A push is a good moment to try as well, but once trouble has
 * lasted, pushes must not make it worse.
 */
function isInTrouble({ sync, readTime }: Watch): boolean {
  const patience = sync.failures - 2;
  const pause = Math.min(MOST_PAUSE_MS, backoff('temporary', patience, 0));
  return patience > 0 && readTime < (sync.failedAt ?? 0) + pause;
}

/** Whether a push came on the channel that was suspected of having died. */
const provesLife = (notification: Notification, watch: Watch): boolean =>
  notification.reason === 'push' &&
  watch.sync.unannounced !== undefined &&
  notification.channelId === watch.sync.unannounced;

/**
 * Decides. `publishedAt` (Unix ms) is Pub/Sub's publish time of the notification; it is compared with Firestore's read
 * times only, never with an instance's clock.
 */
export function decide(
  notification: Notification,
  publishedAt: number,
  watch: Watch,
  minIntervalMs: number,
): Decision {
  const drop = (why: string): Decision => ({ do: 'drop', why, proofOfLife: provesLife(notification, watch) });
  if (!watch.spec.ok) {
    return watch.state === 'removed'
      ? drop('removed')
      : { do: 'pause', reason: 'invalidSpec', detail: watch.spec.problem };
  }
  const { wish } = watch.spec;
  const { sync } = watch;
  if (wish.removed !== undefined) {
    if (watch.state === 'removed') return drop('removed');
    if (watch.state !== 'removing') return { do: 'callRenew' };
    // Only what this watch itself has mirrored is its to remove.
    if (watch.collection !== wish.collection) return { do: 'claim', wish };
    return { do: wish.removed === 'keep' ? 'giveUp' : 'purge', wish };
  }
  if (watch.collection !== wish.collection || isOver(watch.state, watch.reason)) return { do: 'claim', wish };

  // Says only that a channel is open; renew publishes a poll for each that it opens.
  if (notification.reason === 'push' && notification.resourceState === 'sync') return drop('channelOpened');

  const { traversal } = sync;
  const same = traversal?.kind !== 'purge' && traversal?.parametersKey === wish.parametersKey;
  const resume = traversal !== undefined && same ? traversal : undefined;
  if (notification.reason === 'continue') {
    const passed = resume?.id !== notification.traversal || resume.position > notification.position;
    return passed ? drop('passed') : { do: 'sync', wish, resume, joins: false };
  }
  const abandoned = traversal !== undefined && resume === undefined;
  const fresh = sync.parametersKey === wish.parametersKey && !abandoned;
  const latest = wantsFull(notification) ? sync.fullStartedAt : sync.startedAt;
  if (fresh && covers(latest, publishedAt)) return drop('needless');
  if (notification.reason === 'push' && isInTrouble(watch)) return drop('inTrouble');
  const decision = syncFor(notification, publishedAt, watch, wish, resume);
  const wait = 'resume' in decision ? 0 : lastStart(sync) + minIntervalMs - watch.readTime;
  return wait > 0 ? { do: 'wait', ms: wait } : decision;
}
