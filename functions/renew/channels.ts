import type { Problem } from '../calendar/errors.ts';
import { mintToken } from '../channel/token.ts';
import { backoff } from '../backoff.ts';
import type { Channel } from '../mirror/channels.ts';
import type { Wish } from '../mirror/spec.ts';
import type { LiveChannel, Watch } from '../mirror/watch.ts';
import type { RenewContext } from './context.ts';
import { planChannel } from './plan.ts';

/** Opening and stopping channels, so that no channel is ever unknown to us, whatever crashes. */

/** How long a watch call may be under way before its channel counts as lost: longer than any run lasts. */
const CREATING_MS = 10 * 60_000;
const LOOK_AGAIN_MS = 6 * 3_600_000;
const LOST_LOOK_MS = 60_000;
/** Lifetimes are shortened by up to this part, so that channels opened together do not end together. */
const SPREAD = 0.05;

/** When to look at a channel again that serves its watch: it ends, or its watch is deleted. */
const channelLookAt = (expiresAt: number, now: number): number => Math.min(expiresAt, now + LOOK_AGAIN_MS);

export type Opened =
  | { readonly ok: true; readonly channel: LiveChannel; readonly adopted: boolean }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Opens a channel for a watch: writes the intent down, asks Google, and makes it the watch's channel. The one before stays
 * open until then ("Push notifications: renew": overlap is to be expected), and is stopped by the caller.
 */
export async function openChannel(context: RenewContext, watch: Watch, wish: Wish): Promise<Opened> {
  const now = context.now();
  const id = context.newId();
  const auth = wish.auth ?? context.auth;
  const expiresAt = Math.floor(now + context.rules.ttlMs * (1 - SPREAD * context.random()));
  const intent = { id, watch: watch.id, auth, ...wish.target, expiresAt, nextDueAt: now + CREATING_MS };
  const token = mintToken(context.key, id, watch.id);
  await context.mirror.intendChannel(intent);
  const answer = await context.calendar.watch(auth, wish.target, wish.parameters, {
    channelId: id,
    address: context.address,
    token,
    expiresAt,
  });
  if (!answer.ok) {
    const { problem } = answer;
    const maybeOpen = problem.kind === 'temporary' && !problem.notDone;
    // Whoever got no answer cannot know: the channel may be open. It is stopped once its resource id turns up.
    if (maybeOpen) await context.mirror.rescheduleChannel(id, now + LOST_LOOK_MS, { state: 'unwanted' });
    else await context.mirror.forgetChannel(id);
    return { ok: false, problem };
  }
  const opened = { id, ...answer.value };
  const adopted = await context.mirror.adoptChannel(
    watch,
    wish,
    opened,
    channelLookAt(opened.expiresAt, now),
  );
  return {
    ok: true,
    adopted,
    channel: {
      ...opened,
      createdAt: now,
      lifetimeMs: opened.expiresAt - now,
      parametersKey: wish.parametersKey,
    },
  };
}

/** The resource id that a stop needs: the channel's own, or that of another channel on the same collection. */
function resourceIdOf(channel: Channel, watch: Watch | undefined): string | undefined {
  if (channel.resourceId !== undefined) return channel.resourceId;
  const wish = watch?.spec.ok === true ? watch.spec.wish : undefined;
  const same =
    wish?.target.user === channel.user &&
    wish.target.resource === channel.resource &&
    wish.target.calendarId === channel.calendarId;
  return same ? watch?.channel?.resourceId : undefined;
}

/**
 * Stops a channel that nobody wants, with the credentials that made it, and forgets it when it is surely gone. What cannot be
 * stopped yet is looked at again until it expires by itself. Returns whether it is gone.
 */
export async function stopChannel(
  context: RenewContext,
  channel: Channel,
  watch: Watch | undefined,
): Promise<boolean> {
  const { mirror, calendar, log } = context;
  const now = context.now();
  const fields = { watch: channel.watch, channel: channel.id };
  if (channel.expiresAt <= now) {
    await mirror.forgetChannel(channel.id);
    log.info('channel expired', fields);
    return true;
  }
  const resourceId = resourceIdOf(channel, watch);
  const answer =
    resourceId === undefined ? undefined : await calendar.stop(channel.auth, channel, channel.id, resourceId);
  // Google says 404 to a wrong resource id as well: with a guessed one that proves nothing.
  const guessed = channel.resourceId === undefined;
  if (answer?.ok === true && (answer.value || !guessed)) {
    await mirror.forgetChannel(channel.id);
    log.info('channel stopped', { ...fields, known: answer.value, ms: context.now() - now });
    return true;
  }
  const unsure = answer === undefined || answer.ok;
  const failures = (channel.failures ?? 0) + 1;
  const lookAgainAt = Math.min(channel.expiresAt, now + backoff('resting', failures, context.random()));
  await mirror.rescheduleChannel(channel.id, lookAgainAt, { state: 'unwanted', failures });
  log.warning('channel not stopped yet', {
    ...fields,
    reason: unsure ? 'resourceIdUnknown' : answer.problem.reason,
  });
  return false;
}

/** Looks at a channel that is due: keeps the one that serves its watch, stops every other. Returns whether it stopped it. */
export async function reviewChannel(context: RenewContext, channel: Channel): Promise<boolean> {
  const watch = await context.mirror.loadWatch(channel.watch);
  if (planChannel(channel, watch, context.now()) === 'keep') {
    await context.mirror.rescheduleChannel(channel.id, channelLookAt(channel.expiresAt, context.now()));
    return false;
  }
  return stopChannel(context, channel, watch);
}
