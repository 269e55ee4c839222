import pLimit from 'p-limit';

import type { Problem } from '../calendar/errors.ts';
import { isRecurring } from '../calendar/event-times.ts';
import { isDeleted, type Item } from '../calendar/resources.ts';
import type { MirroredItems } from '../mirror/items.ts';
import type { Items } from './read-page.ts';
import type { Run } from './run.ts';
import { parentOf } from './changes.ts';

/** Finds deleted series of which a list has only cancelled occurrences. */

type LostSeries =
  /** Ids of deleted series. Their occurrences are deleted with them. */
  { readonly gone: ReadonlySet<string> } | { readonly problem: Problem };

/** Series to ask Google for on one page. For more than these, a full list costs less. */
const MAX_SERIES = 20;
const CONCURRENCY = 4;

/** Returns the ids of the series of which a page has cancelled occurrences. */
const seriesWithCancellations = (items: Items): ReadonlySet<string> =>
  new Set([...items.values()].flatMap((item) => (isDeleted('events', item) ? (parentOf(item) ?? []) : [])));

/** Returns the mirrored occurrences that are not on the page. */
const missingFrom = (items: Items, mirrored: MirroredItems): readonly Item[] =>
  [...mirrored].flatMap(([id, { item }]) => (items.has(id) ? [] : [item]));

/** A date without a time ends with its day, in any time zone. */
const DAY_IN_ANY_ZONE_MS = 36 * 3_600_000;

const DATE_TIME = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?/;

const digits = (text: string): string => text.replaceAll(/[-:.]/g, '');

/** Returns the last moment of an `UNTIL` in Unix ms. */
function untilMs(until: string): number {
  const [, year, month, date, hour = '23', minute = '59', second = '59'] = DATE_TIME.exec(until) ?? [];
  const end = Date.parse(`${year ?? ''}-${month ?? ''}-${date ?? ''}T${hour}:${minute}:${second}Z`);
  return end + (until.endsWith('Z') ? 0 : DAY_IN_ANY_ZONE_MS);
}

/**
 * Returns whether the rules of a series end before the original start of one of its occurrences. False if in doubt,
 * as for a series with extra dates.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events#recurrence
 */
export function endsBefore(series: Item, occurrence: Item): boolean {
  const { recurrence } = series;
  const lines = Array.isArray(recurrence) ? recurrence.filter((line) => typeof line === 'string') : [];
  const rules = lines.filter((line) => /^RRULE/i.test(line));
  const untils = rules.flatMap((line) => /[;:]UNTIL=(\d{8}(?:T\d{6}Z?)?)/i.exec(line)?.[1] ?? []);
  const start = occurrence['originalStartTime'];
  if (rules.length === 0 || untils.length < rules.length || lines.some((line) => /^RDATE/i.test(line)))
    return false;
  if (typeof start !== 'object' || start === null) return false;
  if ('dateTime' in start && typeof start.dateTime === 'string') {
    const startMs = Date.parse(start.dateTime);
    return untils.every((until) => startMs > untilMs(until));
  }
  const { date } = { date: undefined, ...start };
  return typeof date === 'string' && untils.every((until) => digits(date) > until.slice(0, 8));
}

/** Asks Google for series, and returns those that are gone. `inspect` may find a problem with one that exists. */
async function findGone(
  { context, watchSpec }: Run,
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
  const problems = await pLimit(CONCURRENCY).map(ids, check);
  const problem = problems.find((each) => each !== undefined);
  return problem === undefined ? { gone } : { problem };
}

/**
 * Finds the deleted series among those of which a page of a full list has cancelled occurrences; such occurrences are
 * not mirrored. Google is asked for a series that this process has not seen, as another invocation may have read its
 * page, unless this page is the whole list.
 * @see https://github.com/nylas/sync-engine/issues/433
 */
async function findOrphans(run: Run, items: Items, isWholeList: boolean): Promise<LostSeries> {
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
  return findGone(run, unknown, async (id) => {
    knownSeries.add(id);
    return undefined;
  });
}

/** Returns the series of which the page cancels occurrences while the mirror has others that the page does not list. */
async function findSuspects({ context, traversal, watchSpec }: Run, items: Items) {
  const known = new Set(traversal.deletedParents);
  const unknown = [...seriesWithCancellations(items)].filter((id) => !known.has(id));
  const suspects = await pLimit(CONCURRENCY).map(unknown, async (id) => {
    const listed = [...items.values()].filter((item) => parentOf(item) === id).length;
    const mirrored = await context.mirror.exceptionsOf(watchSpec.collection, id, listed + 1);
    return missingFrom(items, mirrored).length > 0 ? [id] : [];
  });
  return suspects.flat();
}

/**
 * Finds series that were deleted, for an incremental list with `singleEvents`. Of a deleted series, such a list has
 * the occurrences of some months only, and never the recurring event itself, so Google is asked for that event.
 * @see https://github.com/googleapis/google-api-ruby-client/issues/860
 */
async function findDeletedSeries(run: Run, items: Items): Promise<LostSeries> {
  const { mirror } = run.context;
  const suspects = await findSuspects(run, items);
  if (suspects.length > MAX_SERIES) {
    return { problem: { kind: 'fullSyncRequired', reason: 'manySeriesCancelled' } };
  }
  return findGone(run, suspects, async (id, series) => {
    if (!JSON.stringify(series['recurrence'] ?? null).includes('UNTIL=')) return undefined;
    // "This and following" was edited: later occurrences are gone, or belong to a new series. Only a full list can tell.
    const rest = missingFrom(items, await mirror.exceptionsOf(run.watchSpec.collection, id));
    return rest.some((item) => endsBefore(series, item))
      ? { kind: 'fullSyncRequired', reason: 'seriesCutShort' }
      : undefined;
  });
}

/**
 * Finds the deleted series among those of which a page cancels occurrences. Returns a problem if Google could not be
 * asked, or if only a full list can tell.
 */
export async function findLostSeries(run: Run, items: Items, isWholeList: boolean): Promise<LostSeries> {
  const { traversal, watchSpec } = run;
  const { singleEvents } = watchSpec.parameters;
  if (watchSpec.target.resource === 'events') {
    if (traversal.kind === 'full' && !singleEvents) return findOrphans(run, items, isWholeList);
    if (traversal.kind === 'incremental' && singleEvents) return findDeletedSeries(run, items);
  }
  return { gone: new Set() };
}
