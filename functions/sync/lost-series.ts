import pLimit from 'p-limit';

import type { Problem } from '../calendar/errors.ts';
import { isDeleted, type Item } from '../calendar/resources.ts';
import type { MirroredItem } from '../mirror/items.ts';
import type { SyncContext } from './context.ts';
import { endsBefore } from './ends-before.ts';
import { findOrphans, seriesWithCancellations, type LostSeries } from './orphans.ts';
import type { Run } from './run.ts';
import { parentOf } from './series.ts';

/** Series to ask Google for on one page. For more than these, a full list costs less. */
const MAX_SERIES = 20;
const CONCURRENCY = 4;

const NONE: LostSeries = { ok: true, gone: new Set() };

/** Returns the mirrored occurrences that are not on the page. */
const missingFrom = (
  items: ReadonlyMap<string, Item>,
  mirrored: ReadonlyMap<string, MirroredItem>,
): readonly Item[] => [...mirrored].flatMap(([id, { item }]) => (items.has(id) ? [] : [item]));

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
  const { auth = context.auth, target, collection } = run.watchSpec;
  const suspects = await findSuspects(context, run, items);
  if (suspects.length > MAX_SERIES) {
    return { ok: false, problem: { kind: 'fullSyncRequired', reason: 'manySeriesCancelled' } };
  }
  const gone = new Set<string>();
  const check = async (id: string): Promise<Problem | undefined> => {
    const answer = await context.calendar.get(auth, target, id);
    if (!answer.ok) return answer.problem;
    const event = answer.value;
    if (event === undefined || isDeleted('events', event)) {
      gone.add(id);
      return undefined;
    }
    if (!JSON.stringify(event['recurrence'] ?? null).includes('UNTIL=')) return undefined;
    // "This and following" was edited: later occurrences are gone, or belong to a new series. Only a full list can tell.
    const rest = missingFrom(items, await context.mirror.exceptionsOf(collection, id));
    return rest.some((item) => endsBefore(event, item))
      ? { kind: 'fullSyncRequired', reason: 'seriesCutShort' }
      : undefined;
  };
  const limit = pLimit(CONCURRENCY);
  const problems = await Promise.all(suspects.map((id) => limit(() => check(id))));
  const problem = problems.find((each) => each !== undefined);
  return problem === undefined ? { ok: true, gone } : { ok: false, problem };
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
  if (watchSpec.target.resource !== 'events') return NONE;
  if (traversal.kind === 'full' && !singleEvents) return findOrphans(context, run, items, isWholeList);
  if (traversal.kind === 'incremental' && singleEvents) return findDeletedSeries(context, run, items);
  return NONE;
}
