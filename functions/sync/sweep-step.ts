import { deletions } from './changes.ts';
import { commitStep } from './commit-step.ts';
import { completion } from './complete.ts';
import type { SyncContext } from './context.ts';
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
export async function readSeen(context: SyncContext, run: Run): Promise<ReadonlySet<string> | undefined> {
  const { id, seenPages } = run.traversal;
  const { ids, pages } = await context.mirror.readSeen(run.watch.id, id);
  return pages === seenPages ? ids : undefined;
}

/** Returns the deletions among the next documents, and the traversal after them. */
async function findGone(context: SyncContext, run: Run, seen: ReadonlySet<string>) {
  const { collection } = run.watchSpec;
  const ids = await context.mirror.listIds(collection, run.traversal.sweep?.after, STEP_SIZE);
  const gone = ids.filter((id) => !seen.has(id));
  const differences = deletions(await context.mirror.readItems(collection, gone));
  const { traversal } = run;
  const next = {
    ...traversal,
    stepsCommitted: traversal.stepsCommitted + 1,
    changeCount: traversal.changeCount + differences.length,
    sweep: { ...traversal.sweep, ...(ids.length > 0 ? { after: ids.at(-1) } : {}) },
  };
  return { differences, next, isLast: ids.length < STEP_SIZE };
}

/** Sweeps over the next documents. The last step stores the sync token. */
export async function sweepStep(
  context: SyncContext,
  run: Run,
  seen: ReadonlySet<string>,
): Promise<'more' | 'done'> {
  const { differences, next, isLast } = await findGone(context, run, seen);
  const finish = isLast ? completion(context, run, next.sweep.token, next.changeCount) : undefined;
  await commitStep(context, run, { differences }, (sync) =>
    finish ? finish(sync) : { sync: { ...sync, traversal: next } },
  );
  run.traversal = next;
  if (isLast) await context.mirror.deleteSeen(run.watch.id);
  return isLast ? 'done' : 'more';
}

/** Deletes the next mirrored documents. The last step removes the watch, which keeps its sequence. */
export async function purgeStep(context: SyncContext, run: Run): Promise<'more' | 'done'> {
  const { differences, next, isLast } = await findGone(context, run, new Set());
  await commitStep(context, run, { differences }, (sync) =>
    isLast
      ? { sync: { sequence: sync.sequence, failures: 0 }, transition: { state: 'removed', reason: 'purged' } }
      : { sync: { ...sync, traversal: next } },
  );
  run.traversal = next;
  if (isLast) await context.mirror.deleteSeen(run.watch.id);
  return isLast ? 'done' : 'more';
}
