import pLimit from 'p-limit';

import type { Problem } from '../calendar/errors.ts';
import { isRecurring } from '../calendar/event-times.ts';
import { isDeleted, type Item } from '../calendar/resources.ts';
import type { SyncContext } from './context.ts';
import type { Run } from './run.ts';
import { parentOf } from './series.ts';

const CONCURRENCY = 4;

export type LostSeries =
  /** `gone`: ids of deleted series. Their occurrences are deleted with them. */
  | { readonly ok: true; readonly gone: ReadonlySet<string> }
  | { readonly ok: false; readonly problem: Problem };

/** Returns the ids of the series of which a page has cancelled occurrences. */
export const seriesWithCancellations = (items: ReadonlyMap<string, Item>): ReadonlySet<string> =>
  new Set([...items.values()].flatMap((item) => (isDeleted('events', item) ? (parentOf(item) ?? []) : [])));

/**
 * Finds the deleted series among those of which a page of a full list has cancelled occurrences; such occurrences are
 * not mirrored. Google is asked for a series that this process has not seen, as another invocation may have read its
 * page, unless this page is the whole list.
 * @see https://github.com/nylas/sync-engine/issues/433
 */
export async function findOrphans(
  context: SyncContext,
  { traversal, watchSpec, knownSeries }: Run,
  items: ReadonlyMap<string, Item>,
  isWholeList: boolean,
): Promise<LostSeries> {
  for (const [id, item] of items) {
    if (!isDeleted('events', item) && parentOf(item) === undefined && isRecurring(item)) knownSeries.add(id);
  }
  const deleted = new Set(traversal.deletedParents);
  const isListed = (id: string): boolean => items.has(id) && !isDeleted('events', items.get(id) ?? { id });
  const unknown = [...seriesWithCancellations(items)].filter(
    (id) => !knownSeries.has(id) && !deleted.has(id) && !isListed(id),
  );
  if (isWholeList) return { ok: true, gone: new Set(unknown) };
  const gone = new Set<string>();
  const check = async (id: string): Promise<Problem | undefined> => {
    const { auth = context.auth, target } = watchSpec;
    const answer = await context.calendar.get(auth, target, id);
    if (!answer.ok) return answer.problem;
    if (answer.value === undefined || isDeleted('events', answer.value)) gone.add(id);
    else knownSeries.add(id);
    return undefined;
  };
  const limit = pLimit(CONCURRENCY);
  const problems = await Promise.all(unknown.map((id) => limit(() => check(id))));
  const problem = problems.find((each) => each !== undefined);
  return problem === undefined ? { ok: true, gone } : { ok: false, problem };
}
