import {
  isSameRequest,
  parseSpec,
  type Follow,
  type FollowedResource,
  type WatchSpec,
} from '../watches/spec.ts';
import type { FollowedWatch, ListedCalendar } from '../watches/followed.ts';
import type { Following, TakenId } from '../watches/status.ts';
import type { SpecInput } from '../watches/watch-admin.ts';
import { watchIdsOf } from '../watches/watch-id.ts';
import type { Watch } from '../watches/watch.ts';

/**
 * Decides whether a calendar list has to be followed now, which watches it needs, and which of its managed watches to
 * write or remove. Pure.
 */

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

/** How long after a list was first seen empty a full sync must start to prove that it is. */
export const CONFIRM_MS = 10 * 60_000;

/**
 * Access roles by rank. With `freeBusyReader`, events cannot be read.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/calendarList#accessRole
 */
const RANKS: Readonly<Record<string, number>> = {
  reader: 1,
  writerWithoutPrivateAccess: 1,
  writer: 2,
  owner: 3,
};

/** Returns whether a calendar with this access role is followed. */
function mayFollow(accessRole: string, { role }: Follow, resource: FollowedResource): boolean {
  // That writers may read the access rules is documented for rules, not for the roles in a calendar list.
  const required = resource === 'acl' ? 'owner' : role;
  return (RANKS[accessRole] ?? 0) >= (RANKS[required] ?? Infinity);
}

/** A watch that a list needs. */
export interface WantedWatch {
  /** The ids that it may have. A new watch gets the first; an existing one keeps its own. */
  readonly ids: readonly string[];
  readonly spec: SpecInput;
  readonly watchSpec: WatchSpec;
}

/** Returns a watch for each resource of each followed calendar, by collection, in the order of the list. */
export function wantedWatches(
  watchSpec: WatchSpec,
  follow: Follow,
  listing: readonly ListedCalendar[],
): ReadonlyMap<string, WantedWatch> {
  const { user } = watchSpec.target;
  const wanted = new Map<string, WantedWatch>();
  for (const { calendarId, accessRole } of listing) {
    for (const resource of follow.resources) {
      if (!mayFollow(accessRole, follow, resource)) continue;
      const spec: SpecInput = {
        user,
        resource,
        calendarId,
        ...(resource === 'events' ? follow.ofEvents : {}),
        ...(watchSpec.auth === undefined ? {} : { auth: watchSpec.auth }),
      };
      const parsed = parseSpec(spec);
      if (parsed.ok)
        wanted.set(parsed.value.collection, { ids: watchIdsOf(spec), spec, watchSpec: parsed.value });
    }
  }
  return wanted;
}

export type FollowPlan =
  /** None of the followed calendars is on the list. That may be an error, so wait until a full sync confirms it. */
  | { readonly do: 'confirm'; readonly emptySince: number; readonly requestFullSync: boolean }
  | { readonly do: 'write'; readonly write: readonly WantedWatch[]; readonly remove: readonly string[] };

interface FollowTimes {
  /** Since when the list has had none of the followed calendars, as recorded. */
  readonly emptySince: number | undefined;
  /** When the latest full sync of the list started. */
  readonly fullStartedAt: number;
  readonly now: number;
}

const isWatched = ({ spec }: FollowedWatch): boolean => !spec.ok || spec.value.removed === undefined;

const hasSpec = (followed: FollowedWatch, wanted: WantedWatch): boolean =>
  followed.spec.ok && isWatched(followed) && isSameRequest(followed.spec.value, wanted.watchSpec);

/** Returns the identity of a managed watch: its collection, or its id if its spec is invalid. */
const identityOf = ({ id, spec }: FollowedWatch): string => (spec.ok ? spec.value.collection : `id ${id}`);
const identitiesOf = ({ watchSpec, ids }: WantedWatch): readonly string[] => [
  watchSpec.collection,
  ...ids.map((id) => `id ${id}`),
];

/** Returns the write for a wanted watch: none if it exists as wanted. An existing watch keeps its document. */
function writeFor(wanted: WantedWatch, existing: readonly FollowedWatch[]): readonly WantedWatch[] {
  const kept = existing.find(isWatched) ?? existing[0];
  if (kept === undefined) return [wanted];
  return existing.some((each) => hasSpec(each, wanted)) ? [] : [{ ...wanted, ids: [kept.id, ...wanted.ids] }];
}

/** Returns whether a list that manages watches has none of their calendars any more. */
function hasLostAll(wanted: ReadonlyMap<string, WantedWatch>, followed: readonly FollowedWatch[]): boolean {
  const calendars = new Set([...wanted.values()].map(({ spec }) => spec.calendarId));
  const isListed = ({ spec }: FollowedWatch): boolean =>
    spec.ok && calendars.has(spec.value.target.calendarId ?? undefined);
  return followed.length > 0 && !followed.some(isListed);
}

/** Decides which managed watches to write and remove. Times are Unix ms, by Firestore's clock. */
export function planFollow(
  wanted: ReadonlyMap<string, WantedWatch>,
  followed: readonly FollowedWatch[],
  { emptySince, fullStartedAt, now }: FollowTimes,
): FollowPlan {
  const watched = followed.filter(isWatched);
  const since = emptySince ?? now;
  if (hasLostAll(wanted, watched) && fullStartedAt < since + CONFIRM_MS) {
    return { do: 'confirm', emptySince: since, requestFullSync: now >= since + CONFIRM_MS };
  }
  const byIdentity = Map.groupBy(followed, identityOf);
  const identities = new Set([...wanted.values()].flatMap(identitiesOf));
  return {
    do: 'write',
    write: [...wanted.values()].flatMap((each) =>
      writeFor(
        each,
        identitiesOf(each).flatMap((identity) => byIdentity.get(identity) ?? []),
      ),
    ),
    remove: watched.filter((each) => !identities.has(identityOf(each))).map(({ id }) => id),
  };
}
