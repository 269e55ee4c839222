import pLimit from 'p-limit';

import type { Problem } from '../calendar/errors.ts';
import { isRecurring } from '../calendar/event-times.ts';
import { isDeleted, type Item } from '../calendar/resources.ts';
import type { MirroredItem } from '../mirror/items.ts';
import type { SyncContext } from './context.ts';
import type { Run } from './run.ts';
import { endsBefore, parentOf } from './series.ts';

/** Finds deleted series of which a list has only cancelled occurrences. */

type LostSeries =
  /** Ids of deleted series. Their occurrences are deleted with them. */
  { readonly gone: ReadonlySet<string> } | { readonly problem: Problem };

/** Series to ask Google for on one page. For more than these, a full list costs less. */
const MAX_SERIES = 20;
const CONCURRENCY = 4;

/** Returns the ids of the series of which a page has cancelled occurrences. */
const seriesWithCancellations = (items: ReadonlyMap<string, Item>): ReadonlySet<string> =>
  new Set([...items.values()].flatMap((item) => (isDeleted('events', item) ? (parentOf(item) ?? []) : [])));

/** Returns the mirrored occurrences that are not on the page. */
const missingFrom = (
  items: ReadonlyMap<string, Item>,
  mirrored: ReadonlyMap<string, MirroredItem>,
): readonly Item[] => [...mirrored].flatMap(([id, { item }]) => (items.has(id) ? [] : [item]));

/** Asks Google for series, and returns those that are gone. `inspect` may find a problem with one that exists. */
async function findGone(
  context: SyncContext,
  { watchSpec }: Run,
  ids: readonly string[],
  inspect: (id: string, series: Item) => Promise<Problem | undefined>,
): Promise<LostSeries> {
  const { auth = context.auth, target } = watchSpec;
  const gone = new Set<string>();
  const check = async (id: string): Promise<Problem | undefined> => {
    const answer = await context.calendar.get(auth, target, id);
    if (!answer.ok) return answer.problem;
    const series = answer.value;
    if (series !== undefined && !isDeleted('events', series)) return inspect(id, series);
    gone.add(id);
    return undefined;
  };
  const limit = pLimit(CONCURRENCY);
  const problems = await Promise.all(ids.map((id) => limit(() => check(id))));
  const problem = problems.find((each) => each !== undefined);
  return problem === undefined ? { gone } : { problem };
}

/**
 * Finds the deleted series among those of which a page of a full list has cancelled occurrences; such occurrences are
 * not mirrored. Google is asked for a series that this process has not seen, as another invocation may have read its
 * page, unless this page is the whole list.
 * @see https://github.com/nylas/sync-engine/issues/433
 */
async function findOrphans(
  context: SyncContext,
  run: Run,
  items: ReadonlyMap<string, Item>,
  isWholeList: boolean,
): Promise<LostSeries> {
  const { traversal, knownSeries } = run;
  for (const [id, item] of items) {
    if (!isDeleted('events', item) && parentOf(item) === undefined && isRecurring(item)) knownSeries.add(id);
  }
  const deleted = new Set(traversal.deletedParents);
  const isListed = (id: string): boolean => items.has(id) && !isDeleted('events', items.get(id) ?? { id });
  const unknown = [...seriesWithCancellations(items)].filter(
    (id) => !knownSeries.has(id) && !deleted.has(id) && !isListed(id),
  );
  if (isWholeList) return { gone: new Set(unknown) };
  return findGone(context, run, unknown, async (id) => {
    knownSeries.add(id);
    return undefined;
  });
}

/** Returns the series of which the page cancels occurrences while the mirror has others that the page does not list. */
async function findSuspects(
  context: SyncContext,
  { traversal, watchSpec }: Run,
  items: ReadonlyMap<string, Item>,
): Promise<readonly string[]> {
  const known = new Set(traversal.deletedParents);
  const limit = pLimit(CONCURRENCY);
  const suspects = await Promise.all(
    [...seriesWithCancellations(items)]
      .filter((id) => !known.has(id))
      .map((id) =>
        limit(async () => {
          const listed = [...items.values()].filter((item) => parentOf(item) === id).length;
          const mirrored = await context.mirror.exceptionsOf(watchSpec.collection, id, listed + 1);
          return missingFrom(items, mirrored).length > 0 ? [id] : [];
        }),
      ),
  );
  return suspects.flat();
}

/**
 * Finds series that were deleted, for an incremental list with `singleEvents`. Of a deleted series, such a list has
 * the occurrences of some months only, and never the recurring event itself, so Google is asked for that event.
 * @see https://github.com/googleapis/google-api-ruby-client/issues/860
 */
async function findDeletedSeries(
  context: SyncContext,
  run: Run,
  items: ReadonlyMap<string, Item>,
): Promise<LostSeries> {
  const { collection } = run.watchSpec;
  const suspects = await findSuspects(context, run, items);
  if (suspects.length > MAX_SERIES) {
    return { problem: { kind: 'fullSyncRequired', reason: 'manySeriesCancelled' } };
  }
  return findGone(context, run, suspects, async (id, series) => {
    if (!JSON.stringify(series['recurrence'] ?? null).includes('UNTIL=')) return undefined;
    // "This and following" was edited: later occurrences are gone, or belong to a new series. Only a full list can tell.
    const rest = missingFrom(items, await context.mirror.exceptionsOf(collection, id));
    return rest.some((item) => endsBefore(series, item))
      ? { kind: 'fullSyncRequired', reason: 'seriesCutShort' }
      : undefined;
  });
}

/**
 * Finds the deleted series among those of which a page cancels occurrences. Returns a problem if Google could not be
 * asked, or if only a full list can tell.
 */
export async function findLostSeries(
  context: SyncContext,
  run: Run,
  items: ReadonlyMap<string, Item>,
  isWholeList: boolean,
): Promise<LostSeries> {
  const { traversal, watchSpec } = run;
  const { singleEvents } = watchSpec.parameters;
  if (watchSpec.target.resource === 'events') {
    if (traversal.kind === 'full' && !singleEvents) return findOrphans(context, run, items, isWholeList);
    if (traversal.kind === 'incremental' && singleEvents) return findDeletedSeries(context, run, items);
  }
  return { gone: new Set() };
}
