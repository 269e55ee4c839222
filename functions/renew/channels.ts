import type { Problem } from '../calendar/errors.ts';
import { detailOf } from '../calendar/reasons.ts';
import { backoff } from '../runtime/backoff.ts';
import { outOfService, withMetric } from '../runtime/metrics.ts';
import { mintToken } from '../watches/channel-token.ts';
import type { Channel } from '../watches/channels.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { LiveChannel } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';
import type { RenewContext, RenewRun } from './context.ts';
import { planChannel, type Plan } from './plan.ts';
import { pollAndApply, publishPoll } from './poll.ts';
import { nextCheckAt, recordFailedCall, usableChannel } from './schedule.ts';

/** Opens, replaces and stops channels. Each is stored before Google is asked for it, so that a crash leaves none unknown. */

/** Time for a watch call to finish, longer than any run; after it the channel counts as lost. */
const MAX_CALL_MS = 10 * 60_000;
/** How often to check that a channel is still in use, in case its watch was deleted: if that channel notifies, sync has it checked. */
const RECHECK_MS = 24 * 3_600_000;
/** When to try to stop a channel whose watch call got no answer. */
const STOP_UNKNOWN_MS = 60_000;
/** Fraction by which lifetimes are shortened at most, so that channels opened together expire apart. */
const TTL_JITTER = 0.05;

/** Returns when to check a channel in use again: it expires, or its watch is deleted. */
const channelCheckAt = (expiresAt: number, now: number): number => Math.min(expiresAt, now + RECHECK_MS);

/**
 * Opens a channel and makes it the channel of a watch. The one before stays open until then, and the caller stops it:
 * Google expects channels to overlap. `adopted`: whether the new one has become the watch's channel.
 * @see https://developers.google.com/workspace/calendar/api/guides/push
 */
async function openChannel(
  context: RenewContext,
  watch: Watch,
  watchSpec: WatchSpec,
): Promise<{ channel: LiveChannel; adopted: boolean } | { problem: Problem }> {
  const now = context.now();
  const id = context.newId();
  const auth = watchSpec.auth ?? context.auth;
  const expiresAt = Math.floor(now + context.rules.ttlMs * (1 - TTL_JITTER * context.random()));
  const intent = { id, watch: watch.id, auth, ...watchSpec.target, expiresAt, nextDueAt: now + MAX_CALL_MS };
  const token = mintToken(context.key, id, watch.id);
  await context.mirror.intendChannel(intent);
  const answer = await context.calendar.watch(auth, watchSpec.target, watchSpec.parameters, {
    channelId: id,
    address: context.address,
    token,
    expiresAt,
  });
  if (!answer.ok) {
    const { problem } = answer;
    const mayExist = problem.kind === 'temporary' && !problem.notApplied;
    // Outcome unknown: the channel may exist. Its first notification has the resource id that a stop needs.
    if (mayExist) await context.mirror.rescheduleChannel(id, now + STOP_UNKNOWN_MS, { state: 'unwanted' });
    else await context.mirror.forgetChannel(id);
    return { problem };
  }
  const opened = { id, ...answer.value };
  const checkAt = channelCheckAt(opened.expiresAt, now);
  const adopted = await context.mirror.adoptChannel(watch, watchSpec, opened, checkAt);
  const lifetimeMs = opened.expiresAt - now;
  const { parametersKey } = watchSpec;
  return { adopted, channel: { ...opened, createdAt: now, lifetimeMs, parametersKey } };
}

/** Returns the resource id that a stop needs: the channel's own, or that of the watch's channel on the same collection. */
function resourceIdOf(channel: Channel, watch: Watch | undefined): string | undefined {
  if (channel.resourceId !== undefined) return channel.resourceId;
  const watchSpec = watch?.spec.ok === true ? watch.spec.value : undefined;
  const isSameCollection =
    watchSpec?.target.user === channel.user &&
    watchSpec.target.resource === channel.resource &&
    watchSpec.target.calendarId === channel.calendarId;
  return isSameCollection ? watch?.channel?.resourceId : undefined;
}

/**
 * Stops a channel that is not in use, with the credentials that created it, and forgets it once it is certainly gone. If
 * it cannot be stopped, it is tried again until it expires. Returns whether it is gone.
 */
async function stopChannel(context: RenewContext, channel: Channel, watch: Watch | undefined) {
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
  // Google also answers 404 for a wrong resource id, so with a guessed one a 404 proves nothing.
  const isGuessed = channel.resourceId === undefined;
  if (answer?.ok === true && (answer.value || !isGuessed)) {
    await mirror.forgetChannel(channel.id);
    log.info('channel stopped', { ...fields, known: answer.value, ms: context.now() - now });
    return true;
  }
  const isUnknown = answer === undefined || answer.ok;
  const failures = (channel.failures ?? 0) + 1;
  const retryAt = Math.min(channel.expiresAt, now + backoff('resting', failures, context.random()));
  await mirror.rescheduleChannel(channel.id, retryAt, { state: 'unwanted', failures });
  const reason = isUnknown ? 'resourceIdUnknown' : answer.problem.reason;
  log.warning('channel not stopped, will retry', { ...fields, reason });
  return false;
}

/** Keeps a due channel that its watch uses, and stops any other. Returns whether it stopped the channel. */
export async function reviewChannel(context: RenewContext, channel: Channel): Promise<boolean> {
  const watch = await context.mirror.loadWatch(channel.watch);
  if (planChannel(channel, watch, context.now()) === 'keep') {
    await context.mirror.rescheduleChannel(channel.id, channelCheckAt(channel.expiresAt, context.now()));
    return false;
  }
  return stopChannel(context, channel, watch);
}

/** Stops a channel, if it is still known. */
export async function stopById(context: RenewRun, id: string, watch: Watch): Promise<void> {
  const channel = await context.mirror.loadChannel(id);
  if (channel && (await stopChannel(context, channel, watch))) context.summary.stopped += 1;
}

/** Polls a watch whose watch call failed: it keeps a usable channel, or is `polling` from now on. */
async function onFailedCall(context: RenewRun, watch: Watch, problem: Problem): Promise<void> {
  const now = context.now();
  const { reason } = problem;
  const failedCall = recordFailedCall(watch.watchCall, problem, now);
  const watchSpec = watch.spec.ok ? watch.spec.value : undefined;
  const usable = watchSpec && usableChannel(watch, watchSpec, now);
  const resource = watchSpec?.target.resource ?? 'unknown';
  const metric = usable ? undefined : outOfService(watch.state, 'polling', resource, reason);
  const fields = { watch: watch.id, reason, failures: failedCall.failures };
  context.summary.failed += 1;
  context.log.warning('watch call failed', withMetric(fields, metric));
  const detail = `polled instead of pushed, as ${detailOf(problem)}`;
  const options = { channel: usable, failedCall, now, rules: context.rules, random: context.random() };
  await pollAndApply(context, watch, {
    from: watch.state,
    to: usable ? undefined : { state: 'polling', reason, detail },
    watchCall: failedCall,
    // A suspect or outdated channel stays until it expires: it may still deliver something.
    dropChannel: watch.channel && watch.channel.expiresAt <= now ? watch.channel.id : undefined,
    nextDueAt: nextCheckAt(watch, options),
  });
}

/** Opens a channel for a watch, polls the watch, and then stops the channel before it. */
export async function replaceChannel(
  context: RenewRun,
  watch: Watch,
  { watchSpec, replaces }: Extract<Plan, { do: 'open' }>,
): Promise<void> {
  const startedAt = context.now();
  const opened = await openChannel(context, watch, watchSpec);
  if ('problem' in opened) return onFailedCall(context, watch, opened.problem);
  const { channel, adopted } = opened;
  if (!adopted) {
    // The watch has changed in the meantime. It is still due, so the next run decides again.
    await stopById(context, channel.id, watch);
    return;
  }
  const renewed = replaces !== undefined && replaces.expiresAt > startedAt;
  if (renewed) context.summary.renewed += 1;
  else context.summary.created += 1;
  const fields = { watch: watch.id, channel: channel.id, ms: context.now() - startedAt };
  context.log.info(renewed ? 'channel renewed' : 'channel created', fields);
  // The channel's first message may be lost, and nothing announces changes from before the channel was open.
  await publishPoll(context, watch.id);
  const { rules } = context;
  const options = { channel, failedCall: undefined, now: startedAt, rules, random: context.random() };
  const nextDueAt = nextCheckAt(watch, options);
  await context.mirror.applyReconcileResult(watch, { from: watch.state, nextDueAt });
  if (replaces) await stopById(context, replaces.id, { ...watch, channel });
}
