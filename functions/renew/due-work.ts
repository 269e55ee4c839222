import { withMetric } from '../runtime/metrics.ts';
import type { DueWatch } from '../watches/watches.ts';
import { reviewChannel } from './channels.ts';
import type { RenewContext, Summary } from './context.ts';
import { reconcile } from './reconcile.ts';
import { watchMetrics } from './watch-metrics.ts';

/** Documents per query. */
const PAGE_SIZE = 200;
/** When to check a watch or channel again that cannot be read or reviewed. */
const UNREADABLE_RETRY_MS = 3_600_000;
/** When to retry a watch that could not be reconciled: in the next run. */
const FAILED_RETRY_MS = 30_000;

/** A watch or channel that is due. */
export interface DueTask {
  /** Path of its document. */
  readonly path: string;
  readonly run: () => Promise<void>;
  /** Moves `nextDueAt` later after a failure. */
  readonly postpone: () => Promise<void>;
}

function watchTask(context: RenewContext, due: DueWatch, summary: Summary, isTimeUp: () => boolean): DueTask {
  const { mirror } = context;
  if (due.ok) {
    const { watch } = due;
    return {
      path: `watches/${watch.id}`,
      run: () => {
        const metric = watchMetrics(watch, context.now(), context.rules);
        context.log.info('watch checked', withMetric({ watch: watch.id }, metric));
        return reconcile(context, watch, summary, isTimeUp);
      },
      postpone: () =>
        mirror.applyReconcileResult(watch, {
          from: watch.state,
          nextDueAt: context.now() + FAILED_RETRY_MS,
        }),
    };
  }
  const { id, problem, updateTime } = due;
  return {
    path: `watches/${id}`,
    run: () => Promise.reject(new Error(problem)),
    postpone: () => mirror.postpone(id, context.now() + UNREADABLE_RETRY_MS, updateTime),
  };
}

/** Returns the watches and channels that are due now, at most a page of each. */
export async function loadDueTasks(
  context: RenewContext,
  summary: Summary,
  isTimeUp: () => boolean,
): Promise<readonly DueTask[]> {
  const [channels, watches] = await Promise.all([
    context.mirror.dueChannels(context.now(), PAGE_SIZE),
    context.mirror.dueWatches(context.now(), PAGE_SIZE),
  ]);
  return [
    ...watches.map((due) => watchTask(context, due, summary, isTimeUp)),
    ...channels.map((channel): DueTask => ({
      path: `channels/${channel.id}`,
      run: async () => {
        if (await reviewChannel(context, channel)) summary.stopped += 1;
      },
      postpone: () => context.mirror.rescheduleChannel(channel.id, context.now() + UNREADABLE_RETRY_MS),
    })),
  ];
}
