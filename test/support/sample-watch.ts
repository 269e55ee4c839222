import { Timestamp } from '@google-cloud/firestore';
import type { Notification } from '../../functions/feed/notification.ts';
import { parseSpec, type Wish } from '../../functions/mirror/spec.ts';
import {
  NEVER_SYNCED,
  type LiveChannel,
  type SyncStatus,
  type Traversal,
  type Watch,
} from '../../functions/mirror/watch.ts';
import type { Rules } from '../../functions/renew/plan.ts';

/** Watches as data, for tests of what is decided about them. */

/** When the samples are read: everything in them is relative to it. Unix ms. */
export const NOW = Date.parse('2026-05-04T10:00:00.000Z');

export const SPEC = { user: 'ana@example.com', resource: 'events', calendarId: 'team@example.com' } as const;

/** The wish that a spec expresses. @throws Error when it expresses none. */
export function wishOf(spec: unknown): Wish {
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.wish;
}

export const WISH = wishOf(SPEC);

/** A sync status after a sync that started an hour ago. */
export const SYNCED: SyncStatus = {
  token: 'sync-token',
  parametersKey: WISH.parametersKey,
  sequence: 10,
  startedAt: NOW - 3_600_000,
  completedAt: NOW - 3_599_000,
  fullStartedAt: NOW - 3_600_000,
  failures: 0,
};

/** A channel that was opened a day ago and lives for six more. */
export const CHANNEL: LiveChannel = {
  id: 'channel-1',
  resourceId: 'resource-1',
  createdAt: NOW - 86_400_000,
  expiresAt: NOW + 6 * 86_400_000,
  parametersKey: WISH.parametersKey,
};

/** An active watch that has synced and has a live channel, but for what is given. */
export function sampleWatch(given: Partial<Omit<Watch, 'spec'>> & { readonly spec?: unknown } = {}): Watch {
  const { spec = SPEC, ...rest } = given;
  return {
    id: 'watch-1',
    spec: parseSpec(spec),
    state: 'active',
    reason: undefined,
    collection: WISH.collection,
    channel: CHANNEL,
    watchCall: undefined,
    sync: SYNCED,
    follow: undefined,
    followedBy: undefined,
    nextDueAt: NOW,
    readTime: NOW,
    version: { updateTime: Timestamp.fromMillis(NOW), nextDueAt: Timestamp.fromMillis(NOW) },
    ...rest,
  };
}

/** The same watch as it was when somebody had just written its spec. */
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

/** A full sync that has come to its fourth page. */
export const TRAVERSAL: Traversal = {
  id: 'traversal-1',
  kind: 'full',
  parametersKey: WISH.parametersKey,
  startedAt: NOW - 10_000,
  position: 3,
  news: 0,
  pageToken: 'page-4',
};

export const synced = (sync: Partial<SyncStatus>): SyncStatus => ({ ...SYNCED, ...sync });

const LIST_SPEC = { user: SPEC.user, resource: 'calendarList' };

/** The watch of a calendar list, as far as that. */
export const listWatch = (sync: SyncStatus): Watch =>
  sampleWatch({ spec: LIST_SPEC, collection: wishOf(LIST_SPEC).collection, sync });

/** How renew goes about it where nobody has set anything else. */
export const RULES: Rules = {
  ttlMs: 7 * 86_400_000,
  renewBeforeMs: 86_400_000,
  maxStalenessMs: 6 * 3_600_000,
  pollMs: 900_000,
};

/** A channel that lives for another so many ms. */
export const living = (left: number): LiveChannel => ({ ...CHANNEL, expiresAt: NOW + left });
