import type { Problem } from '../calendar/errors.ts';
import { requestMessage } from '../feed/notification.ts';
import { commitBatch } from './commit-step.ts';
import { newTraversal, type Prefetched, type Run } from './run.ts';
import { onFailure } from './failure.ts';
import { listStep, type StepResult } from './list-step.ts';
import { purgeStep, readSeen, sweepStep } from './sweep-step.ts';

/**
 * A traversal: all pages of a list, and the sweep of a full sync. Each step is one commit.
 *
 *                             next page
 *                             ┌───────┐
 *                             ▼       │
 *   full, incremental ─▶ list a page ─┴─ last page ───────────────────────▶ complete
 *                             │                                                 ▲
 *                             │ last page of a full sync                        │
 *                             │ over a mirror that was not empty                │
 *                             ▼                                                 │
 *   purge ─────────────▶ sweep documents ─┬─ no more documents ─────────────────┘
 *                             ▲           │
 *                             └───────────┘
 *                            more documents
 *
 * It is interrupted by:
 *
 *   expired token, changed time zone,   ─▶ start over as a full sync, at most MAX_RESTARTS times per invocation
 *   missing pages of seen ids
 *   any other problem                   ─▶ failed: the watch records the problem and when to retry
 *   deadline, shutdown                  ─▶ continued: a `continue` message names the traversal and its position
 *   conflict with another writer        ─▶ thrown: the engine loads the watch and decides again
 */

export type TraversalResult =
  | { readonly outcome: 'completed' }
  /** Time was up; a `continue` message resumes the traversal. */
  | { readonly outcome: 'continued' }
  | { readonly outcome: 'failed'; readonly problem: Problem };

/** Restarts as a full sync per invocation; one more is a failure. */
const MAX_RESTARTS = 2;

const SEEN_PAGES_MISSING: Problem = { kind: 'fullSyncRequired', reason: 'seenPagesMissing' };

/** Returns whether a full sync from the first page solves a problem. */
function startsOver({ traversal }: Run, problem: Problem): boolean {
  if (problem === SEEN_PAGES_MISSING) return true;
  const sentToken = traversal.kind === 'incremental' || traversal.pageToken !== undefined;
  // With a token, assume a 400 means the token is invalid; without one, the parameters.
  return sentToken && (problem.kind === 'fullSyncRequired' || problem.kind === 'invalid');
}

async function startOver(run: Run, { reason }: Problem): Promise<void> {
  const { context, timeZone } = run;
  run.traversal = {
    ...(await newTraversal(run, 'full', run.traversal.origin)),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
  context.log.info('full sync required', { watch: run.watch.id, reason });
}

async function publishContinue(run: Run): Promise<void> {
  const { context } = run;
  // The continuation drains the outbox first, so finish our own publish before handing over.
  await run.publishing;
  const { id, stepsCommitted: position } = run.traversal;
  const request = { reason: 'continue', watchId: run.watch.id, traversal: id, position } as const;
  const time = new Date(context.now()).toISOString();
  await context.publishNotification(requestMessage(request, `${id}/${String(position)}`, time));
}

/** Frees the slot of a page that is not needed any more, once it has arrived. */
function dropPrefetched({ prefetched }: Run): void {
  if (prefetched === undefined) return;
  void Promise.allSettled([prefetched.answer]).then(async () => (await prefetched.slot)());
}

async function takeSteps(run: Run, deadline: number): Promise<TraversalResult> {
  const { context } = run;
  let seen: ReadonlySet<string> | undefined;
  let restarts = 0;
  const hasTime = (): boolean => context.now() < deadline && !context.isShuttingDown();
  const stepWith = async (prefetched: Prefetched | undefined): Promise<StepResult> => {
    if (run.traversal.kind === 'purge') return purgeStep(run);
    if (run.traversal.sweep === undefined) return listStep(run, prefetched, hasTime);
    seen ??= await readSeen(run);
    return seen === undefined ? { problem: SEEN_PAGES_MISSING } : sweepStep(run, seen);
  };
  const step = async (): Promise<StepResult> => {
    const { prefetched } = run;
    run.prefetched = undefined;
    const release = await (prefetched?.slot ?? context.pages.take());
    try {
      return await stepWith(prefetched);
    } finally {
      release();
    }
  };
  for (;;) {
    const result = await step();
    if (result === 'done') return { outcome: 'completed' };
    if (result !== 'more') {
      const { problem } = result;
      if (restarts < MAX_RESTARTS && startsOver(run, problem)) {
        restarts += 1;
        await startOver(run, problem);
        continue;
      }
      await commitBatch(run, onFailure(context, run.watch, run.sync, problem));
      return { outcome: 'failed', problem };
    }
    if (!hasTime()) {
      await publishContinue(run);
      return { outcome: 'continued' };
    }
  }
}

/**
 * Runs a traversal step by step until it is complete, fails, or `deadline` (Unix ms) has passed. It always takes at
 * least one step, so that every invocation makes progress. On return all committed changes are published.
 * @throws {Conflict} when another writer has changed the watch
 */
export async function traverse(run: Run, deadline: number): Promise<TraversalResult> {
  try {
    return await takeSteps(run, deadline);
  } finally {
    dropPrefetched(run);
    await run.publishing;
  }
}
