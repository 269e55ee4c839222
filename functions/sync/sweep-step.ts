import type { Traversal } from '../watches/status.ts';
import { deletions } from './changes.ts';
import { commitStep, type Finish } from './commit-step.ts';
import { completion } from './complete.ts';
import type { Run } from './run.ts';

/**
 * The sweep after the last page of a full sync, over a mirror that was not empty: it deletes the mirrored items that
 * were not listed. The purge of a removed watch is a sweep with nothing listed.
 */

/** Documents per step. */
const STEP_SIZE = 300;

/**
 * Returns the ids on the traversal's pages. Undefined if pages are missing: the sweep would then delete items that
 * Google still lists.
 */
export async function readSeen(run: Run): Promise<ReadonlySet<string> | undefined> {
  const { id, seenPages } = run.traversal;
  const { ids, pages } = await run.context.mirror.readSeen(run.watch.id, id);
  return pages === seenPages ? ids : undefined;
}

/** Deletes those of the next documents that are not in `seen`. `lastFinish` returns the `finish` of the last step. */
async function deleteUnseen(run: Run, seen: ReadonlySet<string>, lastFinish: (next: Traversal) => Finish) {
  const { context, traversal, watchSpec, watch } = run;
  const ids = await context.mirror.listIds(watchSpec.collection, traversal.sweep?.after, STEP_SIZE);
  const gone = ids.filter((id) => !seen.has(id));
  const differences = deletions(
    watchSpec.target.resource,
    await context.mirror.readItems(watchSpec.collection, gone),
  );
  const next: Traversal = {
    ...traversal,
    stepsCommitted: traversal.stepsCommitted + 1,
    changeCount: traversal.changeCount + differences.length,
    sweep: { ...traversal.sweep, ...(ids.length > 0 ? { after: ids.at(-1) } : {}) },
  };
  const isLast = ids.length < STEP_SIZE;
  const finish: Finish = isLast ? lastFinish(next) : (sync) => ({ sync: { ...sync, traversal: next } });
  const completesFull = isLast && traversal.kind === 'full';
  await commitStep(run, { differences, completesFull }, finish);
  run.traversal = next;
  if (isLast) await context.mirror.deleteSeen(watch.id);
  return isLast ? 'done' : 'more';
}

/** Sweeps over the next documents. The last step stores the sync token. */
export const sweepStep = (run: Run, seen: ReadonlySet<string>) =>
  deleteUnseen(run, seen, ({ sweep, changeCount }) => completion(run, sweep?.token, changeCount));

/** Deletes the next mirrored documents. The last step removes the watch, which keeps its sequence. */
export const purgeStep = (run: Run) =>
  deleteUnseen(run, new Set(), () => ({ sequence }) => ({
    sync: { sequence, failures: 0 },
    transition: { state: 'removed', reason: 'purged' },
  }));
