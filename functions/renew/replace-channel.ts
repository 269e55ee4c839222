import type { Problem } from '../calendar/errors.ts';
import { detailOf } from '../calendar/reasons.ts';
import { outOfService, withMetric } from '../runtime/metrics.ts';
import type { Watch } from '../watches/watch.ts';
import { openChannel, stopChannel } from './channels.ts';
import type { RenewContext, Summary } from './context.ts';
import type { Plan } from './plan.ts';
import { publishPoll } from './poll.ts';
import { nextCheckAt, recordFailedCall, usableChannel } from './schedule.ts';

/** Stops a channel, if it is still known. */
export async function stopById(
  context: RenewContext,
  id: string,
  watch: Watch,
  summary: Summary,
): Promise<void> {
  const channel = await context.mirror.loadChannel(id);
  if (channel && (await stopChannel(context, channel, watch))) summary.stopped += 1;
}

/** Polls a watch whose watch call failed: it keeps a usable channel, or is `polling` from now on. */
async function onFailedCall(
  context: RenewContext,
  watch: Watch,
  problem: Problem,
  summary: Summary,
): Promise<void> {
  const now = context.now();
  const { reason } = problem;
  const failedCall = recordFailedCall(watch.watchCall, problem, now);
  const watchSpec = watch.spec.ok ? watch.spec.value : undefined;
  const usable = watchSpec && usableChannel(watch, watchSpec, now);
  const resource = watchSpec?.target.resource ?? 'unknown';
  const metric = usable ? undefined : outOfService(watch.state, 'polling', resource, reason);
  const fields = { watch: watch.id, reason, failures: failedCall.failures };
  summary.failed += 1;
  context.log.warning('watch call failed', withMetric(fields, metric));
  const detail = `polled instead of pushed, as ${detailOf(problem)}`;
  await publishPoll(context, watch.id, summary);
  const options = { channel: usable, failedCall, now, rules: context.rules, random: context.random() };
  await context.mirror.applyReconcileResult(watch, {
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
  context: RenewContext,
  watch: Watch,
  { watchSpec, replaces }: Extract<Plan, { do: 'open' }>,
  summary: Summary,
): Promise<void> {
  const startedAt = context.now();
  const opened = await openChannel(context, watch, watchSpec);
  if (!opened.ok) return onFailedCall(context, watch, opened.problem, summary);
  const { channel, adopted } = opened;
  if (!adopted) {
    // The watch has changed in the meantime. It is still due, so the next run decides again.
    await stopById(context, channel.id, watch, summary);
    return;
  }
  const renewed = replaces !== undefined && replaces.expiresAt > startedAt;
  if (renewed) summary.renewed += 1;
  else summary.created += 1;
  const fields = { watch: watch.id, channel: channel.id, ms: context.now() - startedAt };
  context.log.info(renewed ? 'channel renewed' : 'channel created', fields);
  // The channel's first message may be lost, and nothing announces changes from before the channel was open.
  await publishPoll(context, watch.id, summary);
  const { rules } = context;
  const options = { channel, failedCall: undefined, now: startedAt, rules, random: context.random() };
  const nextDueAt = nextCheckAt(watch, options);
  await context.mirror.applyReconcileResult(watch, { from: watch.state, nextDueAt });
  if (replaces) await stopById(context, replaces.id, { ...watch, channel }, summary);
}
