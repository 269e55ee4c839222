import { deletions } from './changes.ts';
import { completion } from './complete.ts';
import type { SyncContext } from './context.ts';
import { commitStep, type Run } from './run.ts';

/**
 * After the last page of a full sync over a mirror that was not empty: what is mirrored and was not listed is gone. And the
 * same with nothing listed at all: the purge of a watch that is removed.
 */

/** Documents looked at in one step. */
const AT_ONCE = 300;

/** The ids that the traversal's pages saw, or undefined when some of them are missing and the sweep would delete too much. */
export async function readSeen(context: SyncContext, run: Run): Promise<ReadonlySet<string> | undefined> {
  const { id, seenPages } = run.traversal;
  const { ids, pages } = await context.mirror.readSeen(run.watch.id, id);
  return pages === seenPages ? ids : undefined;
}

async function findGone(context: SyncContext, run: Run, seen: ReadonlySet<string>) {
  const { collection } = run.wish;
  const ids = await context.mirror.listIds(collection, run.traversal.sweep?.after, AT_ONCE);
  const gone = ids.filter((id) => !seen.has(id));
  const differences = deletions(await context.mirror.readItems(collection, gone));
  const { traversal } = run;
  const next = {
    ...traversal,
    position: traversal.position + 1,
    news: traversal.news + differences.length,
    sweep: { ...traversal.sweep, ...(ids.length > 0 ? { after: ids.at(-1) } : {}) },
  };
  return { differences, next, ended: ids.length < AT_ONCE };
}

/** Sweeps over the next documents; the sync token is stored when there are no more. */
export async function sweepStep(
  context: SyncContext,
  run: Run,
  seen: ReadonlySet<string>,
): Promise<'more' | 'done'> {
  const { differences, next, ended } = await findGone(context, run, seen);
  const finish = ended ? completion(context, run, next.sweep.token, next.news) : undefined;
  await commitStep(context, run, { differences }, (sync) =>
    finish ? finish(sync) : { sync: { ...sync, traversal: next } },
  );
  run.traversal = next;
  if (ended) await context.mirror.deleteSeen(run.watch.id);
  return ended ? 'done' : 'more';
}

/** Deletes the next mirrored documents; the last step removes the watch, which keeps its last number. */
export async function purgeStep(context: SyncContext, run: Run): Promise<'more' | 'done'> {
  const { differences, next, ended } = await findGone(context, run, new Set());
  await commitStep(context, run, { differences }, (sync) =>
    ended
      ? { sync: { sequence: sync.sequence, failures: 0 }, transition: { state: 'removed', reason: 'purged' } }
      : { sync: { ...sync, traversal: next } },
  );
  run.traversal = next;
  if (ended) await context.mirror.deleteSeen(run.watch.id);
  return ended ? 'done' : 'more';
}
