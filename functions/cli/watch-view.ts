import type { Watch } from '../mirror/watch.ts';
import type { Listed } from '../mirror/wishes.ts';
import { printable, styled, table } from './terminal.ts';
import { fromNow, iso } from './times.ts';

/** Watches as people and programs see them. Pure but for colours. */

type Readable = Extract<Listed, { ok: true }>;

export const watchCount = (count: number): string => `${String(count)} ${count === 1 ? 'watch' : 'watches'}`;

/** A watch for programs. */
export function watchJson(listed: Listed, now: number): Readonly<Record<string, unknown>> {
  if (!listed.ok) return { id: listed.id, state: 'unreadable', detail: listed.problem };
  const { watch, detail } = listed;
  const { spec, channel, sync } = watch;
  const wish = spec.ok ? spec.wish : undefined;
  return {
    id: watch.id,
    user: wish?.target.user ?? null,
    resource: wish?.target.resource ?? null,
    calendarId: wish?.target.calendarId ?? null,
    eventTypes: wish?.parameters.eventTypes ?? [],
    singleEvents: wish?.parameters.singleEvents ?? false,
    follow: wish?.follow ?? null,
    followedBy: watch.followedBy ?? null,
    removed: wish?.removed ?? null,
    state: watch.state,
    reason: watch.reason ?? null,
    detail: detail ?? (spec.ok ? null : spec.problem),
    collection: watch.collection ?? null,
    channel: channel ? { id: channel.id, expiresAt: iso(channel.expiresAt) } : null,
    sequence: sync.sequence,
    syncing: sync.traversal?.kind ?? null,
    lastSyncAt: iso(sync.completedAt),
    stalenessSeconds: sync.startedAt === undefined ? null : Math.floor((now - sync.startedAt) / 1000),
    failures: sync.failures,
    error: sync.error ?? null,
    nextDueAt: iso(watch.nextDueAt),
    setAside: sync.setAside ?? [],
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

/** A watch's state with its reason, if it has one. */
export function stateText({ watch }: Readable): string {
  return `${styled(COLOURS[watch.state], watch.state)}${watch.reason === undefined ? '' : ` (${printable(watch.reason)})`}`;
}

/** What a watch has to do with following; of how many it follows, as far as they are among those shown. */
function followWords(watch: Watch, followed: ReadonlyMap<string, number>): string {
  if (watch.followedBy !== undefined) return `by ${watch.followedBy}`;
  const count = followed.get(watch.id) ?? 0;
  return count > 0 ? watchCount(count) : '';
}

/** How many watches each follower follows, among these. */
function followedOf(watches: readonly Listed[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const listed of watches) {
    if (!listed.ok || listed.watch.followedBy === undefined) continue;
    const { followedBy, spec } = listed.watch;
    if (spec.ok && spec.wish.removed === undefined) counts.set(followedBy, (counts.get(followedBy) ?? 0) + 1);
  }
  return counts;
}

function row(listed: Listed, now: number, followed: ReadonlyMap<string, number>): readonly string[] {
  if (!listed.ok) return [printable(listed.id), '', '', '', styled('red', 'unreadable'), '', ''];
  const { watch } = listed;
  const target = watch.spec.ok ? watch.spec.wish.target : undefined;
  return [
    watch.id,
    target?.user ?? '?',
    target?.resource ?? '?',
    target?.calendarId ?? '',
    stateText(listed),
    fromNow(watch.sync.completedAt, now),
    String(watch.sync.sequence),
    ...(followed.size > 0 ? [followWords(watch, followed)] : []),
  ].map((cell, index) => (index === 4 ? cell : printable(cell)));
}

/** Watches as a table; with a column on following where one of them is followed. */
export function watchTable(watches: readonly Listed[], now: number): string {
  const followed = followedOf(watches);
  const heads = ['watch', 'user', 'resource', 'calendar', 'state', 'last sync', 'changes'];
  return table(
    [
      [...heads, ...(followed.size > 0 ? ['follows'] : [])],
      ...watches.map((listed) => row(listed, now, followed)),
    ],
    [6],
  );
}
