import { outOfService, withMetric } from '../runtime/metrics.ts';
import { logUnclaimed } from '../watches/claims.ts';
import { mayHaveMessage, type Watch } from '../watches/watch.ts';
import type { RenewRun } from './context.ts';
import { follow } from './follow.ts';
import { plan, type Plan } from './plan.ts';
import { pollAndApply, publishPoll } from './poll.ts';
import { replaceChannel, stopById } from './channels.ts';

/** Carries out the plan for a watch. Due work is done or published before `nextDueAt` moves. */

/** Stops the channel of a watch, and has sync remove the watch. */
async function remove(context: RenewRun, watch: Watch, { nextDueAt }: Extract<Plan, { do: 'remove' }>) {
  const { channel } = watch;
  await context.mirror.applyReconcileResult(watch, {
    from: watch.state,
    to: { state: 'removing' },
    dropChannel: channel?.id,
  });
  if (channel) await stopById(context, channel.id, watch);
  await publishPoll(context, watch.id);
  await context.mirror.applyReconcileResult(watch, { from: 'removing', nextDueAt });
}

/** Leaves a watch alone that only a person can correct. */
async function rest(context: RenewRun, watch: Watch, { to, nextDueAt }: Extract<Plan, { do: 'rest' }>) {
  const metric =
    to?.state === 'paused'
      ? outOfService(watch.state, 'paused', 'unknown', to.reason ?? 'unknown')
      : undefined;
  const fields = { watch: watch.id, state: to?.state, reason: to?.reason };
  context.log.info('watch left alone', withMetric(fields, metric));
  await pollAndApply(context, watch, { from: watch.state, to, nextDueAt }, false);
}

/** Makes Google's channels match a watch's spec. */
export async function reconcile(context: RenewRun, loaded: Watch): Promise<void> {
  const followed = await follow(context, loaded);
  if (followed.outcome === 'unfinished') {
    // The watch is still due: the next run continues.
    context.summary.remaining += 1;
    return;
  }
  const watch = { ...loaded, follow: followed.following };
  const todo = plan(watch, context.now(), context.rules, context.random());
  switch (todo.do) {
    case 'rest':
      return rest(context, watch, todo);
    case 'claim': {
      const claimed = await context.mirror.claim(watch.id, todo.watchSpec);
      const again = await context.mirror.loadWatch(watch.id);
      if (claimed === 'claimed') return again && reconcile(context, again);
      logUnclaimed(context.log, watch, todo.watchSpec, claimed);
      if (again === undefined) return;
      if (mayHaveMessage(again)) await publishPoll(context, watch.id);
      const { nextDueAt } = todo;
      await context.mirror.applyReconcileResult(watch, { from: watch.state, nextDueAt });
      return;
    }
    case 'remove':
      return remove(context, watch, todo);
    case 'open':
      return replaceChannel(context, watch, todo);
    case 'poll': {
      const { to, dropChannel, nextDueAt } = todo;
      return pollAndApply(context, watch, { from: watch.state, to, dropChannel, nextDueAt });
    }
  }
}
