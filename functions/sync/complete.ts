import type { Step } from '../mirror/commit.ts';
import type { State, SyncStatus } from '../mirror/watch.ts';
import type { SyncContext } from './context.ts';
import type { Run } from './run.ts';

/** How a sync ends: the new token, what the watch's state becomes, and when somebody should look again. */

/** A follow-up comes a minute or two later: Google's lists may lag behind its notifications. */
const FOLLOW_UP_MS = 60_000;

type Transition = Step['transition'];

/** A sync that succeeds ends trouble. The states that rest wait for renew, which opens a channel. */
function recovered(state: State, sync: SyncStatus): Transition {
  if (state === 'paused' || state === 'gone') return { state: 'pending' };
  const troubled = sync.failures > 0 && (state === 'active' || state === 'pending');
  return troubled ? { state } : undefined;
}

/**
 * What the outcome tells about the channel. A push that finds nothing is followed up once by a poll; a poll that finds
 * what no push announced says that the channel has died silently, and renew is to replace it.
 */
function judgeChannel(
  context: SyncContext,
  { watch, traversal }: Run,
  news: number,
): { readonly followUpAt?: number; readonly unannounced?: string; readonly dueAt?: number } {
  const { followUpAt, unannounced, startedAt: previousStart } = watch.sync;
  const { origin } = traversal;
  if (origin?.reason === 'push') {
    const alive = origin.channel === unannounced;
    const suspected = unannounced !== undefined && !alive ? { unannounced } : {};
    const foundNothing = origin.state === 'exists' && news === 0;
    if (foundNothing) {
      const dueAt = context.now() + FOLLOW_UP_MS * (1 + context.random());
      return { ...suspected, followUpAt: dueAt, dueAt };
    }
    return { ...suspected, ...(followUpAt === undefined ? {} : { followUpAt }) };
  }
  const { channel } = watch;
  // Everything this poll found happened after the sync before it; the channel was open all that time.
  const shouldHaveTold =
    origin?.reason === 'poll' &&
    traversal.kind === 'incremental' &&
    watch.state === 'active' &&
    channel !== undefined &&
    previousStart !== undefined &&
    channel.createdAt <= previousStart;
  if (shouldHaveTold && news > 0 && followUpAt === undefined) {
    return { unannounced: channel.id, dueAt: context.now() };
  }
  return unannounced === undefined ? {} : { unannounced };
}

/** The `finish` of a traversal's last step. `token` is what the last page brought, `news` how much all pages did. */
export function completion(
  context: SyncContext,
  run: Run,
  token: string | undefined,
  news: number,
): (sync: SyncStatus) => Pick<Step, 'sync' | 'transition' | 'dueAt'> {
  const { watch, wish, traversal, joins } = run;
  const judged = judgeChannel(context, run, news);
  // Renew follows the list, and polls when it looks. What that finds may be announced still.
  const follows =
    wish.follow !== undefined && wish.removed === undefined && (news > 0 || traversal.kind === 'full');
  // Who joined it is gone, and left the look that it wanted to whoever completes it. What that finds was announced.
  const asked = follows || (traversal.joined === true && !joins) ? context.now() : undefined;
  const { dueAt, ...judgement } =
    asked === undefined ? judged : { ...judged, followUpAt: asked, dueAt: asked };
  const transition = recovered(watch.state, watch.sync);
  return ({ sequence, setAside, fullStartedAt }) => ({
    sync: {
      ...(token === undefined ? {} : { token, parametersKey: wish.parametersKey }),
      sequence,
      startedAt: traversal.startedAt,
      completedAt: context.now(),
      fullStartedAt: traversal.kind === 'full' ? traversal.startedAt : fullStartedAt,
      failures: 0,
      ...judgement,
      ...(setAside === undefined ? {} : { setAside }),
    },
    transition,
    dueAt: transition?.state === 'pending' ? context.now() : dueAt,
  });
}
