import type { Follow } from '../watches/follow-spec.ts';
import type { WatchSpec } from '../watches/spec.ts';
import type { Following, TakenId } from '../watches/status.ts';
import type { Watch } from '../watches/watch.ts';

/** Whether a calendar list has to be followed now. Pure. */

/** Calendars that cannot be followed, as named in a watch's status. */
const MAX_TAKEN_IDS = 20;

export type FollowTask =
  | { readonly do: 'nothing' }
  /** The list is not followed any more: remove all watches that it manages. */
  | { readonly do: 'end'; readonly unlisted: Follow['unlisted'] }
  | { readonly do: 'follow'; readonly watchSpec: WatchSpec; readonly follow: Follow; readonly key: string };

const NOTHING: FollowTask = { do: 'nothing' };

/** Returns a key of the inputs to the managed watches' specs. If it changes, the specs are written again. */
const keyOf = ({ follow, auth }: WatchSpec): string => JSON.stringify([follow, auth]);

/** Returns whether the mirrored list is complete and current enough to follow. */
function isListKnown({ state, collection, sync }: Watch, watchSpec: WatchSpec): boolean {
  const isInService = state === 'active' || state === 'polling' || state === 'pending';
  const isSynced = sync.startedAt !== undefined && sync.fullStartedAt !== undefined;
  return isInService && isSynced && collection === watchSpec.collection && sync.traversal === undefined;
}

/** Returns what to do about the list of a watch. */
export function followTask(watch: Watch): FollowTask {
  if (!watch.spec.ok) return NOTHING;
  const { value: watchSpec } = watch.spec;
  const { follow } = watchSpec;
  const { sync, follow: following } = watch;
  if (follow === undefined || watchSpec.removed !== undefined) {
    return following ? { do: 'end', unlisted: (follow ?? following).unlisted } : NOTHING;
  }
  if (!isListKnown(watch, watchSpec)) return NOTHING;
  const key = keyOf(watchSpec);
  const isDone =
    following?.done?.key === key &&
    following.done.sequence === sync.sequence &&
    following.done.fullStartedAt === sync.fullStartedAt;
  return isDone && following.emptySince === undefined ? NOTHING : { do: 'follow', watchSpec, follow, key };
}

/** Returns the status of a list that has been followed to its end. `idTaken`: watches whose id was taken. */
export const followedTo = (
  { sync }: Watch,
  { follow, key }: Extract<FollowTask, { do: 'follow' }>,
  idTaken: readonly TakenId[] = [],
): Following => ({
  unlisted: follow.unlisted,
  ...(idTaken.length > 0 ? { idTaken: idTaken.slice(0, MAX_TAKEN_IDS) } : {}),
  done: { key, sequence: sync.sequence, fullStartedAt: sync.fullStartedAt ?? 0 },
});
