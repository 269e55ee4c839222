import type { Page } from '../calendar/client.ts';
import type { Answer, Problem } from '../calendar/errors.ts';
import { isDeleted, type Item } from '../calendar/resources.ts';
import { AlreadyExists } from '../firestore/client.ts';
import { commitPage } from './commit-page.ts';
import type { SyncContext } from './context.ts';
import { isRepeated, PAGE_TOKEN_REPEATED } from './page-tokens.ts';
import { readPage } from './read-page.ts';
import type { Run } from './run.ts';
import { trackTimeZone } from './zone.ts';

/** The result of a step: more steps to take, the traversal complete, or a problem that ends or restarts it. */
export type StepResult = 'more' | 'done' | { readonly problem: Problem };

/** Lists the traversal's next page, or the page that `pageToken` names. */
const list = (
  context: SyncContext,
  { traversal, watchSpec, sync }: Run,
  pageToken = traversal.pageToken,
): Promise<Answer<Page>> =>
  context.calendar.list(watchSpec.auth ?? context.auth, watchSpec.target, watchSpec.parameters, {
    ...(traversal.kind === 'incremental' && sync.token !== undefined ? { syncToken: sync.token } : {}),
    ...(pageToken === undefined ? {} : { pageToken }),
  });

/** Requests the page after this one, so that it arrives while this one is committed. */
function prefetch(context: SyncContext, run: Run, pageToken: string): void {
  run.prefetched = { pageToken, answer: list(context, run, pageToken) };
  // The next step awaits this and handles its failure.
  run.prefetched.answer.catch(() => undefined);
}

/**
 * Returns whether the mirror need not be read for a page, as its collection was empty when the traversal began. If
 * pages have items in common, a commit notices. A deleted item may be one that an earlier page has added.
 */
const isUnseen = ({ traversal, watchSpec }: Run, items: ReadonlyMap<string, Item>): boolean =>
  traversal.kind === 'full' &&
  traversal.seenPages === undefined &&
  [...items.values()].every((item) => !isDeleted(watchSpec.target.resource, item));

/** Lists the traversal's next page and commits it. If `hasTime`, it requests the page after it in the meantime. */
export async function listStep(context: SyncContext, run: Run, hasTime: () => boolean): Promise<StepResult> {
  const { prefetched, traversal, watchSpec } = run;
  const isPrefetched = prefetched !== undefined && prefetched.pageToken === traversal.pageToken;
  const answer = await (isPrefetched ? prefetched.answer : list(context, run));
  if (!answer.ok) return { problem: answer.problem };
  const page = answer.value;
  const problem = trackTimeZone(run, page);
  if (problem) return { problem };
  if (page.nextPageToken !== undefined && isRepeated(traversal, page.nextPageToken)) {
    return { problem: PAGE_TOKEN_REPEATED };
  }
  if (page.nextPageToken !== undefined && hasTime()) prefetch(context, run, page.nextPageToken);
  const read = readPage(watchSpec.collection, page.items);
  for (const [item, reason] of read.skipped)
    context.log.warning('item skipped', { watch: run.watch.id, item, reason });
  const unseen = isUnseen(run, read.items);
  try {
    return await commitPage(context, run, page, { ...read, unseen });
  } catch (error) {
    if (!unseen || !(error instanceof AlreadyExists)) throw error;
    return commitPage(context, run, page, { ...read, unseen: false });
  }
}
