import type { WatchMessage } from '../../../functions/feed/watch-message.ts';
import type { Clock } from '../../../functions/watches/clock.ts';
import type { Watch } from '../../../functions/watches/watch.ts';
import type { WatchResult } from '../../../functions/watches/watch.ts';
import { printable, styled, table } from '../../terminal/output.ts';
import { fromNow, iso } from '../../terminal/times.ts';

/** Watches as tables and as JSON. Pure, except for colours. */

type Readable = Extract<WatchResult, { ok: true }>;

export const watchCount = (count: number): string => `${String(count)} ${count === 1 ? 'watch' : 'watches'}`;

/** Maximum number of watches named in one line. */
const MOST_NAMED = 5;

/** Lists the ids of watches, at most a few. */
export function namesOf(ids: readonly string[]): string {
  const more = ids.length - MOST_NAMED;
  const named = ids.slice(0, MOST_NAMED).map(printable).join(', ');
  return more > 0 ? `${named} and ${String(more)} more` : named;
}

/** Returns the problem with watches that are never due, and the command that fixes it; undefined if there are none. */
export function formatUndue(
  watches: readonly WatchResult[],
): { readonly problem: string; readonly fix: string } | undefined {
  const ids = watches.flatMap((each) =>
    each.ok && each.watch.nextDueAt === undefined ? [each.watch.id] : [],
  );
  if (ids.length === 0) return undefined;
  return {
    problem: `never due, as nextDueAt is missing or not a Timestamp: ${namesOf(ids)}`,
    fix: `calendar-mirror renew ${ids.length > MOST_NAMED ? '--all' : ids.map(printable).join(' ')}`,
  };
}

const formatClockSpec = ({ moments, allDay }: Clock) => ({
  moments: moments.map(({ name }) => name),
  allDay,
});

/** Lists the moments of a clock: `-PT10M, start`. */
export const formatClock = (clock: Clock): string =>
  `${formatClockSpec(clock).moments.join(', ')}${clock.allDay ? ' (all-day events too)' : ''}`;

/** Returns a watch for JSON output. */
export function watchJson(listed: WatchResult, now: number): Readonly<Record<string, unknown>> {
  if (!listed.ok) return { id: listed.id, state: 'unreadable', detail: listed.problem };
  const { watch } = listed;
  const { spec, channel, sync } = watch;
  const watchSpec = spec.ok ? spec.value : undefined;
  return {
    id: watch.id,
    user: watchSpec?.target.user ?? null,
    resource: watchSpec?.target.resource ?? null,
    calendarId: watchSpec?.target.calendarId ?? null,
    eventTypes: watchSpec?.parameters.eventTypes ?? [],
    singleEvents: watchSpec?.parameters.singleEvents ?? false,
    clock: watchSpec?.clock ? formatClockSpec(watchSpec.clock) : null,
    clockUntil: iso(watch.clock?.until),
    follow: watchSpec?.follow ?? null,
    followedBy: watch.followedBy ?? null,
    removed: watchSpec?.removed ?? null,
    state: watch.state,
    reason: watch.reason ?? null,
    detail: watch.detail ?? (spec.ok ? null : spec.problem),
    collection: watch.collection ?? null,
    channel: channel ? { id: channel.id, expiresAt: iso(channel.expiresAt) } : null,
    sequence: sync.sequence,
    syncing: sync.traversal?.kind ?? null,
    lastSyncAt: iso(sync.completedAt),
    stalenessSeconds: sync.startedAt === undefined ? null : Math.floor((now - sync.startedAt) / 1000),
    failures: sync.failures,
    error: sync.error ?? null,
    nextDueAt: iso(watch.nextDueAt),
    skippedItems: sync.skippedItems ?? [],
    notFollowed: watch.follow?.idTaken ?? [],
  };
}

const COLOURS = {
  active: 'green',
  polling: 'green',
  pending: 'yellow',
  removing: 'yellow',
  paused: 'red',
  gone: 'red',
  removed: 'dim',
} as const;

/** Describes a message about a watch in words. */
export function formatWatchMessage({ state, reason, items }: WatchMessage): string {
  if (items !== undefined)
    return `${styled('green', 'synced')}  ${String(items)} ${items === 1 ? 'item is' : 'items are'} mirrored`;
  const why = reason === undefined ? '' : `: ${printable(reason)}`;
  return `${styled(COLOURS[state], state)}  the watch is ${state}${why}`;
}

/** Formats a watch's state and reason. */
export function stateText({ watch }: Readable): string {
  return `${styled(COLOURS[watch.state], watch.state)}${watch.reason === undefined ? '' : ` (${printable(watch.reason)})`}`;
}

/** Describes which watch follows a watch, or how many of those shown it follows. */
function formatFollowing(watch: Watch, followed: ReadonlyMap<string, number>): string {
  if (watch.followedBy !== undefined) return `by ${watch.followedBy}`;
  const count = followed.get(watch.id) ?? 0;
  return count > 0 ? watchCount(count) : '';
}

/** Counts the followed watches by the watch that follows them. */
function countFollowed(watches: readonly WatchResult[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const listed of watches) {
    if (!listed.ok || listed.watch.followedBy === undefined) continue;
    const { followedBy, spec } = listed.watch;
    if (spec.ok && spec.value.removed === undefined)
      counts.set(followedBy, (counts.get(followedBy) ?? 0) + 1);
  }
  return counts;
}

/** Columns that a table has if they say something about one of its watches. */
interface OptionalColumns {
  readonly followed: ReadonlyMap<string, number>;
  readonly clocks: boolean;
}

function row(listed: WatchResult, now: number, { followed, clocks }: OptionalColumns): readonly string[] {
  if (!listed.ok) return [printable(listed.id), '', '', '', styled('red', 'unreadable'), '', ''];
  const { watch } = listed;
  const watchSpec = watch.spec.ok ? watch.spec.value : undefined;
  const target = watchSpec?.target;
  return [
    watch.id,
    target?.user ?? '?',
    target?.resource ?? '?',
    target?.calendarId ?? '',
    stateText(listed),
    fromNow(watch.sync.completedAt, now),
    String(watch.sync.sequence),
    ...(clocks ? [watchSpec?.clock ? formatClock(watchSpec.clock) : ''] : []),
    ...(followed.size > 0 ? [formatFollowing(watch, followed)] : []),
  ].map((cell, index) => (index === 4 ? cell : printable(cell)));
}

/** Formats watches as a table, with columns about clocks and following if one of them has a clock or is followed. */
export function watchTable(watches: readonly WatchResult[], now: number): string {
  const columns: OptionalColumns = {
    followed: countFollowed(watches),
    clocks: watches.some(
      (each) => each.ok && each.watch.spec.ok && each.watch.spec.value.clock !== undefined,
    ),
  };
  const heads = ['watch', 'user', 'resource', 'calendar', 'state', 'last sync', 'sequence'];
  return table(
    [
      [...heads, ...(columns.clocks ? ['clock'] : []), ...(columns.followed.size > 0 ? ['follows'] : [])],
      ...watches.map((listed) => row(listed, now, columns)),
    ],
    [6],
  );
}
