import type { CalendarClient } from '../calendar/client.ts';
import type { AuthMode, TokenKey } from '../config.ts';
import type { Publish } from '../feed/publisher.ts';
import type { Log } from '../log.ts';
import type { Mirror } from '../mirror/index.ts';
import type { Rules } from './plan.ts';

/** What a run of renew works with, made once per process. */
export interface RenewContext {
  readonly mirror: Mirror;
  readonly calendar: CalendarClient;
  readonly publishNotification: Publish;
  readonly auth: AuthMode;
  /** Public URL of `receive`. */
  readonly address: string;
  /** Signs the tokens of new channels. */
  readonly key: TokenKey;
  readonly rules: Rules;
  /** How many watches are worked on at once. */
  readonly concurrency: number;
  /** After this long a run begins nothing more and leaves the rest to the next, in ms. */
  readonly budgetMs: number;
  /** Unix ms. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly newId: () => string;
  /** Whether this process is about to end: begin nothing more. */
  readonly ending: () => boolean;
  readonly log: Log;
}

/** What a run did, in channels and watches. */
export interface Summary {
  created: number;
  renewed: number;
  stopped: number;
  polled: number;
  failed: number;
  /** Due, and left to the next run. */
  remaining: number;
}
