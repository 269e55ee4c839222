import pLimit from 'p-limit';

import { withCallCounter } from '../calendar/call-counter.ts';
import { PublishError } from '../feed/envelope.ts';
import { errorText } from '../runtime/log.ts';
import { withMetric } from '../runtime/metrics.ts';
import type { RenewContext, Summary } from './context.ts';
import { loadDueTasks, type DueTask } from './due-work.ts';
import { isUpkeepDue, runUpkeep } from './upkeep.ts';

/** One run of renew: reconciles everything that is due, with bounded concurrency, until it is done or time is up. */

/** Runs a task. A failure is logged and counted, and affects no other task. */
async function runTask(context: RenewContext, summary: Summary, task: DueTask): Promise<void> {
  const { path: subject } = task;
  try {
    await task.run();
  } catch (error) {
    summary.failed += 1;
    const cause = error instanceof PublishError ? 'publish' : 'other';
    context.log.error(
      'reconcile failed, will retry',
      withMetric({ subject, error: errorText(error) }, { metric: 'failure', by: 'renew', cause }),
    );
    // Postpone, so that failing items cannot block the queue. Best effort.
    await task.postpone().catch((postponing: unknown) => {
      context.log.warning('could not postpone', { subject, error: errorText(postponing) });
    });
  }
}

/** Makes Google's channels match the watches. Returns a summary. */
export async function renew(uncounted: RenewContext): Promise<Summary> {
  const { calendar, drain } = withCallCounter(uncounted.calendar);
  const context = { ...uncounted, calendar };
  const startedAt = context.now();
  const summary: Summary = { created: 0, renewed: 0, stopped: 0, polled: 0, failed: 0, remaining: 0 };
  const deadline = startedAt + context.budgetMs;
  const isTimeUp = (): boolean => context.now() >= deadline || context.isShuttingDown();
  const limit = pLimit(context.concurrency);
  const started = new Set<string>();
  const start = async (task: DueTask): Promise<void> => {
    if (isTimeUp()) return;
    started.add(task.path);
    await runTask(context, summary, task);
  };

  // Upkeep comes first, so that this run reconciles the watches that it makes due.
  if (isUpkeepDue(context.random())) await runUpkeep(context, summary, isTimeUp);
  for (;;) {
    // A failed task may be due again already, but runs only once per run.
    const tasks = await loadDueTasks(context, summary, isTimeUp);
    const due = tasks.filter(({ path }) => !started.has(path));
    if (isTimeUp()) summary.remaining += due.length;
    if (due.length === 0 || isTimeUp()) break;
    await Promise.all(due.map((task) => limit(() => start(task))));
  }
  const ms = context.now() - startedAt;
  context.log.info('renewed', withMetric({}, { metric: 'renew', ...summary, ms, ...drain() }));
  return summary;
}
