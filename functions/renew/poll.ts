import { requestMessage, type Notification } from '../feed/notification.ts';
import { clockDueAt } from '../watches/clock-due.ts';
import { mayHaveMessage, type Watch } from '../watches/watch.ts';
import type { WatchPatch } from '../watches/watches.ts';
import type { RenewContext, RenewRun } from './context.ts';

async function request(
  context: RenewContext,
  notification: Exclude<Notification, { reason: 'push' }>,
): Promise<void> {
  const time = new Date(context.now()).toISOString();
  await context.publishNotification(requestMessage(notification, context.newId(), time));
}

/** Has sync check a watch. */
export async function publishPoll(context: RenewRun, watchId: string): Promise<void> {
  await request(context, { reason: 'poll', watchId });
  context.summary.polled += 1;
  context.log.info('poll published', { watch: watchId });
}

/** Has sync publish the moments of a watch that are due. */
export async function publishClock(context: RenewContext, watchId: string): Promise<void> {
  await request(context, { reason: 'clock', watchId });
  context.log.debug('clock published', { watch: watchId });
}

/** A clock that is overdue by this has been left alone during an outage, in which events may have moved. */
const OUTAGE_MS = 120_000;

/**
 * Has sync publish what is due of a watch that is due for its clock alone: `checkAt` (Unix ms) is when it is due for its check. It waits for
 * no quota: after an outage, a watch without room for a list call publishes what is mirrored.
 */
export async function runClock(context: RenewRun, watch: Watch, checkAt: number): Promise<void> {
  const overdueMs = context.now() - clockDueAt(watch);
  const user = watch.spec.ok ? watch.spec.value.target.user : '';
  // Each sync is followed by the clock.
  if (overdueMs > OUTAGE_MS && context.takeCall(user)) await publishPoll(context, watch.id);
  else await publishClock(context, watch.id);
  await context.mirror.applyReconcileResult(watch, { from: watch.state, nextDueAt: checkAt });
}

/**
 * Writes what a check of a watch has found, and has sync check it too. Sync publishes the message about a new state, so that the state is
 * written before the poll is published, and `nextDueAt` afterwards. `polls`: also without a message.
 */
export async function pollAndApply(
  context: RenewRun,
  watch: Watch,
  { nextDueAt, ...found }: WatchPatch,
  polls = true,
): Promise<void> {
  const { mirror } = context;
  const hasMessage = found.to !== undefined && (await mirror.applyReconcileResult(watch, found));
  if (polls || hasMessage || mayHaveMessage(watch)) await publishPoll(context, watch.id);
  await mirror.applyReconcileResult(watch, { ...found, nextDueAt });
}

/** Has sync list all items of a watch. */
export const publishFullSync = (context: RenewContext, watchId: string): Promise<void> =>
  request(context, { reason: 'manual', watchId, full: true });
