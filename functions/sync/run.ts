import type { Page } from '../calendar/client.ts';
import type { Answer } from '../calendar/errors.ts';
import type { Notification } from '../feed/notification.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { SyncStatus, Traversal } from '../watches/status.ts';
import type { Version, Watch } from '../watches/watch.ts';

/** A traversal in this process: the watch as loaded, and how far the steps have come since. */
export interface Run {
  /** As loaded before the first step. */
  readonly watch: Watch;
  readonly watchSpec: WatchSpec;
  readonly notification: Notification;
  /** Whether the traversal began without this notification, which needs a sync of its own once that is complete. */
  readonly isFollower: boolean;
  /** Whether the notification was covered, and syncs only for those that may wait behind it in the queue. */
  readonly queued: boolean;
  /** The watch's version after the latest commit; the next commit requires it. */
  version: Version;
  /** The sync status after the latest commit. */
  sync: SyncStatus;
  traversal: Traversal;
  /** The calendar's time zone on the latest page. */
  timeZone?: string | undefined;
  /** Recurring events known to exist: listed during this run, or found when asked for. */
  readonly knownSeries: Set<string>;
  /** Steps taken by this process. */
  steps: number;
  /** The in-flight outbox publish; overlaps the next step and must be awaited before the run ends. */
  publishing: Promise<void>;
  /** The next page, requested while the current one is committed. */
  prefetched?: { readonly pageToken: string; readonly answer: Promise<Answer<Page>> };
}
