import type { CalendarClient } from '../calendar/client.ts';
import type { AuthMode } from '../calendar/auth/modes.ts';
import type { TokenKey } from '../watches/channel-token.ts';
import type { Publish } from '../feed/envelope.ts';
import type { Log } from '../runtime/log.ts';
import type { Mirror } from '../mirror/index.ts';
import type { Rules } from './schedule.ts';

/** The dependencies of renew, created once per process. */
export interface RenewContext {
  readonly mirror: Mirror;
  readonly calendar: CalendarClient;
  readonly publishNotification: Publish;
  /** Default auth mode; a watch's spec may override it. */
  readonly auth: AuthMode;
  /** Public URL of `receive`. */
  readonly address: string;
  /** Signs the tokens of new channels. */
  readonly key: TokenKey;
  readonly rules: Rules;
  /** Watches and channels processed at once. */
  readonly concurrency: number;
  /** Time after which a run starts nothing more and leaves the rest to the next run, in ms. */
  readonly budgetMs: number;
  /** Unix ms. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly newId: () => string;
  /** Whether the instance is shutting down, so that no further work may begin. */
  readonly isShuttingDown: () => boolean;
  readonly log: Log;
}

/** A run of renew under way. */
export interface RenewRun extends RenewContext {
  /** Counts what the run does. */
  readonly summary: Summary;
  /** Whether nothing more may be started: no time is left, or no quota. */
  readonly isTimeUp: () => boolean;
  /** Charges a call to a user's share of the quota. Returns whether it had room. */
  readonly takeCall: (user: string) => boolean;
}

/** Numbers of channels and watches that a run has processed. */
export type Summary = Record<Counted, number>;

/** `remaining`: due, and left to the next run. */
type Counted = 'created' | 'renewed' | 'stopped' | 'polled' | 'failed' | 'remaining';
