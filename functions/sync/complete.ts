import type { Step } from '../mirror/commit.ts';
import type { State } from '../watches/states.ts';
import type { SyncStatus } from '../watches/status.ts';
import type { Run } from './run.ts';
import { completedTimeZone } from './event-fields.ts';

/** The end of a sync: its sync token, the watch's state, and when renew must check the watch next. */

/** A follow-up poll comes one to two minutes later, as Google's lists may lag behind its notifications. */
const FOLLOW_UP_MS = 60_000;

type Transition = Step['transition'];

type Assessment = Pick<SyncStatus, 'followUpAt' | 'suspectChannelId'> & Pick<Step, 'dueAt'>;

/** Returns the state after a successful sync. Paused and gone watches become pending, so that renew opens a channel. */
function transitionOnSuccess(state: State, sync: SyncStatus): Transition {
  if (state === 'paused' || state === 'gone') return { state: 'pending' };
  const recovered = sync.failures > 0 && (state === 'active' || state === 'pending');
  return recovered ? { state } : undefined;
}

/** Assesses the channel after a sync that a push, or a queue of notifications, has started. */
function assessAfterPush({ context, watch, traversal }: Run, changeCount: number): Assessment {
  const { followUpAt, suspectChannelId } = watch.sync;
  const { origin } = traversal;
  const isConfirmed = origin?.channel === suspectChannelId;
  const suspected = suspectChannelId !== undefined && !isConfirmed ? { suspectChannelId } : {};
  const foundNothing = origin?.state === 'exists' && changeCount === 0;
  if (foundNothing) {
    const dueAt = context.now() + FOLLOW_UP_MS * (1 + context.random());
    return { ...suspected, followUpAt: dueAt, dueAt };
  }
  return { ...suspected, ...(followUpAt === undefined ? {} : { followUpAt }) };
}

/**
 * Assesses what the outcome says about the channel. A push that finds nothing is followed up once by a poll. A poll
 * that finds changes which no push has announced makes the channel suspect, and renew replaces it.
 */
function assessChannel(run: Run, changeCount: number): Assessment {
  const { context, watch, traversal } = run;
  const { reason } = traversal.origin ?? {};
  if (reason === 'push' || reason === 'queue') return assessAfterPush(run, changeCount);
  const { followUpAt, suspectChannelId, startedAt: previousStart } = watch.sync;
  const { channel } = watch;
  // The changes happened after the previous sync started, while the channel was open.
  const shouldHaveNotified =
    reason === 'poll' &&
    traversal.kind === 'incremental' &&
    watch.state === 'active' &&
    channel !== undefined &&
    previousStart !== undefined &&
    channel.createdAt <= previousStart;
  if (shouldHaveNotified && changeCount > 0 && followUpAt === undefined) {
    return { suspectChannelId: channel.id, dueAt: context.now() };
  }
  return suspectChannelId === undefined ? {} : { suspectChannelId };
}

/**
 * Returns the `finish` of a traversal's last step. `token` is the sync token of the last page, `changeCount` the number
 * of changes on all pages.
 */
export function completion(
  run: Run,
  token: string | undefined,
  changeCount: number,
): (sync: SyncStatus) => Pick<Step, 'sync' | 'transition' | 'dueAt'> {
  const { context, watch, watchSpec, traversal, isFollower } = run;
  const assessment = assessChannel(run, changeCount);
  // Renew follows the list when it next checks the watch; it also polls, which must not count against the channel.
  const listChanged =
    watchSpec.follow !== undefined &&
    watchSpec.removed === undefined &&
    (changeCount > 0 || traversal.kind === 'full');
  // A coalesced notification's invocation has ended; schedule its follow-up sync here. Its changes were notified, so
  // they do not count against the channel.
  const isCoalesced = traversal.coalesced === true && !isFollower;
  const pollAt = listChanged || isCoalesced ? context.now() : undefined;
  const { dueAt, ...channelStatus } =
    pollAt === undefined ? assessment : { ...assessment, followUpAt: pollAt, dueAt: pollAt };
  const timeZone = completedTimeZone(run);
  const transition = transitionOnSuccess(watch.state, watch.sync);
  return ({ sequence, skippedItems, fullStartedAt, changedAt }) => ({
    sync: {
      ...(token === undefined ? {} : { token, parametersKey: watchSpec.parametersKey }),
      ...(timeZone === undefined ? {} : { timeZone }),
      sequence,
      startedAt: traversal.startedAt,
      completedAt: context.now(),
      fullStartedAt: traversal.kind === 'full' ? traversal.startedAt : fullStartedAt,
      changedAt: changeCount > 0 ? traversal.startedAt : changedAt,
      failures: 0,
      ...channelStatus,
      ...(skippedItems === undefined ? {} : { skippedItems }),
    },
    transition,
    dueAt: transition?.state === 'pending' ? context.now() : dueAt,
  });
}
