import { requestMessage } from '../feed/notification.ts';
import type { RenewContext, RenewRun } from './context.ts';

/** Has sync check a watch. */
export async function publishPoll(context: RenewRun, watchId: string): Promise<void> {
  const time = new Date(context.now()).toISOString();
  await context.publishNotification(requestMessage({ reason: 'poll', watchId }, context.newId(), time));
  context.summary.polled += 1;
  context.log.info('poll published', { watch: watchId });
}

/** Has sync list all items of a watch. */
export async function publishFullSync(context: RenewContext, watchId: string): Promise<void> {
  const time = new Date(context.now()).toISOString();
  const request = { reason: 'manual', watchId, full: true } as const;
  await context.publishNotification(requestMessage(request, context.newId(), time));
}
