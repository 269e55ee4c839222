import { backoff } from '../backoff.ts';
import { isWatchId } from '../channel/token.ts';
import type { RenewConfig } from '../config.ts';
import type { Channel } from '../mirror/channels.ts';
import { isOver } from '../mirror/claims.ts';
import type { Wish } from '../mirror/spec.ts';
import type { FailedWatchCall, LiveChannel, State, Watch } from '../mirror/watch.ts';
import { CONFIRM_MS } from './follow-plan.ts';

/** What a watch that is due needs. Pure: the watch and the time in, what to do out. All times are Unix ms. */

export interface Rules {
  readonly ttlMs: number;
  readonly renewBeforeMs: number;
  readonly maxStalenessMs: number;
  readonly pollMs: number;
}

/** The rules as the environment gives them. */
export const rulesOf = (
  config: Pick<
    RenewConfig,
    'CHANNEL_TTL_SECONDS' | 'RENEW_BEFORE_SECONDS' | 'MAX_STALENESS_SECONDS' | 'POLL_SECONDS'
  >,
): Rules => ({
  ttlMs: config.CHANNEL_TTL_SECONDS * 1000,
  renewBeforeMs: config.RENEW_BEFORE_SECONDS * 1000,
  maxStalenessMs: config.MAX_STALENESS_SECONDS * 1000,
  pollMs: config.POLL_SECONDS * 1000,
});

export type Plan =
  /** Nothing that this program can do: a person has to. */
  | { readonly do: 'rest'; readonly to?: Change; readonly nextDueAt: number }
  | { readonly do: 'claim'; readonly wish: Wish; readonly nextDueAt: number }
  /** Stop the channel and let sync remove the rest. */
  | { readonly do: 'remove'; readonly nextDueAt: number }
  /** Open a channel, in place of the one there is, if there is one. */
  | { readonly do: 'open'; readonly wish: Wish; readonly replaces: LiveChannel | undefined }
  | { readonly do: 'poll'; readonly to?: Change; readonly dropChannel?: string; readonly nextDueAt: number };

interface Change {
  readonly state: State;
  readonly reason?: string;
  readonly detail?: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Google's word for collections that have no channels at all (holidays, birthdays, some rooms). */
const UNPUSHABLE = 'pushNotSupportedForRequestedResource';

/**
 * When a channel is to be replaced. Where Google granted so little that it would be due at once, half its life is used: replacing
 * it at every run would only make noise.
 */
export function renewAt(channel: LiveChannel, rules: Rules): number {
  const life = channel.lifetimeMs ?? Number.POSITIVE_INFINITY;
  const cutShort = rules.ttlMs > rules.renewBeforeMs && life <= rules.renewBeforeMs;
  return channel.expiresAt - (cutShort ? life / 2 : rules.renewBeforeMs);
}

/** When a failed watch call may be tried again. */
function retryAt(call: FailedWatchCall, random: number): number {
  return (
    call.failedAt + backoff(call.reason === UNPUSHABLE ? 'unpushable' : 'watchCall', call.failures, random)
  );
}

/** The channel, if notifications can still be expected of it for this wish. */
export function usable(watch: Watch, wish: Wish, now: number): LiveChannel | undefined {
  const { channel, sync } = watch;
  const good =
    channel !== undefined &&
    channel.expiresAt > now &&
    channel.parametersKey === wish.parametersKey &&
    channel.id !== sync.unannounced;
  return good ? channel : undefined;
}

/** When to look again at a watch that has just been polled. Spread, so that watches made together drift apart. */
export function nextLook(
  watch: Watch,
  channel: LiveChannel | undefined,
  call: FailedWatchCall | undefined,
  now: number,
  rules: Rules,
  random: number,
): number {
  const { sync, spec } = watch;
  const spread = 0.9 + random / 10;
  const looks = [now + spread * (channel === undefined ? rules.pollMs : rules.maxStalenessMs)];
  // While its successor is refused, a channel's renewal is overdue, and the next try alone is worth a look.
  if (channel && (call === undefined || renewAt(channel, rules) > now)) looks.push(renewAt(channel, rules));
  if (call && retryAt(call, random) > now) looks.push(retryAt(call, random));
  if (sync.failures > 0) looks.push(now + backoff('temporary', sync.failures + 1, random));
  // A push found nothing while this look was overdue already: the poll of now is too early to be the one that follows it up.
  if (sync.followUpAt !== undefined && sync.followUpAt > now) looks.push(sync.followUpAt);
  // The poll just published may have been taken by a process that died, and never completed anything.
  if (sync.completedAt === undefined || sync.traversal !== undefined) looks.push(now + spread * rules.pollMs);
  const { emptySince } = watch.follow ?? {};
  if (emptySince !== undefined) {
    const confirmAt = emptySince + CONFIRM_MS;
    looks.push(confirmAt > now ? confirmAt : now + spread * rules.pollMs);
  }
  if (spec.ok && spec.wish.target.resource === 'calendarList' && sync.fullStartedAt !== undefined) {
    looks.push(Math.max(sync.fullStartedAt + DAY, now + rules.pollMs));
  }
  return Math.max(Math.min(...looks), now + 1000);
}

/** The state of a watch with or without a channel to rely on. */
function stateFor(watch: Watch, channel: LiveChannel | undefined): Change | undefined {
  if (channel) return watch.state === 'active' ? undefined : { state: 'active' };
  // Stryker disable next-line OptionalChaining,StringLiteral: without a failed call one is made, and the state left for later
  const reason = watch.watchCall?.reason ?? 'noChannel';
  return watch.state === 'polling' && watch.reason === reason ? undefined : { state: 'polling', reason };
}

/** Decides. `random` is from 0 up to 1. */
export function plan(watch: Watch, now: number, rules: Rules, random: number): Plan {
  if (!isWatchId(watch.id)) {
    const detail = 'the id of a watch is 1 to 100 letters, digits, _ and -: make it anew under such a name';
    const to: Change = { state: 'paused', reason: 'invalidSpec', detail };
    return { do: 'rest', to, nextDueAt: now + backoff('resting', 8, random) };
  }
  if (!watch.spec.ok) {
    const to: Change = { state: 'paused', reason: 'invalidSpec', detail: watch.spec.problem };
    const nextDueAt = now + backoff('resting', 8, random);
    return { do: 'rest', nextDueAt, ...(watch.state === 'removed' ? {} : { to }) };
  }
  const { wish } = watch.spec;
  if (wish.removed !== undefined) {
    if (watch.state === 'removed') {
      // Kept at first, and now to be deleted after all: claimed once more, and then removed again.
      const again = wish.removed === 'purge' && watch.reason === 'kept';
      const nextDueAt = now + 30 * DAY;
      return again ? { do: 'claim', wish, nextDueAt } : { do: 'rest', nextDueAt };
    }
    // A watch that never claimed anything has nothing to give up.
    if (watch.collection === undefined)
      return { do: 'rest', to: { state: 'removed' }, nextDueAt: now + 30 * DAY };
    // Only what this watch itself has claimed is its to remove; the claim finds that its identity was edited.
    if (watch.collection === wish.collection) return { do: 'remove', nextDueAt: now + 2 * MINUTE };
    return { do: 'claim', wish, nextDueAt: now + backoff('resting', 4, random) };
  }
  if (watch.collection !== wish.collection || isOver(watch.state, watch.reason)) {
    return { do: 'claim', wish, nextDueAt: now + backoff('resting', 4, random) };
  }
  const { channel, watchCall, sync } = watch;
  const expired = channel !== undefined && channel.expiresAt <= now ? { dropChannel: channel.id } : {};
  if (watch.state === 'paused' || watch.state === 'gone') {
    return { do: 'poll', ...expired, nextDueAt: now + backoff('resting', sync.failures + 1, random) };
  }
  const good = usable(watch, wish, now);
  const wanting = good === undefined || now >= renewAt(good, rules);
  const mayTry = watchCall === undefined || now >= retryAt(watchCall, 0);
  if (wanting && mayTry) return { do: 'open', wish, replaces: channel };
  const to = stateFor(watch, good);
  return {
    do: 'poll',
    ...(to && { to }),
    ...expired,
    nextDueAt: nextLook(watch, good, watchCall, now, rules, random),
  };
}

/** What is to become of a channel that is due. Of its watch `undefined` says that there is none. */
export function planChannel(
  channel: Channel,
  watch: Watch | undefined,
  now: number,
): 'keep' | 'stop' | 'forget' {
  if (channel.expiresAt <= now) return 'forget';
  const serves = watch?.channel?.id === channel.id && watch.state !== 'removed' && watch.state !== 'removing';
  return serves ? 'keep' : 'stop';
}
