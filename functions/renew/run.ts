import pLimit from 'p-limit';

import { withCallCounter } from '../calendar/call-counter.ts';
import { PublishError } from '../feed/envelope.ts';
import { errorText } from '../runtime/log.ts';
import { withMetric } from '../runtime/metrics.ts';
import { clockDueAt, isDueForClockOnly } from '../watches/clock-due.ts';
import type { Watch, WatchResult } from '../watches/watch.ts';
import { reviewChannel } from './channels.ts';
import type { RenewContext, RenewRun, Summary } from './context.ts';
import { createPace } from './pace.ts';
import { reconcile } from './reconcile.ts';
import { publishClock, runClock } from './poll.ts';
import { isUpkeepDue, runUpkeep } from './upkeep.ts';
import { watchMetrics } from './watch-metrics.ts';

/** One run of renew: reconciles everything that is due, with bounded concurrency and pace, until it is done or time is up. */

/** Documents per query. */
const PAGE_SIZE = 200;
/** The most documents that a query passes over, because their users' shares of the quota are used up. */
const MOST_PASSED = 2_000;
/** When to check a watch or channel again that cannot be read or reviewed. */
const UNREADABLE_RETRY_MS = 3_600_000;
/** When to retry a watch that could not be reconciled: in the next run. */
const FAILED_RETRY_MS = 30_000;

/** A watch or channel that is due. */
interface DueTask {
  /** Path of its document. */
  readonly path: string;
  /** Whose quota it uses; empty if unknown. */
  readonly user: string;
  /** Whether it is due for its clock alone, which waits for no quota. */
  readonly isClock: boolean;
  readonly run: () => Promise<void>;
  /** Runs the clock of a watch whose check waits for quota. */
  readonly runClock?: (() => Promise<void>) | undefined;
  /** Moves `nextDueAt` later after a failure. */
  readonly postpone: () => Promise<unknown>;
}

const clockTask = (context: RenewRun, watch: Watch, checkAt: number): DueTask => ({
  path: `watches/${watch.id}`,
  user: '',
  isClock: true,
  run: () => runClock(context, watch, checkAt),
  // It stays due.
  postpone: () => Promise.resolve(),
});

function watchTask(context: RenewRun, due: WatchResult): DueTask {
  const { mirror } = context;
  if (due.ok) {
    const { watch } = due;
    const { checkAt } = watch;
    if (checkAt !== undefined && isDueForClockOnly(watch, context.now()))
      return clockTask(context, watch, checkAt);
    return {
      path: `watches/${watch.id}`,
      user: watch.spec.ok ? watch.spec.value.target.user : '',
      isClock: false,
      run: () => {
        const metric = watchMetrics(watch, context.now(), context.rules);
        context.log.info('watch checked', withMetric({ watch: watch.id }, metric));
        return reconcile(context, watch);
      },
      runClock: clockDueAt(watch) <= context.now() ? () => publishClock(context, watch.id) : undefined,
      postpone: () =>
        mirror.applyReconcileResult(watch, { from: watch.state, nextDueAt: context.now() + FAILED_RETRY_MS }),
    };
  }
  const { id, problem, updateTime } = due;
  return {
    path: `watches/${id}`,
    user: '',
    isClock: false,
    run: () => Promise.reject(new Error(problem)),
    postpone: () => mirror.postpone(id, context.now() + UNREADABLE_RETRY_MS, updateTime),
  };
}

/** Watches with a clock that are due became so in the run before this one at the latest. */
const RECENT_MS = 180_000;

/** Returns the watches and channels that are due now, at most `most` of each, and the clocks behind a backlog of other watches. */
async function loadDueTasks(context: RenewRun, most: number): Promise<readonly DueTask[]> {
  const { mirror } = context;
  const now = context.now();
  const [channels, watches] = await Promise.all([
    mirror.dueChannels(now, most),
    mirror.dueWatches(now, most),
  ]);
  const checks = watches.map((due) => watchTask(context, due));
  const isBacklog = watches.length >= most && checks.some(({ isClock }) => !isClock);
  const recent = isBacklog ? await mirror.dueWatches(now, MOST_PASSED, now - RECENT_MS) : [];
  const tasks = [
    ...recent.map((due) => watchTask(context, due)).filter(({ isClock }) => isClock),
    ...checks,
    ...channels.map((channel): DueTask => ({
      path: `channels/${channel.id}`,
      user: channel.user,
      isClock: false,
      run: async () => {
        if (await reviewChannel(context, channel)) context.summary.stopped += 1;
      },
      postpone: () => context.mirror.rescheduleChannel(channel.id, context.now() + UNREADABLE_RETRY_MS),
    })),
  ];
  return [...new Map(tasks.map((task) => [task.path, task])).values()];
}

/** Runs a task. A failure is logged and counted, and affects no other task. */
async function runTask(context: RenewRun, task: DueTask): Promise<void> {
  const { path: subject } = task;
  try {
    await task.run();
  } catch (error) {
    context.summary.failed += 1;
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
  const pace = createPace();
  const { calendar, drain } = withCallCounter(uncounted.calendar, pace.charge);
  const startedAt = uncounted.now();
  const summary: Summary = { created: 0, renewed: 0, stopped: 0, polled: 0, failed: 0, remaining: 0 };
  const deadline = startedAt + uncounted.budgetMs;
  const isOver = (): boolean => uncounted.now() >= deadline || uncounted.isShuttingDown();
  const isTimeUp = (): boolean => isOver() || !pace.hasRoom();
  const takeCall = (user: string): boolean => {
    const hasRoom = pace.hasRoom() && pace.hasRoomFor(user);
    if (hasRoom) pace.charge(user, 1);
    return hasRoom;
  };
  const context = { ...uncounted, calendar, summary, isTimeUp, takeCall };
  const limit = pLimit(context.concurrency);
  const started = new Set<string>();
  const start = async (task: DueTask): Promise<void> => {
    if (task.isClock ? isOver() : isTimeUp()) return;
    started.add(task.path);
    if (task.isClock) return runTask(context, task);
    // The list call of the poll that most checks publish.
    if (takeCall(task.user)) return runTask(context, task);
    // It stays due, and delays no other user's.
    summary.remaining += 1;
    if (task.runClock) await runTask(context, { ...task, run: task.runClock });
  };

  // Upkeep comes first, so that this run reconciles the watches that it makes due.
  if (isUpkeepDue(context.random())) await runUpkeep(context);
  for (;;) {
    // A failed task may be due again already, but runs only once per run.
    const tasks = await loadDueTasks(context, PAGE_SIZE + Math.min(summary.remaining, MOST_PASSED));
    const due = tasks.filter(({ path }) => !started.has(path));
    const clocks = due.filter(({ isClock }) => isClock);
    const others = due.filter(({ isClock }) => !isClock);
    if (due.length === 0) break;
    if (isOver() || (isTimeUp() && clocks.length === 0)) {
      summary.remaining += due.length;
      break;
    }
    // Clocks first: they have seconds, where other work has minutes.
    await limit.map([...clocks, ...others], start);
  }
  const ms = context.now() - startedAt;
  context.log.info('renewed', withMetric({}, { metric: 'renew', ...summary, ms, ...drain() }));
  return summary;
}
