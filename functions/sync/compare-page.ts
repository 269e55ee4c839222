import type { Page } from '../calendar/client.ts';
import type { Problem } from '../calendar/errors.ts';
import { isDeleted, type Item } from '../calendar/resources.ts';
import { baseOf } from '../watches/epochs.ts';
import { compare, countChanges, unseenDeletions, type CompareOptions, type Difference } from './changes.ts';
import type { SyncContext } from './context.ts';
import { loadEventFields } from './event-fields.ts';
import { findLostSeries } from './lost-series.ts';
import type { PageItems } from './read-page.ts';
import type { Run } from './run.ts';
import { findDeletedParents, findEndedSeries } from './series.ts';
import { timeZoneOf } from './zone.ts';

export interface ReadPage extends PageItems {
  /** Whether to commit the items without reading their mirrored documents. */
  readonly unseen: boolean;
}

/** The outcome of comparing a page with the mirror. */
type PageChanges =
  | {
      readonly ok: true;
      readonly differences: readonly Difference[];
      readonly changeCount: number;
      /** Recurring events that this page or an earlier one has deleted or turned into single ones. */
      readonly goneSeries: ReadonlySet<string>;
      readonly fieldsOf: CompareOptions['fieldsOf'];
    }
  | { readonly ok: false; readonly problem: Problem };

/** Compares a page with the mirror, including the exceptions of series that the page ends. */
export async function comparePage(
  context: SyncContext,
  run: Run,
  page: Page,
  { items, unseen }: ReadPage,
): Promise<PageChanges> {
  const { traversal, watchSpec, watch, sync } = run;
  const { collection, target, parameters } = watchSpec;
  const { resource } = target;
  const isLiving = (item: Item | undefined): boolean => item !== undefined && !isDeleted(resource, item);
  const options: CompareOptions = {
    resource,
    initial: sync.completedAt === undefined,
    singleEvents: parameters.singleEvents,
    base: baseOf(watch.epoch),
    deletedParents: new Set(traversal.deletedParents?.filter((id) => !isLiving(items.get(id)))),
    fieldsOf:
      resource === 'events' ? await loadEventFields([...items.values()], timeZoneOf(run)) : () => undefined,
  };
  const mirrored = new Map(unseen ? [] : await context.mirror.readItems(collection, [...items.keys()]));
  const isWholeList = traversal.stepsCommitted === 0 && page.nextPageToken === undefined;
  const lost = await findLostSeries(context, run, items, isWholeList);
  if (!lost.ok) return lost;
  const deletedParents = new Set([...findDeletedParents(options, items, mirrored), ...lost.gone]);
  const endedSeries = findEndedSeries(options, items, mirrored);
  const exceptions = await Promise.all(
    [...deletedParents, ...endedSeries].map((parent) => context.mirror.exceptionsOf(collection, parent)),
  );
  for (const each of exceptions) for (const [id, item] of each) mirrored.set(id, item);
  const differences = compare({ items, mirrored, deletedParents, endedSeries }, options);
  return {
    ok: true,
    differences,
    changeCount: countChanges(differences) + unseenDeletions(resource, items, mirrored),
    goneSeries: new Set([...options.deletedParents, ...deletedParents, ...endedSeries]),
    fieldsOf: options.fieldsOf,
  };
}
