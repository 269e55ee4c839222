import type { CalendarClient } from '../calendar/client.ts';
import type { AuthMode } from '../calendar/auth/modes.ts';
import type { Notification } from '../feed/notification.ts';
import type { Publish } from '../feed/envelope.ts';
import type { Log } from '../runtime/log.ts';
import type { Mirror } from '../mirror/index.ts';
import type { Slots } from '../runtime/slots.ts';

/** The dependencies of sync, created once per process. */
export interface SyncContext {
  readonly mirror: Mirror;
  readonly calendar: CalendarClient;
  readonly publishChange: Publish;
  readonly publishClock: Publish;
  readonly publishNotification: Publish;
  /** Of recent watches, the position up to which this process has published; see `SyncStatus.publishedTo`. */
  readonly published: {
    readonly get: (watchId: string) => string | undefined;
    readonly set: (watchId: string, position: string) => unknown;
  };
  /** Default auth mode; a watch's spec may override it. */
  readonly auth: AuthMode;
  /** Minimum time between the starts of two syncs of one watch. */
  readonly minIntervalMs: number;
  /** Time between two full syncs of a watch; Infinity for never. */
  readonly reconcileMs: number;
  /** Time after which a sync leaves the rest to a `continue` message. */
  readonly deadlineMs: number;
  /** Unix ms. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly newId: () => string;
  /** Whether the instance is shutting down, so that no further step may begin. */
  readonly isShuttingDown: () => boolean;
  /** Each page in memory has a slot, over all syncs of the process. */
  readonly pages: Slots;
  readonly log: Log;
}

/** One attempt at a notification. Times are Unix ms. */
export interface Attempt {
  readonly notification: Notification;
  /** Pub/Sub publish time, which `decide` compares with Firestore's read times. */
  readonly publishedAt: number;
  readonly startedAt: number;
  /** When to leave the rest to a `continue` message. */
  readonly deadline: number;
}
