import { Timestamp } from '@google-cloud/firestore';
import type { Notification } from '../../functions/feed/notification.ts';
import type { ClockStatus } from '../../functions/watches/clock-status.ts';
import { parseSpec, type WatchSpec } from '../../functions/watches/spec.ts';
import type { LiveChannel, SyncStatus, Traversal } from '../../functions/watches/status.ts';
import { NEVER_SYNCED, type Watch } from '../../functions/watches/watch.ts';
import type { Rules } from '../../functions/renew/schedule.ts';

/** Watches as data, for tests of decisions. */

/** When the samples are read; all times in them are relative to it. Unix ms. */
export const NOW = Date.parse('2026-05-04T10:00:00.000Z');

export const SPEC = { user: 'ana@example.com', resource: 'events', calendarId: 'team@example.com' } as const;

/** Parses a spec. @throws Error if it is invalid. */
export function specOf(spec: unknown): WatchSpec {
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

export const WATCH_SPEC = specOf(SPEC);

/** The status after a sync that started an hour ago. */
export const SYNCED: SyncStatus = {
  token: 'sync-token',
  parametersKey: WATCH_SPEC.parametersKey,
  sequence: 10,
  startedAt: NOW - 3_600_000,
  completedAt: NOW - 3_599_000,
  fullStartedAt: NOW - 3_600_000,
  failures: 0,
};

/** A channel that was opened a day ago and lives for six more days. */
export const CHANNEL: LiveChannel = {
  id: 'channel-1',
  resourceId: 'resource-1',
  createdAt: NOW - 86_400_000,
  expiresAt: NOW + 6 * 86_400_000,
  parametersKey: WATCH_SPEC.parametersKey,
};

/** Returns an active watch that has synced and has a live channel, with these changes. */
export function sampleWatch(given: Partial<Omit<Watch, 'spec'>> & { readonly spec?: unknown } = {}): Watch {
  const { spec = SPEC, ...rest } = given;
  return {
    id: 'watch-1',
    spec: parseSpec(spec),
    state: 'active',
    reason: undefined,
    collection: WATCH_SPEC.collection,
    epoch: 0,
    channel: CHANNEL,
    watchCall: undefined,
    latestMessage: undefined,
    sync: SYNCED,
    follow: undefined,
    followedBy: undefined,
    nextDueAt: NOW,
    readTime: NOW,
    version: { updateTime: Timestamp.fromMillis(NOW), nextDueAt: Timestamp.fromMillis(NOW) },
    ...rest,
  };
}

/** The spec with a clock. */
export const CLOCKED = { ...SPEC, clock: ['start'] } as const;

/** Returns the status of that clock, which last ran just now and whose next moment is due at `nextAt`. */
export const clockStatus = (nextAt: number): ClockStatus => ({
  key: specOf(CLOCKED).clock?.key ?? '',
  until: NOW,
  nextAt,
  sequence: SYNCED.sequence,
});

export const CLOCK = { watchId: 'watch-1', reason: 'clock' } as const satisfies Notification;

/** Returns the watch as it is right after its spec was written. */
export const newWatch = (spec: unknown = SPEC): Watch =>
  sampleWatch({ spec, state: 'pending', collection: undefined, channel: undefined, sync: NEVER_SYNCED });

export const PUSH = {
  watchId: 'watch-1',
  reason: 'push',
  channelId: 'channel-1',
  resourceState: 'exists',
} as const satisfies Notification;
export const POLL = { watchId: 'watch-1', reason: 'poll' } as const satisfies Notification;
export const MANUAL = { watchId: 'watch-1', reason: 'manual', full: false } as const satisfies Notification;

/** A full sync that has reached its fourth page. */
export const TRAVERSAL: Traversal = {
  id: 'traversal-1',
  kind: 'full',
  parametersKey: WATCH_SPEC.parametersKey,
  startedAt: NOW - 10_000,
  stepsCommitted: 3,
  changeCount: 0,
  pageToken: 'page-4',
};

/** How far apart syncs of a watch are, in ms; `reconcileMs` is for full syncs. */
export const intervals = (minIntervalMs: number, reconcileMs = Infinity) => ({ minIntervalMs, reconcileMs });

export const synced = (sync: Partial<SyncStatus>): SyncStatus => ({ ...SYNCED, ...sync });

const LIST_SPEC = { user: SPEC.user, resource: 'calendarList' };

/** Returns the watch of a calendar list with this sync status. */
export const listWatch = (sync: SyncStatus): Watch =>
  sampleWatch({ spec: LIST_SPEC, collection: specOf(LIST_SPEC).collection, sync });

/** Renew's default rules. */
export const RULES: Rules = {
  ttlMs: 7 * 86_400_000,
  renewBeforeMs: 86_400_000,
  maxStalenessMs: 6 * 3_600_000,
  pollMs: 900_000,
  reconcileMs: 30 * 86_400_000,
};

/** Returns a channel that lives for `left` more ms. */
export const living = (left: number): LiveChannel => ({ ...CHANNEL, expiresAt: NOW + left });
