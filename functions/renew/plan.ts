import { backoff } from '../runtime/backoff.ts';
import { isWatchId } from '../watches/channel-token.ts';
import type { Channel } from '../watches/channels.ts';
import { isReasonGone } from '../watches/claims.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { StateChange } from '../watches/states.ts';
import type { LiveChannel } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';
import { nextCheckAt, renewAt, retryAt, usableChannel, type Rules } from './schedule.ts';

/** Decides what a due watch or channel needs. Pure; times are Unix ms. */

export type Plan =
  /** Leave the watch alone, until a person edits it. */
  | { readonly do: 'rest'; readonly to?: StateChange; readonly nextDueAt: number }
  | { readonly do: 'claim'; readonly watchSpec: WatchSpec; readonly nextDueAt: number }
  /** Stop the channel and have sync remove the rest. */
  | { readonly do: 'remove'; readonly nextDueAt: number }
  /** Open a channel, which replaces the current one if there is one. */
  | { readonly do: 'open'; readonly watchSpec: WatchSpec; readonly replaces: LiveChannel | undefined }
  | {
      readonly do: 'poll';
      readonly to?: StateChange;
      readonly dropChannel?: string;
      readonly nextDueAt: number;
    };

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** When to check an invalid watch again, which only a person can correct: after about six hours. */
const recheckInvalidAt = (now: number, random: number): number => now + backoff('resting', 8, random);

/** When to claim a collection again: after about 40 minutes. */
const retryClaimAt = (now: number, random: number): number => now + backoff('resting', 4, random);

const INVALID_ID: StateChange = {
  state: 'paused',
  reason: 'invalidSpec',
  detail: 'the id of a watch is 1 to 100 letters, digits, _ and -: write this spec under such an id',
};

/** Returns the state of a watch with or without a usable channel, unless it has that state already. */
function stateFor(watch: Watch, channel: LiveChannel | undefined): StateChange | undefined {
  if (channel) return watch.state === 'active' ? undefined : { state: 'active' };
  // Stryker disable next-line OptionalChaining,StringLiteral: without a failed call one is made, and the state left for later
  const reason = watch.watchCall?.reason ?? 'noChannel';
  return watch.state === 'polling' && watch.reason === reason ? undefined : { state: 'polling', reason };
}

/** Plans for a watch whose removal is requested. */
function planRemoval(watch: Watch, watchSpec: WatchSpec, now: number, random: number): Plan {
  if (watch.state === 'removed') {
    // The items were kept, and are to be deleted after all: claim the collection, then remove the watch again.
    const purges = watchSpec.removed === 'purge' && watch.reason === 'kept';
    const nextDueAt = now + 30 * DAY;
    return purges ? { do: 'claim', watchSpec, nextDueAt } : { do: 'rest', nextDueAt };
  }
  // A watch may remove only items of the collection that it has claimed. The claim finds out whether there is any.
  if (watch.collection === watchSpec.collection) return { do: 'remove', nextDueAt: now + 2 * MINUTE };
  return { do: 'claim', watchSpec, nextDueAt: retryClaimAt(now, random) };
}

/** Decides what a due watch needs. `random` is in [0, 1). */
export function plan(watch: Watch, now: number, rules: Rules, random: number): Plan {
  if (!isWatchId(watch.id)) {
    return { do: 'rest', to: INVALID_ID, nextDueAt: recheckInvalidAt(now, random) };
  }
  if (!watch.spec.ok) {
    const to: StateChange = { state: 'paused', reason: 'invalidSpec', detail: watch.spec.problem };
    const nextDueAt = recheckInvalidAt(now, random);
    return { do: 'rest', nextDueAt, ...(watch.state === 'removed' ? {} : { to }) };
  }
  const { value: watchSpec } = watch.spec;
  if (watchSpec.removed !== undefined) return planRemoval(watch, watchSpec, now, random);
  if (watch.collection !== watchSpec.collection || isReasonGone(watch.state, watch.reason)) {
    return { do: 'claim', watchSpec, nextDueAt: retryClaimAt(now, random) };
  }
  const { channel, watchCall, sync } = watch;
  const expired = channel !== undefined && channel.expiresAt <= now ? { dropChannel: channel.id } : {};
  if (watch.state === 'paused' || watch.state === 'gone') {
    return { do: 'poll', ...expired, nextDueAt: now + backoff('resting', sync.failures + 1, random) };
  }
  const usable = usableChannel(watch, watchSpec, now);
  const needsChannel = usable === undefined || now >= renewAt(usable, rules);
  const mayCall = watchCall === undefined || now >= retryAt(watchCall, usable, 0);
  if (needsChannel && mayCall) return { do: 'open', watchSpec, replaces: channel };
  const to = stateFor(watch, usable);
  const options = { channel: usable, failedCall: watchCall, now, rules, random };
  return { do: 'poll', ...(to && { to }), ...expired, nextDueAt: nextCheckAt(watch, options) };
}

/** Decides what to do with a due channel; `watch` is undefined if it was deleted. */
export function planChannel(
  channel: Channel,
  watch: Watch | undefined,
  now: number,
): 'keep' | 'stop' | 'forget' {
  if (channel.expiresAt <= now) return 'forget';
  const isInUse =
    watch?.channel?.id === channel.id && watch.state !== 'removed' && watch.state !== 'removing';
  return isInUse ? 'keep' : 'stop';
}
