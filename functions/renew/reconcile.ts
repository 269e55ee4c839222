import type { Problem } from '../calendar/errors.ts';
import { requestMessage } from '../feed/notification.ts';
import { outOfService } from '../measures.ts';
import type { Watch } from '../mirror/watch.ts';
import { openChannel, stopChannel } from './channels.ts';
import type { RenewContext, Summary } from './context.ts';
import { follow } from './follow.ts';
import { nextLook, plan, usable, type Plan } from './plan.ts';

/** Does what the plan for one watch says. What is due is done or published before `nextDueAt` moves. */

async function publishPoll(context: RenewContext, watchId: string, summary: Summary): Promise<void> {
  const time = new Date(context.now()).toISOString();
  await context.publishNotification(requestMessage({ reason: 'poll', watchId }, context.newId(), time));
  summary.polled += 1;
  context.log.info('poll published', { watch: watchId });
}

/** Stops the channel of this id, if it is still known. */
async function stopById(context: RenewContext, id: string, watch: Watch, summary: Summary): Promise<void> {
  const channel = await context.mirror.loadChannel(id);
  if (channel && (await stopChannel(context, channel, watch))) summary.stopped += 1;
}

async function remove(
  context: RenewContext,
  watch: Watch,
  { nextDueAt }: Extract<Plan, { do: 'remove' }>,
  summary: Summary,
): Promise<void> {
  const { channel } = watch;
  await context.mirror.settle(watch, {
    from: watch.state,
    to: { state: 'removing' },
    dropChannel: channel?.id,
  });
  if (channel) await stopById(context, channel.id, watch, summary);
  await publishPoll(context, watch.id, summary);
  await context.mirror.settle(watch, { from: 'removing', nextDueAt });
}

async function watchCallFailed(
  context: RenewContext,
  watch: Watch,
  problem: Problem,
  summary: Summary,
): Promise<void> {
  const now = context.now();
  const { reason } = problem;
  const failure = { failures: (watch.watchCall?.failures ?? 0) + 1, failedAt: now, reason };
  const wish = watch.spec.ok ? watch.spec.wish : undefined;
  const good = wish && usable(watch, wish, now);
  summary.failed += 1;
  context.log.warning(
    'watch call failed',
    { watch: watch.id, reason, failures: failure.failures },
    good ? undefined : outOfService(watch.state, 'polling', wish?.target.resource ?? 'unknown', reason),
  );
  // Without a channel it is polling from now on; a failed watch call never stops a watch from being synced.
  const detail = 'Google Calendar opens no channel; polled instead, and tried again later';
  await publishPoll(context, watch.id, summary);
  await context.mirror.settle(watch, {
    from: watch.state,
    to: good ? undefined : { state: 'polling', reason, detail },
    watchCall: failure,
    // One that can no longer be relied on may still tell something until its successor is open.
    dropChannel: watch.channel && watch.channel.expiresAt <= now ? watch.channel.id : undefined,
    nextDueAt: nextLook(watch, good, failure, now, context.rules, context.random()),
  });
}

async function open(
  context: RenewContext,
  watch: Watch,
  { wish, replaces }: Extract<Plan, { do: 'open' }>,
  summary: Summary,
): Promise<void> {
  const startedAt = context.now();
  const opened = await openChannel(context, watch, wish);
  if (!opened.ok) return watchCallFailed(context, watch, opened.problem, summary);
  const { channel, adopted } = opened;
  if (!adopted) {
    // The watch has changed meanwhile; it is still due, and the next look decides by what it is then.
    await stopById(context, channel.id, watch, summary);
    return;
  }
  const renewed = replaces !== undefined && replaces.expiresAt > startedAt;
  if (renewed) summary.renewed += 1;
  else summary.created += 1;
  const fields = { watch: watch.id, channel: channel.id, ms: context.now() - startedAt };
  context.log.info(renewed ? 'channel renewed' : 'channel created', fields);
  // The first message of a channel may be lost, and so may whatever happened before it was open.
  await publishPoll(context, watch.id, summary);
  const nextDueAt = nextLook(watch, channel, undefined, startedAt, context.rules, context.random());
  await context.mirror.settle(watch, { from: watch.state, nextDueAt });
  if (replaces) await stopById(context, replaces.id, { ...watch, channel }, summary);
}

/** Brings one watch in line with its wish, and counts what it took. `isOver`: whether the run is to begin nothing more. */
export async function reconcile(
  context: RenewContext,
  read: Watch,
  summary: Summary,
  isOver: () => boolean,
): Promise<void> {
  const followed = await follow(context, read, isOver);
  if (followed.outcome === 'unfinished') {
    // Still due: the next run goes on.
    summary.remaining += 1;
    return;
  }
  const watch = { ...read, follow: followed.following };
  const todo = plan(watch, context.now(), context.rules, context.random());
  switch (todo.do) {
    case 'rest':
      context.log.info(
        'watch rests',
        { watch: watch.id, state: todo.to?.state, reason: todo.to?.reason },
        todo.to?.state === 'paused'
          ? outOfService(watch.state, 'paused', 'unknown', todo.to.reason ?? 'unknown')
          : undefined,
      );
      return context.mirror.settle(watch, { from: watch.state, to: todo.to, nextDueAt: todo.nextDueAt });
    case 'claim': {
      const claimed = await context.mirror.claim(watch.id, todo.wish);
      if (claimed === 'claimed') {
        const again = await context.mirror.loadWatch(watch.id);
        return again && reconcile(context, again, summary, isOver);
      }
      context.log.warning(
        'watch paused',
        { watch: watch.id, reason: claimed },
        outOfService(watch.state, 'paused', todo.wish.target.resource, claimed),
      );
      return context.mirror.settle(watch, { from: watch.state, nextDueAt: todo.nextDueAt });
    }
    case 'remove':
      return remove(context, watch, todo, summary);
    case 'open':
      return open(context, watch, todo, summary);
    case 'poll':
      await publishPoll(context, watch.id, summary);
      return context.mirror.settle(watch, {
        from: watch.state,
        to: todo.to,
        dropChannel: todo.dropChannel,
        nextDueAt: todo.nextDueAt,
      });
  }
}
