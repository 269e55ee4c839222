import type { Problem } from '../calendar/errors.ts';
import { backoff } from '../runtime/backoff.ts';
import { reconcileMsOf, fullSyncDueAt } from '../watches/full-sync.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { FailedWatchCall, LiveChannel } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';
import { CONFIRM_MS } from './follow-plan.ts';

/** When renew checks a watch, replaces its channel, or retries a failed watch call. Pure; times are Unix ms. */

/** How often watches are polled and channels replaced. */
export interface Rules {
  /** Lifetime requested for a channel. */
  readonly ttlMs: number;
  /** A channel with less time left is replaced. */
  readonly renewBeforeMs: number;
  /** Poll interval of a watch with a channel. */
  readonly maxStalenessMs: number;
  /** Poll interval of a watch without a channel. */
  readonly pollMs: number;
  /** Time between two full syncs of a watch; Infinity for never. */
  readonly reconcileMs: number;
}

/** The variables that set the rules; see `infra/configuration.md`. */
interface RulesConfig {
  readonly CHANNEL_TTL_SECONDS: number;
  readonly RENEW_BEFORE_SECONDS: number;
  readonly MAX_STALENESS_SECONDS: number;
  readonly POLL_SECONDS: number;
  readonly RECONCILE_SECONDS: number;
}

/** Returns the rules that the configuration sets. */
export const rulesOf = (config: RulesConfig): Rules => ({
  ttlMs: config.CHANNEL_TTL_SECONDS * 1000,
  renewBeforeMs: config.RENEW_BEFORE_SECONDS * 1000,
  maxStalenessMs: config.MAX_STALENESS_SECONDS * 1000,
  pollMs: config.POLL_SECONDS * 1000,
  reconcileMs: reconcileMsOf(config.RECONCILE_SECONDS),
});

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Google's reason for collections that have no channels at all: holidays, birthdays, some rooms. */
const PUSH_NOT_SUPPORTED = 'pushNotSupportedForRequestedResource';

/** The fraction of a channel's remaining lifetime that a retry of a failed watch call may take. */
const RETRY_SHARE = 1 / 8;

/**
 * Returns when to replace a channel: `RENEW_BEFORE_SECONDS` before it expires, but not in the first half of its
 * lifetime. With short lifetimes, configured or granted by Google, every run would otherwise replace it.
 */
export function renewAt(
  { expiresAt, lifetimeMs = Number.POSITIVE_INFINITY }: LiveChannel,
  rules: Rules,
): number {
  return expiresAt - Math.min(rules.renewBeforeMs, lifetimeMs / 2);
}

/**
 * Returns when to retry a failed watch call. While the usable `channel` that it would replace lives, no wait takes more
 * than an eighth of its remaining lifetime, so that many tries fit in.
 */
export function retryAt(
  { failedAt, failures, reason, passing = false }: FailedWatchCall,
  channel: LiveChannel | undefined,
  random: number,
): number {
  const kind = passing ? 'temporary' : reason === PUSH_NOT_SUPPORTED ? 'unpushable' : 'watchCall';
  const wait = backoff(kind, failures, random);
  if (channel === undefined) return failedAt + wait;
  const share = Math.max(1, Math.floor((channel.expiresAt - failedAt) * RETRY_SHARE));
  return failedAt + Math.min(Math.max(wait, MINUTE), share);
}

/**
 * Returns the record of a failed watch call. It counts failures of one kind: the first rejection after a long outage is
 * retried soon.
 */
export function recordFailedCall(
  before: FailedWatchCall | undefined,
  { kind, reason }: Problem,
  now: number,
): FailedWatchCall {
  const passing = kind === 'temporary';
  const failures = before !== undefined && (before.passing ?? false) === passing ? before.failures + 1 : 1;
  return { failures, failedAt: now, reason, passing };
}

/** Returns the watch's channel if it is expected to deliver notifications for this spec. */
export function usableChannel(watch: Watch, watchSpec: WatchSpec, now: number): LiveChannel | undefined {
  const { channel, sync } = watch;
  const isUsable =
    channel !== undefined &&
    channel.expiresAt > now &&
    channel.parametersKey === watchSpec.parametersKey &&
    channel.id !== sync.suspectChannelId;
  return isUsable ? channel : undefined;
}

interface CheckOptions {
  /** The watch's usable channel. */
  readonly channel: LiveChannel | undefined;
  readonly failedCall: FailedWatchCall | undefined;
  readonly now: number;
  readonly rules: Rules;
  /** In [0, 1). */
  readonly random: number;
}

/**
 * Returns when to poll a watch next, rounded down to a sixtieth of the interval (six minutes by default): the syncs of watches that are
 * polled together share the time of an instance, which is what a poll costs most.
 */
function together(now: number, jitter: number, intervalMs: number): number {
  const at = now + jitter * intervalMs;
  return at - (at % (intervalMs / 60));
}

/** Returns when to check a watch again that has just been polled. Jitter spreads watches that were created together. */
export function nextCheckAt(watch: Watch, options: CheckOptions): number {
  const { channel, failedCall, now, rules, random } = options;
  const { sync } = watch;
  const jitter = 0.9 + random / 10;
  const checks = [
    channel === undefined ? now + jitter * rules.pollMs : together(now, jitter, rules.maxStalenessMs),
  ];
  if (channel) {
    const renewal = renewAt(channel, rules);
    // If the renewal is overdue because its watch call fails, the retry below decides.
    if (failedCall === undefined || renewal > now) checks.push(renewal);
  }
  if (sync.failures > 0) checks.push(now + backoff('temporary', sync.failures + 1, random));
  // A follow-up set while this check was overdue is still to come: the poll just published is too early for it.
  if (sync.followUpAt !== undefined && sync.followUpAt > now) checks.push(sync.followUpAt);
  // The instance that receives the poll may crash before it completes a sync.
  if (sync.completedAt === undefined || sync.traversal !== undefined)
    checks.push(now + jitter * rules.pollMs);
  const { emptySince } = watch.follow ?? {};
  if (emptySince !== undefined) {
    const confirmAt = emptySince + CONFIRM_MS;
    checks.push(confirmAt > now ? confirmAt : now + jitter * rules.pollMs);
  }
  if (sync.fullStartedAt !== undefined) {
    // If a full sync is due, the poll just published starts it; the next check makes sure.
    checks.push(Math.max(fullSyncDueAt(watch, rules.reconcileMs), now + rules.pollMs));
  }
  const checkAt = Math.max(Math.min(...checks), now + SECOND);
  const retry = failedCall && retryAt(failedCall, channel, random);
  return retry !== undefined && retry > now ? Math.min(checkAt, retry) : checkAt;
}
