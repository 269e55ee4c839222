import { createRenew as create } from '../../../functions/renew/create.ts';
import { seam, seams } from './seams.ts';

/** Replaces `functions/renew/create.ts` in a renew that is to be killed. */
export function createRenew(...args: Parameters<typeof create>): ReturnType<typeof create> {
  const context = create(...args);
  return {
    ...context,
    mirror: seams(context.mirror),
    calendar: seams(context.calendar),
    publishNotification: seam('publishNotification', context.publishNotification),
  };
}
