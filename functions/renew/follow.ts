import pLimit from 'p-limit';

import { requestMessage } from '../feed/notification.ts';
import type { FollowWrite } from '../mirror/followed.ts';
import type { Following, Watch } from '../mirror/watch.ts';
import type { RenewContext } from './context.ts';
import { followedTo, followTask, planFollow, wantedOf, type FollowTask } from './follow-plan.ts';

/** Keeps a watch for each calendar on a list, one small transaction each: wherever a run ends, the next goes on. */

/** How many followed watches are written at once. */
const AT_ONCE = 8;
/** How often a run begins anew because the list has changed under its hands. */
const MOST_TRIES = 3;

export type FollowOutcome =
  /** All is as the list says; `following` is what is remembered of it. */
  | { readonly outcome: 'done'; readonly following: Following | undefined }
  /** Time was up, or the list kept changing: the watch is to stay due. */
  | { readonly outcome: 'unfinished' };

type Outcome = FollowOutcome | { readonly outcome: 'stale' };
type Write = () => Promise<FollowWrite>;

/** Does one write after another until all are done, one finds that the list has changed, or time is up. */
async function all(
  context: RenewContext,
  watch: Watch,
  writes: readonly Write[],
  isOver: () => boolean,
): Promise<'done' | 'unfinished' | 'stale'> {
  const counts = { written: 0, unchanged: 0, leftAlone: 0, stale: 0 };
  const limit = pLimit(AT_ONCE);
  let left = writes.length;
  const one = async (write: Write): Promise<void> => {
    if (counts.stale > 0 || isOver()) return;
    counts[await write()] += 1;
    left -= 1;
  };
  // What fails is thrown only when nothing of this run is under way any more.
  const ended = await Promise.allSettled(writes.map((write) => limit(() => one(write))));
  if (writes.length > 0) context.log.info('calendars followed', { watch: watch.id, ...counts, left });
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  if (counts.stale > 0) return 'stale';
  return left > 0 ? 'unfinished' : 'done';
}

async function note(context: RenewContext, watch: Watch, following: Following | undefined): Promise<Outcome> {
  const held = await context.mirror.noteFollowing(watch, following);
  return held ? { outcome: 'done', following } : { outcome: 'stale' };
}

async function end(
  context: RenewContext,
  watch: Watch,
  { unlisted }: Extract<FollowTask, { do: 'end' }>,
  isOver: () => boolean,
): Promise<Outcome> {
  const { mirror } = context;
  const writes = (await mirror.followedBy(watch.id)).map(
    ({ id }): Write =>
      () =>
        mirror.removeFollowed(watch, id, unlisted),
  );
  const outcome = await all(context, watch, writes, isOver);
  return outcome === 'done' ? note(context, watch, undefined) : { outcome };
}

async function askFullSync(context: RenewContext, watchId: string): Promise<void> {
  const time = new Date(context.now()).toISOString();
  const request = { reason: 'manual', watchId, full: true } as const;
  await context.publishNotification(requestMessage(request, context.newId(), time));
}

async function keep(
  context: RenewContext,
  watch: Watch,
  task: Extract<FollowTask, { do: 'follow' }>,
  isOver: () => boolean,
): Promise<Outcome> {
  const { mirror } = context;
  const { wish } = task;
  const { unlisted } = task.follow;
  // Before the first watch is written: once the wish to follow is gone, this alone tells that there is something to end.
  if (watch.follow?.unlisted !== unlisted) {
    const begun = await mirror.noteFollowing(watch, { ...watch.follow, unlisted });
    if (!begun) return { outcome: 'stale' };
  }
  const [listing, followed] = await Promise.all([
    mirror.listCalendars(wish.collection),
    mirror.followedBy(watch.id),
  ]);
  const plan = planFollow(wantedOf(wish, task.follow, listing), followed, {
    emptySince: watch.follow?.emptySince,
    fullStartedAt: watch.sync.fullStartedAt ?? 0,
    now: watch.readTime,
  });
  if (plan.do === 'doubt') {
    context.log.warning('nothing of what is followed is on the list', { watch: watch.id });
    if (plan.askFull) await askFullSync(context, watch.id);
    return note(context, watch, { unlisted, emptySince: plan.emptySince });
  }
  const writes: readonly Write[] = [
    ...plan.write.map(
      (each): Write =>
        () =>
          mirror.writeFollowed(watch, each.id, each.spec, each.wish),
    ),
    ...plan.remove.map(
      (id): Write =>
        () =>
          mirror.removeFollowed(watch, id, unlisted),
    ),
  ];
  const outcome = await all(context, watch, writes, isOver);
  return outcome === 'done' ? note(context, watch, followedTo(watch, task)) : { outcome };
}

/** Brings what is watched of the calendars on a watch's list in line with the list, as far as time allows. */
export async function follow(
  context: RenewContext,
  watch: Watch,
  isOver: () => boolean,
): Promise<FollowOutcome> {
  let current: Watch | undefined = watch;
  for (let tries = 0; current !== undefined && tries < MOST_TRIES; tries += 1) {
    const task = followTask(current);
    if (task.do === 'nothing') return { outcome: 'done', following: current.follow };
    const outcome =
      task.do === 'end'
        ? await end(context, current, task, isOver)
        : await keep(context, current, task, isOver);
    if (outcome.outcome !== 'stale') return outcome;
    current = await context.mirror.loadWatch(watch.id);
  }
  return { outcome: 'unfinished' };
}
