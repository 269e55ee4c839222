import { isRecurring } from '../calendar/event-times.ts';
import { isDeleted, type Item } from '../calendar/resources.ts';
import type { MirroredItems } from '../mirror/items.ts';
import { parentOf } from './changes.ts';
import { recurrence, timeZoneOf } from './event-fields.ts';
import type { Items } from './read-page.ts';
import type { Run } from './run.ts';

/** Finds the occurrences that new exceptions replace, for the kinds of their changes. */

type ReplacedBy = (exception: Item) => Item | undefined;

/** Returns the series of a page's new exceptions. Initial syncs announce snapshots, and cancelled occurrences are not compared. */
function seriesOf({ watchSpec, sync }: Run, items: Items, mirrored: MirroredItems): ReadonlySet<string> {
  const { target, parameters } = watchSpec;
  if (target.resource !== 'events' || parameters.singleEvents || sync.completedAt === undefined)
    return new Set();
  return new Set(
    [...items].flatMap(([id, item]) =>
      mirrored.has(id) || isDeleted('events', item) ? [] : (parentOf(item) ?? []),
    ),
  );
}

/**
 * Returns a function of a new exception. Its series is on the page, or else is read from the mirror: one read for each series. The
 * recurrence code is loaded only if there is a new exception, to keep cold starts short.
 */
export async function findReplaced(run: Run, items: Items, mirrored: MirroredItems): Promise<ReplacedBy> {
  const ids = seriesOf(run, items, mirrored);
  if (ids.size === 0) return () => undefined;
  const missing = [...ids].filter((id) => !items.has(id) && !mirrored.has(id));
  const [{ occurrenceAt }, read] = await Promise.all([
    recurrence(),
    run.context.mirror.readItems(run.watchSpec.collection, missing),
  ]);
  const calendarZone = timeZoneOf(run) ?? 'UTC';
  return (exception) => {
    const id = parentOf(exception);
    if (id === undefined || !ids.has(id)) return undefined;
    const series = items.get(id) ?? (mirrored.get(id) ?? read.get(id))?.item;
    if (series === undefined || isDeleted('events', series) || !isRecurring(series)) return undefined;
    return occurrenceAt(series, exception['originalStartTime'], calendarZone);
  };
}
