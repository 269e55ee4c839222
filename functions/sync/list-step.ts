import type { Page } from '../calendar/client.ts';
import type { Answer, Problem } from '../calendar/errors.ts';
import { isDeleted, type Item } from '../calendar/resources.ts';
import { AlreadyExists } from '../firestore/client.ts';
import { storedSize } from '../mirror/data.ts';
import { baseOf } from '../watches/epochs.ts';
import type { SyncStatus, Traversal } from '../watches/status.ts';
import { compare, countChanges, findEndings, unseenDeletions, type CompareOptions } from './changes.ts';
import { commitStep } from './commit-step.ts';
import { completion } from './complete.ts';
import { trackTimeZone, loadFields } from './event-fields.ts';
import { findLostSeries } from './lost-series.ts';
import { isRepeated, PAGE_TOKEN_REPEATED, nextMark } from './page-tokens.ts';
import { readPage, withoutSkippedItems, withSkippedItems, type Items, type PageItems } from './read-page.ts';
import { findReplaced } from './replaced.ts';
import type { Prefetched, Run } from './run.ts';

/** One step of a traversal: lists a page, compares it with the mirror, and commits the differences. */

/** The result of a step: more steps to take, the traversal complete, or a problem that ends or restarts it. */
export type StepResult = 'more' | 'done' | { readonly problem: Problem };

/** Compares a page with the mirror, including the exceptions of series that the page ends. */
async function comparePage(run: Run, page: Page, items: Items, unseen: boolean) {
  const { context, traversal, watchSpec, watch, sync } = run;
  const { collection, target, parameters } = watchSpec;
  const { resource } = target;
  const isLiving = (item: Item | undefined): boolean => item !== undefined && !isDeleted(resource, item);
  const options: CompareOptions = {
    resource,
    initial: sync.completedAt === undefined,
    singleEvents: parameters.singleEvents,
    base: baseOf(watch.epoch),
    deletedParents: new Set(traversal.deletedParents?.filter((id) => !isLiving(items.get(id)))),
    fieldsOf: await loadFields(run, [...items.values()]),
  };
  const mirrored = new Map(unseen ? [] : await context.mirror.readItems(collection, [...items.keys()]));
  const isWholeList = traversal.stepsCommitted === 0 && page.nextPageToken === undefined;
  const lost = await findLostSeries(run, items, isWholeList);
  if ('problem' in lost) return lost;
  const { endedSeries, ...endings } = findEndings(options, items, mirrored);
  const deletedParents = new Set([...endings.deletedParents, ...lost.gone]);
  const [replacedBy, ...exceptions] = await Promise.all([
    findReplaced(run, items, mirrored),
    ...[...deletedParents, ...endedSeries].map((parent) => context.mirror.exceptionsOf(collection, parent)),
  ]);
  for (const each of exceptions) for (const [id, item] of each) mirrored.set(id, item);
  const differences = compare({ items, mirrored, deletedParents, endedSeries, replacedBy }, options);
  return {
    differences,
    changeCount: countChanges(differences) + unseenDeletions(resource, items, mirrored),
    /** Recurring events that this page or an earlier one has deleted or turned into single ones. */
    goneSeries: new Set([...options.deletedParents, ...deletedParents, ...endedSeries]),
    fieldsOf: options.fieldsOf,
  };
}

/** Bytes of the ids of deleted recurring events that the watch's document holds during a traversal. */
const MAX_PARENTS_BYTES = 200_000;

/** Returns the skipped items that remain after a page. The first page of a full list clears them: it skips them again. */
function remainingSkippedItems({ sync, traversal }: Run, items: Items): SyncStatus {
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
async function commitPage(run: Run, page: Page, read: PageItems, unseen: boolean): Promise<StepResult> {
  const { context, traversal, watch } = run;
  const compared = await comparePage(run, page, read.items, unseen);
  if ('problem' in compared) return compared;
  const { differences, changeCount, goneSeries, fieldsOf } = compared;
  if (storedSize([...goneSeries]) > MAX_PARENTS_BYTES) {
    // The watch's document cannot hold them all; a full list contains neither them nor their occurrences.
    return { problem: { kind: 'fullSyncRequired', reason: 'tooManyDeleted' } };
  }
  const next = advance(run, page, changeCount, goneSeries);
  const isLastPage = page.nextPageToken === undefined;
  const sweeps = traversal.kind === 'full' && traversal.seenPages !== undefined;
  const completes = isLastPage && !sweeps;
  const finish = completes ? completion(run, page.nextSyncToken, next.changeCount) : undefined;
  run.sync = withSkippedItems(remainingSkippedItems(run, read.items), read.skipped);
  const completesFull = completes && traversal.kind === 'full';
  await commitStep(run, { differences, fieldsOf, unseen, completesFull }, (sync) => ({
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

/** Lists the traversal's next page, or the page that `pageToken` names. */
const list = (
  { context, traversal, watchSpec, sync }: Run,
  pageToken = traversal.pageToken,
): Promise<Answer<Page>> =>
  context.calendar.list(watchSpec.auth ?? context.auth, watchSpec.target, watchSpec.parameters, {
    ...(traversal.kind === 'incremental' && sync.token !== undefined ? { syncToken: sync.token } : {}),
    ...(pageToken === undefined ? {} : { pageToken }),
  });

/** Requests the page after this one if there is room for it, so that it arrives while this one is committed. */
function prefetch(run: Run, pageToken: string): void {
  const slot = run.context.pages.tryTake();
  if (slot === undefined) return;
  run.prefetched = { pageToken, answer: list(run, pageToken), slot };
  // The next step awaits this and handles its failure.
  run.prefetched.answer.catch(() => undefined);
}

/**
 * Returns whether the mirror need not be read for a page, as its collection was empty when the traversal began. If
 * pages have items in common, a commit notices. A deleted item may be one that an earlier page has added.
 */
const isUnseen = ({ traversal, watchSpec }: Run, items: Items): boolean =>
  traversal.kind === 'full' &&
  traversal.seenPages === undefined &&
  [...items.values()].every((item) => !isDeleted(watchSpec.target.resource, item));

/**
 * Lists the traversal's next page, unless it is `prefetched`, and commits it. If `hasTime`, it requests the page after it in the
 * meantime.
 */
export async function listStep(
  run: Run,
  prefetched: Prefetched | undefined,
  hasTime: () => boolean,
): Promise<StepResult> {
  const { context, traversal, watchSpec } = run;
  const isPrefetched = prefetched !== undefined && prefetched.pageToken === traversal.pageToken;
  const answer = await (isPrefetched ? prefetched.answer : list(run));
  if (!answer.ok) return { problem: answer.problem };
  const page = answer.value;
  const problem = trackTimeZone(run, page);
  if (problem) return { problem };
  if (page.nextPageToken !== undefined && isRepeated(traversal, page.nextPageToken)) {
    return { problem: PAGE_TOKEN_REPEATED };
  }
  if (page.nextPageToken !== undefined && hasTime()) prefetch(run, page.nextPageToken);
  const read = readPage(watchSpec.collection, page.items);
  for (const [item, reason] of read.skipped)
    context.log.warning('item skipped', { watch: run.watch.id, item, reason });
  const unseen = isUnseen(run, read.items);
  try {
    return await commitPage(run, page, read, unseen);
  } catch (error) {
    if (!unseen || !(error instanceof AlreadyExists)) throw error;
    return commitPage(run, page, read, false);
  }
}
