import { backoff } from '../runtime/backoff.ts';
import type { SyncStatus } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';

/** When a notification is worth a sync. Pure; times are Unix ms. */

/** Publish times and read times come from different Google services; one second allows for their clocks to differ. */
const CLOCK_MARGIN_MS = 1000;
/** Age of the latest sync at which a covered notification syncs all the same. */
const QUEUE_CHECK_MS = 2000;
/** While syncs find nothing, they pause for this fraction of the queue's age, so that a long queue costs few list calls. */
const IDLE_SHARE = 0.4;
/** While a watch keeps failing, retry on push at most once per 30 s; the poll at `nextDueAt` comes in any case. */
const MAX_PUSH_PAUSE_MS = 30_000;

/** Returns whether a sync that started at `startedAt` covers what was announced at `publishedAt`. */
export const covers = (startedAt: number | undefined, publishedAt: number): boolean =>
  startedAt !== undefined && publishedAt <= startedAt - CLOCK_MARGIN_MS;

/** Returns when the latest sync started, whether completed, failed or under way. */
export function lastStart({ startedAt, traversal, failedAt }: SyncStatus): number {
  return Math.max(startedAt ?? 0, traversal?.startedAt ?? 0, failedAt ?? 0);
}

/**
 * Returns whether a covered notification syncs all the same. Each skipped message costs its turn, so an edit whose
 * notification waits behind many others would otherwise be mirrored late. The interval is two seconds while syncs find
 * changes or the queue is young, and grows with the queue's age otherwise.
 */
export function isQueueCheckDue(
  publishedAt: number,
  { sync, readTime }: Watch,
  minIntervalMs: number,
): boolean {
  const queueAge = readTime - publishedAt;
  const isIdle = sync.changedAt === undefined || sync.changedAt !== sync.startedAt;
  const pause = isIdle ? IDLE_SHARE * queueAge : 0;
  return readTime - lastStart(sync) >= Math.max(QUEUE_CHECK_MS, pause, minIntervalMs);
}

/**
 * Returns whether a push should not retry a failing watch yet. Polls retry at growing intervals (`nextDueAt`). The
 * first two failures do not hold up a push; after that, pushes must not add to the load.
 */
export function isBackingOff({ sync, readTime }: Watch): boolean {
  const laterFailures = sync.failures - 2;
  const pause = Math.min(MAX_PUSH_PAUSE_MS, backoff('temporary', laterFailures, 0));
  return laterFailures > 0 && readTime < (sync.failedAt ?? 0) + pause;
}
