import type { Problem } from '../calendar/errors.ts';
import type { Notification } from '../feed/notification.ts';
import { requestMessage } from '../feed/notification.ts';
import type { Wish } from '../mirror/spec.ts';
import type { Traversal, Watch } from '../mirror/watch.ts';
import type { SyncContext } from './context.ts';
import { listStep, type Stepped } from './list-step.ts';
import type { Run } from './run.ts';
import { purgeStep, readSeen, sweepStep } from './sweep-step.ts';
import { troubled } from './trouble.ts';

/** One run through all pages of a list, and the sweep after it: as far as time allows. */

export type Traversed =
  | { readonly outcome: 'completed'; readonly run: Run }
  /** Time was up: a `continue` message will go on. */
  | { readonly outcome: 'continued'; readonly run: Run }
  | { readonly outcome: 'failed'; readonly run: Run; readonly problem: Problem };

/** How often one invocation begins a full sync anew (410 in the middle of one) before it calls that trouble. */
const MOST_RESTARTS = 2;

async function newTraversal(
  context: SyncContext,
  watch: Watch,
  wish: Wish,
  kind: Traversal['kind'],
  origin: Traversal['origin'],
): Promise<Traversal> {
  const sweeps = kind === 'full' && !(await context.mirror.isEmpty(wish.collection));
  return {
    id: context.newId(),
    kind,
    parametersKey: wish.parametersKey,
    startedAt: watch.readTime,
    origin,
    position: 0,
    news: 0,
    ...(sweeps ? { seenPages: 0 } : {}),
  };
}

/** What a traversal keeps of the notification that it began with, over all continuations. */
export function originOf(notification: Notification): NonNullable<Traversal['origin']> {
  const { reason } = notification;
  if (reason !== 'push') return { reason };
  return { reason, state: notification.resourceState, channel: notification.channelId };
}

/** Whether the answer to this problem is a full sync from the beginning. */
function startsOver({ traversal }: Run, problem: Problem): boolean {
  const cursorUsed = traversal.kind === 'incremental' || traversal.pageToken !== undefined;
  // A 400 to a call with a token is most likely about the token; without one it is about the rest.
  return cursorUsed && (problem.kind === 'fullSyncRequired' || problem.kind === 'invalid');
}

async function startOver(context: SyncContext, run: Run): Promise<void> {
  const { watch, wish } = run;
  run.traversal = await newTraversal(context, watch, wish, 'full', run.traversal.origin);
  context.log.info('full sync required', { watch: watch.id });
}

/** Begins a traversal of a loaded watch, or takes up the one that it has. Nothing is written yet. */
export async function begin(
  context: SyncContext,
  watch: Watch,
  wish: Wish,
  notification: Notification,
  kind: Traversal['kind'] | Traversal,
  joins = false,
): Promise<Run> {
  const traversal =
    typeof kind === 'string' ? await newTraversal(context, watch, wish, kind, originOf(notification)) : kind;
  const { version, sync } = watch;
  const announced = Promise.resolve();
  return { watch, wish, notification, joins, version, sync, traversal, steps: 0, announced };
}

/**
 * Runs a traversal step by step until it is complete, `deadline` (Unix ms) has passed, or Google refuses. At least one
 * step is taken, so that a traversal always gets on. What it has committed is announced when it ends.
 * @throws {Conflict} when another write to the watch came first: load it and decide again.
 */
export async function traverse(context: SyncContext, run: Run, deadline: number): Promise<Traversed> {
  try {
    return await takeSteps(context, run, deadline);
  } finally {
    await run.announced;
  }
}

async function takeSteps(context: SyncContext, run: Run, deadline: number): Promise<Traversed> {
  let seen: ReadonlySet<string> | undefined;
  let restarts = 0;
  const goesOn = (): boolean => context.now() < deadline && !context.ending();
  const step = async (): Promise<Stepped> => {
    if (run.traversal.kind === 'purge') return purgeStep(context, run);
    if (run.traversal.sweep === undefined) return listStep(context, run, goesOn);
    seen ??= await readSeen(context, run);
    if (seen !== undefined) return sweepStep(context, run, seen);
    return { problem: { kind: 'fullSyncRequired', reason: 'seenPagesMissing' } };
  };
  for (;;) {
    const stepped = await step();
    if (stepped === 'done') return { outcome: 'completed', run };
    if (stepped !== 'more') {
      const { problem } = stepped;
      if (restarts < MOST_RESTARTS && (startsOver(run, problem) || problem.reason === 'seenPagesMissing')) {
        restarts += 1;
        await startOver(context, run);
        continue;
      }
      await context.mirror.commit({
        watchId: run.watch.id,
        version: run.version,
        ...troubled(context, run.watch, run.sync, problem),
      });
      return { outcome: 'failed', run, problem };
    }
    if (!goesOn()) {
      await publishContinue(context, run);
      return { outcome: 'continued', run };
    }
  }
}

async function publishContinue(context: SyncContext, run: Run): Promise<void> {
  // Whoever goes on announces what is in the outbox first: nothing that is on its way already.
  await run.announced;
  const { id, position } = run.traversal;
  const request = { reason: 'continue', watchId: run.watch.id, traversal: id, position } as const;
  const time = new Date(context.now()).toISOString();
  await context.publishNotification(requestMessage(request, `${id}/${String(position)}`, time));
}
