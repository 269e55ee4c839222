import { parseSpec, type Wish } from '../mirror/spec.ts';
import type { Follow, FollowedResource } from '../mirror/follow.ts';
import type { Followed, Listing } from '../mirror/followed.ts';
import type { Spec } from '../mirror/wishes.ts';
import type { Following, Watch } from '../mirror/watch.ts';
import { watchIdOf } from '../mirror/watch-id.ts';

/** What is to be watched of the calendars on a list. Pure: the list and what is followed in, what to write out. */

/** Only a full sync that began this long after a list was first seen empty proves that everything is gone. */
export const CONFIRM_MS = 10 * 60_000;

export type FollowTask =
  | { readonly do: 'nothing' }
  /** Nothing is to be followed any more: everything followed is removed. */
  | { readonly do: 'end'; readonly unlisted: Follow['unlisted'] }
  | { readonly do: 'follow'; readonly wish: Wish; readonly follow: Follow; readonly key: string };

const NOTHING: FollowTask = { do: 'nothing' };

/** What followed watches are made of: another key means that they have to be gone through again. */
const keyOf = ({ follow, auth }: Wish): string => JSON.stringify([follow, auth]);

/** What following a watch's list takes now. A list that is not known for sure is followed nowhere. */
export function followTask(watch: Watch): FollowTask {
  if (!watch.spec.ok) return NOTHING;
  const { wish } = watch.spec;
  const { follow } = wish;
  const { sync, follow: following } = watch;
  if (follow === undefined || wish.removed !== undefined) {
    return following ? { do: 'end', unlisted: (follow ?? following).unlisted } : NOTHING;
  }
  const rests = watch.state !== 'active' && watch.state !== 'polling' && watch.state !== 'pending';
  const known = sync.startedAt !== undefined && sync.fullStartedAt !== undefined;
  if (rests || watch.collection !== wish.collection || !known || sync.traversal !== undefined) return NOTHING;
  const key = keyOf(wish);
  const done =
    following?.done?.key === key &&
    following.done.sequence === sync.sequence &&
    following.done.fullStartedAt === sync.fullStartedAt;
  return done && following.emptySince === undefined ? NOTHING : { do: 'follow', wish, follow, key };
}

const RANKS: Readonly<Record<string, number>> = {
  reader: 1,
  writerWithoutPrivateAccess: 1,
  writer: 2,
  owner: 3,
};

/** Whether a role (of CalendarList: `accessRole`) lets a calendar be followed. Who sees only free and busy sees no events. */
function mayFollow(accessRole: string, { role }: Follow, resource: FollowedResource): boolean {
  // Google lets only owners read who else has access.
  const least = resource === 'acl' ? 'owner' : role;
  return (RANKS[accessRole] ?? 0) >= (RANKS[least] ?? Infinity);
}

/** A watch that is to be: its id, and what is to stand in its document. */
export interface Wanted {
  readonly id: string;
  readonly spec: Spec;
  readonly wish: Wish;
}

/** A watch for each resource of each calendar that is to be followed, in the order of the list. No id comes twice. */
export function wantedOf(
  wish: Wish,
  follow: Follow,
  listing: readonly Listing[],
): ReadonlyMap<string, Wanted> {
  const { user } = wish.target;
  const wanted = new Map<string, Wanted>();
  for (const { calendarId, accessRole } of listing) {
    for (const resource of follow.resources) {
      if (!mayFollow(accessRole, follow, resource)) continue;
      const spec: Spec = {
        user,
        resource,
        calendarId,
        ...(resource === 'events' ? follow.ofEvents : {}),
        ...(wish.auth === undefined ? {} : { auth: wish.auth }),
      };
      const parsed = parseSpec(spec);
      const id = watchIdOf(spec);
      if (parsed.ok && !wanted.has(id)) wanted.set(id, { id, spec, wish: parsed.wish });
    }
  }
  return wanted;
}

export type FollowPlan =
  /** Nothing of what is followed is on the list: that may be a mistake, and nothing is done before a full sync confirms it. */
  | { readonly do: 'doubt'; readonly emptySince: number; readonly askFull: boolean }
  | { readonly do: 'write'; readonly write: readonly Wanted[]; readonly remove: readonly string[] };

/** Equal whatever the order of the keys. */
const sameSpec = (wanted: Wanted, followed: Followed): boolean =>
  followed.spec.ok &&
  followed.spec.wish.removed === undefined &&
  followed.spec.wish.collection === wanted.wish.collection &&
  followed.spec.wish.parametersKey === wanted.wish.parametersKey;

/**
 * What to write and what to remove, so that just what is wanted is followed. `emptySince` as remembered, `fullStartedAt` of the
 * latest full sync, `now`: Unix ms, by Firestore's clock.
 */
export function planFollow(
  wanted: ReadonlyMap<string, Wanted>,
  followed: readonly Followed[],
  { emptySince, fullStartedAt, now }: { emptySince: number | undefined; fullStartedAt: number; now: number },
): FollowPlan {
  const living = followed.filter(({ spec }) => !spec.ok || spec.wish.removed === undefined);
  const calendars = new Set([...wanted.values()].map(({ spec }) => spec.calendarId));
  const lostAll =
    living.length > 0 &&
    !living.some(({ spec }) => spec.ok && calendars.has(spec.wish.target.calendarId ?? undefined));
  if (lostAll) {
    const since = emptySince ?? now;
    if (fullStartedAt < since + CONFIRM_MS) {
      return { do: 'doubt', emptySince: since, askFull: now >= since + CONFIRM_MS };
    }
  }
  const known = new Map(followed.map((each) => [each.id, each]));
  return {
    do: 'write',
    write: [...wanted.values()].filter((each) => {
      const before = known.get(each.id);
      return before === undefined || !sameSpec(each, before);
    }),
    remove: living.filter(({ id }) => !wanted.has(id)).map(({ id }) => id),
  };
}

/** What is remembered of a list that has been followed to the end. */
export const followedTo = (
  { sync }: Watch,
  { follow, key }: Extract<FollowTask, { do: 'follow' }>,
): Following => ({
  unlisted: follow.unlisted,
  done: { key, sequence: sync.sequence, fullStartedAt: sync.fullStartedAt ?? 0 },
});
