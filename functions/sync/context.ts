import type { CalendarClient } from '../calendar/client.ts';
import type { AuthMode } from '../config.ts';
import type { Publish } from '../feed/publisher.ts';
import type { Log } from '../log.ts';
import type { Mirror } from '../mirror/index.ts';

/** What a sync works with, made once per process. */
export interface SyncContext {
  readonly mirror: Mirror;
  readonly calendar: CalendarClient;
  readonly publishChange: Publish;
  readonly publishNotification: Publish;
  /** How calls are authorised where a watch's spec does not say. */
  readonly auth: AuthMode;
  readonly minIntervalMs: number;
  /** After this long a sync hands the rest to a `continue` message. */
  readonly deadlineMs: number;
  /** Unix ms. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly newId: () => string;
  /** Whether this process is about to end: hand on what can be handed on. */
  readonly ending: () => boolean;
  readonly log: Log;
}
