import type { Page } from '../calendar/client.ts';
import type { Answer, Problem } from '../calendar/errors.ts';
import { isDeleted, type Item, type Resource } from '../calendar/resources.ts';
import { storedSize } from '../mirror/data.ts';
import { AlreadyThere } from '../mirror/database.ts';
import type { SyncStatus, Traversal } from '../mirror/watch.ts';
import { cameAndWent, compare, deletedParents, endedSeries, readPage, type PageItems } from './changes.ts';
import { completion } from './complete.ts';
import type { SyncContext } from './context.ts';
import { commitStep, type Run } from './run.ts';
import { withoutSetAside, withSetAside } from './set-aside.ts';

/** One page of a list: from Google into the mirror. */

export type Stepped = 'more' | 'done' | { readonly problem: Problem };

/** Bytes of the ids of deleted recurring events that a traversal remembers in the watch's document. */
const MOST_PARENTS = 200_000;

/** Whether a page speaks of an item, and not of its end. */
const lives = (resource: Resource, item: Item | undefined): boolean =>
  item !== undefined && !isDeleted(resource, item);

/** The status, with what is still set aside: a full list names it all again. */
function stillSetAside({ sync, traversal }: Run, items: ReadonlyMap<string, Item>): SyncStatus {
  if (traversal.kind !== 'full' || traversal.position > 0) return withoutSetAside(sync, items.keys());
  const { setAside: _, ...rest } = sync;
  return rest;
}

/** Where a traversal stands after a page that is not the end. */
function advance(run: Run, page: Page, news: number, gone: ReadonlySet<string>): Traversal {
  const { pageToken: _, ...before } = run.traversal;
  const next = {
    ...before,
    position: before.position + 1,
    news: before.news + news,
    ...(before.seenPages === undefined ? {} : { seenPages: before.seenPages + 1 }),
  };
  if (page.nextPageToken === undefined) {
    const { deletedParents: __, ...rest } = next;
    return { ...rest, sweep: page.nextSyncToken === undefined ? {} : { token: page.nextSyncToken } };
  }
  return { ...next, pageToken: page.nextPageToken, ...(gone.size > 0 ? { deletedParents: [...gone] } : {}) };
}

/** Asks for the traversal's next page, or for the one that `pageToken` names. */
const list = (
  context: SyncContext,
  { traversal, wish, sync }: Run,
  pageToken = traversal.pageToken,
): Promise<Answer<Page>> =>
  context.calendar.list(wish.auth ?? context.auth, wish.target, wish.parameters, {
    ...(traversal.kind === 'incremental' && sync.token !== undefined ? { syncToken: sync.token } : {}),
    ...(pageToken === undefined ? {} : { pageToken }),
  });

/**
 * Whether the mirror has nothing of a page, and need not be asked: its collection was empty when the traversal began. What pages
 * have in common Firestore notices. A page that speaks of deletions may mean what one before it has brought.
 */
const isUnseen = ({ traversal, wish }: Run, items: ReadonlyMap<string, Item>): boolean =>
  traversal.kind === 'full' &&
  traversal.seenPages === undefined &&
  [...items.values()].every((item) => !isDeleted(wish.target.resource, item));

/** Commits what a page brings. @throws {AlreadyThere} when it is `unseen`, but not all of it. */
async function takePage(
  context: SyncContext,
  run: Run,
  page: Page,
  { items, setAside }: PageItems,
  unseen: boolean,
): Promise<Stepped> {
  const { traversal, wish, watch } = run;
  const { resource } = wish.target;
  const { collection } = wish;
  const input = {
    resource,
    collection,
    items: page.items,
    initial: run.sync.completedAt === undefined,
    singleEvents: wish.parameters.singleEvents,
    deletedParents: new Set(traversal.deletedParents?.filter((id) => !lives(resource, items.get(id)))),
  };
  const mirrored = new Map(unseen ? [] : await context.mirror.readItems(collection, [...items.keys()]));
  const parents = deletedParents(input, items, mirrored);
  const single = endedSeries(input, items, mirrored);
  const exceptions = await Promise.all(
    [...parents, ...single].map((parent) => context.mirror.exceptionsOf(collection, parent)),
  );
  for (const each of exceptions) for (const [id, item] of each) mirrored.set(id, item);
  const differences = compare(input, items, mirrored, parents, single);

  const gone = new Set([...input.deletedParents, ...parents, ...single]);
  if (storedSize([...gone]) > MOST_PARENTS) {
    // The watch could not hold them all. A full list has none of them, nor their occurrences.
    return { problem: { kind: 'fullSyncRequired', reason: 'tooManyDeleted' } };
  }
  const news = differences.length + cameAndWent(resource, items, mirrored);
  const next = advance(run, page, news, gone);
  const ended = page.nextPageToken === undefined;
  const sweeps = traversal.kind === 'full' && traversal.seenPages !== undefined;
  const done = ended && !sweeps;
  const finish = done ? completion(context, run, page.nextSyncToken, next.news) : undefined;
  run.sync = withSetAside(stillSetAside(run, items), setAside);
  await commitStep(context, run, { differences, timeZone: page.timeZone, unseen }, (sync) => ({
    ...(finish ? finish(sync) : { sync: { ...sync, traversal: next } }),
    ...(sweeps
      ? { seen: { traversal: traversal.id, page: traversal.seenPages ?? 0, ids: [...items.keys()] } }
      : {}),
  }));
  if (ended && page.nextSyncToken === undefined) {
    context.log.warning('list ended without a sync token', { watch: watch.id, kind: traversal.kind });
  }
  if (!done) run.traversal = next;
  return done ? 'done' : 'more';
}

/**
 * Lists the traversal's next page and commits what it brings. Where `goesOn`, the page after it is asked for meanwhile.
 */
export async function listStep(context: SyncContext, run: Run, goesOn: () => boolean): Promise<Stepped> {
  const { ahead, traversal, wish } = run;
  const isAhead = ahead !== undefined && ahead.pageToken === traversal.pageToken;
  const answer = await (isAhead ? ahead.answer : list(context, run));
  if (!answer.ok) return { problem: answer.problem };
  const page = answer.value;
  if (page.nextPageToken !== undefined && goesOn()) {
    const { nextPageToken: pageToken } = page;
    run.ahead = { pageToken, answer: list(context, run, pageToken) };
    // Whether it failed is for the next step to hear.
    run.ahead.answer.catch(() => undefined);
  }
  const read = readPage(wish.collection, page.items);
  for (const [item, reason] of read.setAside)
    context.log.warning('item set aside', { watch: run.watch.id, item, reason });
  const unseen = isUnseen(run, read.items);
  try {
    return await takePage(context, run, page, read, unseen);
  } catch (error) {
    if (!unseen || !(error instanceof AlreadyThere)) throw error;
    return takePage(context, run, page, read, false);
  }
}
