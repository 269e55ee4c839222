import type { Page } from '../calendar/client.ts';
import type { Problem } from '../calendar/errors.ts';
import type { Item } from '../calendar/resources.ts';
import { storedSize } from '../mirror/data.ts';
import type { SyncStatus, Traversal } from '../watches/status.ts';
import { commitStep } from './commit-step.ts';
import { comparePage, type ReadPage } from './compare-page.ts';
import { completion } from './complete.ts';
import type { SyncContext } from './context.ts';
import { nextMark } from './page-tokens.ts';
import type { Run } from './run.ts';
import { withoutSkippedItems, withSkippedItems } from './skipped-items.ts';

/** Bytes of the ids of deleted recurring events that the watch's document holds during a traversal. */
const MAX_PARENTS_BYTES = 200_000;

/** Returns the skipped items that remain after a page. The first page of a full list clears them: it skips them again. */
function remainingSkippedItems({ sync, traversal }: Run, items: ReadonlyMap<string, Item>): SyncStatus {
  if (traversal.kind !== 'full' || traversal.stepsCommitted > 0)
    return withoutSkippedItems(sync, items.keys());
  const { skippedItems: _, ...rest } = sync;
  return rest;
}

/** Returns the traversal after a page. */
function advance(run: Run, page: Page, changeCount: number, goneSeries: ReadonlySet<string>): Traversal {
  const { pageToken: _, ...before } = run.traversal;
  const next = {
    ...before,
    stepsCommitted: before.stepsCommitted + 1,
    changeCount: before.changeCount + changeCount,
    ...(before.seenPages === undefined ? {} : { seenPages: before.seenPages + 1 }),
  };
  if (page.nextPageToken === undefined) {
    const { deletedParents: __, tokenMark: ___, ...rest } = next;
    return { ...rest, sweep: page.nextSyncToken === undefined ? {} : { token: page.nextSyncToken } };
  }
  const { nextPageToken: pageToken } = page;
  const mark = nextMark(before, next.stepsCommitted, pageToken);
  return { ...next, pageToken, ...mark, ...(goneSeries.size > 0 ? { deletedParents: [...goneSeries] } : {}) };
}

/**
 * Commits the changes of a page, and completes the sync with the last page unless a sweep follows.
 * @throws {AlreadyExists} when the page is `unseen`, but one of its items is mirrored
 */
export async function commitPage(
  context: SyncContext,
  run: Run,
  page: Page,
  read: ReadPage,
): Promise<'more' | 'done' | { readonly problem: Problem }> {
  const { traversal, watch } = run;
  const compared = await comparePage(context, run, page, read);
  if (!compared.ok) return { problem: compared.problem };
  const { differences, changeCount, goneSeries, fieldsOf } = compared;
  if (storedSize([...goneSeries]) > MAX_PARENTS_BYTES) {
    // The watch's document cannot hold them all; a full list contains neither them nor their occurrences.
    return { problem: { kind: 'fullSyncRequired', reason: 'tooManyDeleted' } };
  }
  const next = advance(run, page, changeCount, goneSeries);
  const isLastPage = page.nextPageToken === undefined;
  const sweeps = traversal.kind === 'full' && traversal.seenPages !== undefined;
  const completes = isLastPage && !sweeps;
  const finish = completes ? completion(context, run, page.nextSyncToken, next.changeCount) : undefined;
  run.sync = withSkippedItems(remainingSkippedItems(run, read.items), read.skipped);
  await commitStep(context, run, { differences, fieldsOf, unseen: read.unseen }, (sync) => ({
    ...(finish ? finish(sync) : { sync: { ...sync, traversal: next } }),
    ...(sweeps
      ? { seen: { traversal: traversal.id, page: traversal.seenPages ?? 0, ids: [...read.items.keys()] } }
      : {}),
  }));
  if (isLastPage && page.nextSyncToken === undefined) {
    context.log.warning('list ended without a sync token', { watch: watch.id, kind: traversal.kind });
  }
  run.traversal = next;
  return completes ? 'done' : 'more';
}
