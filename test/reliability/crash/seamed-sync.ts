import { createSync as create } from '../../../functions/sync/create.ts';
import { seam, seams } from './seams.ts';

/** Replaces `functions/sync/create.ts` in a sync that is to be killed. */
export function createSync(...args: Parameters<typeof create>): ReturnType<typeof create> {
  const { context, ...rest } = create(...args);
  return {
    ...rest,
    context: {
      ...context,
      mirror: seams(context.mirror),
      calendar: seams(context.calendar),
      publishChange: seam('publishChange', context.publishChange),
      publishClock: seam('publishClock', context.publishClock),
      publishNotification: seam('publishNotification', context.publishNotification),
    },
  };
}
