import pLimit from 'p-limit';

import { counted } from '../calendar/count.ts';
import { NotPublished } from '../feed/envelope.ts';
import { errorText } from '../log.ts';
import type { DueWatch } from '../mirror/watches.ts';
import { reviewChannel } from './channels.ts';
import type { RenewContext, Summary } from './context.ts';
import { lookOf } from './look.ts';
import { reconcile } from './reconcile.ts';

/** One run: everything that is due, a bounded number at a time, until it is done or time is up. */

/** How many documents one query fetches. */
const AT_ONCE = 200;
/** A watch whose document cannot be read is looked at again this much later. */
const UNREADABLE_MS = 3_600_000;
/** And one that could not be reconciled this much later: the next run is its second chance. */
const FAILED_MS = 30_000;

interface Due {
  readonly id: string;
  readonly work: () => Promise<void>;
  /** Makes way for others after the work has failed. */
  readonly putOff: () => Promise<void>;
}

function watchWork(context: RenewContext, due: DueWatch, summary: Summary, isOver: () => boolean): Due {
  const { mirror } = context;
  if (due.ok) {
    const { watch } = due;
    return {
      id: `watches/${watch.id}`,
      work: () => {
        context.log.info('watch looked at', { watch: watch.id }, lookOf(watch, context.now(), context.rules));
        return reconcile(context, watch, summary, isOver);
      },
      putOff: () => mirror.settle(watch, { from: watch.state, nextDueAt: context.now() + FAILED_MS }),
    };
  }
  const { id, problem, updateTime } = due;
  return {
    id: `watches/${id}`,
    work: () => Promise.reject(new Error(problem)),
    putOff: () => mirror.postpone(id, context.now() + UNREADABLE_MS, updateTime),
  };
}

async function dueWork(
  context: RenewContext,
  summary: Summary,
  isOver: () => boolean,
): Promise<readonly Due[]> {
  const [channels, watches] = await Promise.all([
    context.mirror.dueChannels(context.now(), AT_ONCE),
    context.mirror.dueWatches(context.now(), AT_ONCE),
  ]);
  return [
    ...watches.map((due) => watchWork(context, due, summary, isOver)),
    ...channels.map((channel): Due => ({
      id: `channels/${channel.id}`,
      work: async () => {
        if (await reviewChannel(context, channel)) summary.stopped += 1;
      },
      putOff: () => context.mirror.rescheduleChannel(channel.id, context.now() + UNREADABLE_MS),
    })),
  ];
}

/** Makes what Google has agree with what the watches say. Trouble with one watch is counted, and stays its own. */
export async function renew(uncounted: RenewContext): Promise<Summary> {
  const { calendar, take } = counted(uncounted.calendar);
  const context = { ...uncounted, calendar };
  const startedAt = context.now();
  const summary: Summary = { created: 0, renewed: 0, stopped: 0, polled: 0, failed: 0, remaining: 0 };
  const deadline = startedAt + context.budgetMs;
  const isOver = (): boolean => context.now() >= deadline || context.ending();
  const limit = pLimit(context.concurrency);
  const done = new Set<string>();

  const attempt = async ({ id, work, putOff }: Due): Promise<void> => {
    if (isOver()) return;
    done.add(id);
    try {
      await work();
    } catch (error) {
      summary.failed += 1;
      context.log.error(
        'not reconciled, to be tried again',
        { subject: id, error: errorText(error) },
        { metric: 'undone', by: 'renew', cause: error instanceof NotPublished ? 'publish' : 'other' },
      );
      // Otherwise many that fail would head the queue for ever. That this fails as well changes nothing for this one.
      await putOff().catch((again: unknown) => {
        context.log.warning('not put off', { subject: id, error: errorText(again) });
      });
    }
  };

  for (;;) {
    // What failed is due still; once per run is enough.
    const due = (await dueWork(context, summary, isOver)).filter(({ id }) => !done.has(id));
    if (isOver()) summary.remaining += due.length;
    if (due.length === 0 || isOver()) break;
    await Promise.all(due.map((each) => limit(() => attempt(each))));
  }
  const ms = context.now() - startedAt;
  context.log.info('renewed', {}, { metric: 'renew', ...summary, ms, ...take() });
  return summary;
}
