import pLimit from 'p-limit';

import type { FollowWrite } from '../watches/followed.ts';
import type { Following, TakenId } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';
import type { RenewRun } from './context.ts';
import {
  planFollow,
  wantedWatches,
  followedTo,
  followTask,
  type WantedWatch,
  type FollowTask,
} from './follow-plan.ts';
import { publishFullSync } from './poll.ts';

/**
 * Follows a calendar list: keeps a watch for each of its calendars. Each watch is written in a small transaction of its
 * own, so that a run may stop anywhere and the next one continues.
 */

/** Managed watches written at once. */
const CONCURRENCY = 8;

type Write = () => Promise<FollowWrite>;

/** Attempts per run; the list may change during each. */
const MAX_ATTEMPTS = 3;

type FollowOutcome =
  /** The watches match the list; `following` is the status to keep. */
  | { readonly outcome: 'done'; readonly following: Following | undefined }
  /** Time was up, or the list kept changing: the watch must stay due. */
  | { readonly outcome: 'unfinished' };

type Outcome = FollowOutcome | { readonly outcome: 'stale' };

async function saveStatus(
  context: RenewRun,
  watch: Watch,
  following: Following | undefined,
): Promise<Outcome> {
  const isSaved = await context.mirror.noteFollowing(watch, following);
  return isSaved ? { outcome: 'done', following } : { outcome: 'stale' };
}

/**
 * Runs writes until all are done, one of them finds that the list has changed (`stale`), or time is up. `following` returns the status
 * to save when all are done.
 */
async function runWrites(
  context: RenewRun,
  watch: Watch,
  writes: readonly Write[],
  following: () => Following | undefined,
): Promise<Outcome> {
  const counts = { written: 0, unchanged: 0, leftAlone: 0, idTaken: 0, stale: 0 };
  const limit = pLimit(CONCURRENCY);
  let left = writes.length;
  const run = async (write: Write): Promise<void> => {
    if (counts.stale > 0 || context.isTimeUp()) return;
    counts[await write()] += 1;
    left -= 1;
  };
  // Wait for all writes before reporting a failure, so that none is still in flight.
  const settled = await Promise.allSettled(writes.map((write) => limit(() => run(write))));
  if (writes.length > 0) context.log.info('calendars followed', { watch: watch.id, ...counts, left });
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  if (counts.stale > 0) return { outcome: 'stale' };
  return left > 0 ? { outcome: 'unfinished' } : saveStatus(context, watch, following());
}

/** Removes all managed watches of a list that is not followed any more. */
async function removeAll(context: RenewRun, watch: Watch, { unlisted }: Extract<FollowTask, { do: 'end' }>) {
  const { mirror } = context;
  const remove = (id: string) => () => mirror.removeFollowed(watch, id, unlisted);
  const writes = (await mirror.listFollowed(watch.id)).map(({ id }) => remove(id));
  return runWrites(context, watch, writes, () => undefined);
}

/** Writes and removes managed watches so that they match the list. */
async function followList(
  context: RenewRun,
  watch: Watch,
  task: Extract<FollowTask, { do: 'follow' }>,
): Promise<Outcome> {
  const { mirror } = context;
  const { watchSpec } = task;
  const { unlisted } = task.follow;
  // Before the first managed watch: once `spec.follow` is deleted, only this status shows that there are some to remove.
  if (watch.follow?.unlisted !== unlisted) {
    const begun = await mirror.noteFollowing(watch, { ...watch.follow, unlisted });
    if (!begun) return { outcome: 'stale' };
  }
  const [listing, followed] = await Promise.all([
    mirror.listCalendars(watchSpec.collection),
    mirror.listFollowed(watch.id),
  ]);
  const plan = planFollow(wantedWatches(watchSpec, task.follow, listing), followed, {
    emptySince: watch.follow?.emptySince,
    fullStartedAt: watch.sync.fullStartedAt ?? 0,
    now: watch.readTime,
  });
  if (plan.do === 'confirm') {
    context.log.warning('list has none of the followed calendars', { watch: watch.id });
    if (plan.requestFullSync) await publishFullSync(context, watch.id);
    return saveStatus(context, watch, { unlisted, emptySince: plan.emptySince });
  }
  const taken: TakenId[] = [];
  const write = async ({ ids, spec, watchSpec: wanted }: WantedWatch): Promise<FollowWrite> => {
    const written = await mirror.writeFollowed(watch, ids, spec, wanted);
    if (written !== 'idTaken') return written;
    const idTaken = { collection: wanted.collection, id: ids[0] ?? '' };
    context.log.warning('calendar not followed, its watch id is taken', { watch: watch.id, ...idTaken });
    taken.push(idTaken);
    return written;
  };
  const writes: readonly Write[] = [
    ...plan.write.map((each) => () => write(each)),
    ...plan.remove.map((id) => () => mirror.removeFollowed(watch, id, unlisted)),
  ];
  return runWrites(context, watch, writes, () => followedTo(watch, task, taken));
}

/** Makes the watches that a list manages match the list, as far as time allows. */
export async function follow(context: RenewRun, watch: Watch): Promise<FollowOutcome> {
  let current: Watch | undefined = watch;
  for (let attempts = 0; current !== undefined && attempts < MAX_ATTEMPTS; attempts += 1) {
    const task = followTask(current);
    if (task.do === 'nothing') return { outcome: 'done', following: current.follow };
    const outcome =
      task.do === 'end' ? await removeAll(context, current, task) : await followList(context, current, task);
    if (outcome.outcome !== 'stale') return outcome;
    current = await context.mirror.loadWatch(watch.id);
  }
  return { outcome: 'unfinished' };
}
