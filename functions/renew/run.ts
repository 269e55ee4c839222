import pLimit from 'p-limit';

import { errorText } from '../log.ts';
import { reviewChannel } from './channels.ts';
import type { RenewContext, Summary } from './context.ts';
import { reconcile } from './reconcile.ts';

/** One run: everything that is due, a bounded number at a time, until it is done or time is up. */

/** How many documents one query fetches. */
const AT_ONCE = 200;
/** A watch whose document cannot be read is looked at again this much later. */
const UNREADABLE_MS = 3_600_000;

interface Due {
  readonly id: string;
  readonly work: () => Promise<void>;
}

async function dueWork(context: RenewContext, summary: Summary): Promise<readonly Due[]> {
  const [channels, watches] = await Promise.all([
    context.mirror.dueChannels(context.now(), AT_ONCE),
    context.mirror.dueWatches(context.now(), AT_ONCE),
  ]);
  return [
    ...watches.map((due): Due => {
      if (due.ok)
        return { id: `watches/${due.watch.id}`, work: () => reconcile(context, due.watch, summary) };
      const { id, problem } = due;
      return {
        id: `watches/${id}`,
        work: async () => {
          await context.mirror.postpone(id, context.now() + UNREADABLE_MS);
          throw new Error(problem);
        },
      };
    }),
    ...channels.map((channel): Due => ({
      id: `channels/${channel.id}`,
      work: async () => {
        if (await reviewChannel(context, channel)) summary.stopped += 1;
      },
    })),
  ];
}

/** Makes what Google has agree with what the watches say. Trouble with one watch is counted, and stays its own. */
export async function renew(context: RenewContext): Promise<Summary> {
  const summary: Summary = { created: 0, renewed: 0, stopped: 0, polled: 0, failed: 0, remaining: 0 };
  const deadline = context.now() + context.budgetMs;
  const isOver = (): boolean => context.now() >= deadline || context.ending();
  const limit = pLimit(context.concurrency);
  const done = new Set<string>();

  const attempt = async ({ id, work }: Due): Promise<void> => {
    if (isOver()) return;
    done.add(id);
    try {
      await work();
    } catch (error) {
      summary.failed += 1;
      context.log.error('not reconciled, to be tried again', { subject: id, error: errorText(error) });
    }
  };

  for (;;) {
    // What failed is due still; once per run is enough.
    const due = (await dueWork(context, summary)).filter(({ id }) => !done.has(id));
    if (isOver()) summary.remaining = due.length;
    if (due.length === 0 || isOver()) break;
    await Promise.all(due.map((each) => limit(() => attempt(each))));
  }
  context.log.info('renewed', { ...summary });
  return summary;
}
