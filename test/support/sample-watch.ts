import { Timestamp } from '@google-cloud/firestore';
import { parseSpec, type Wish } from '../../functions/mirror/spec.ts';
import { NEVER_SYNCED, type LiveChannel, type SyncStatus, type Watch } from '../../functions/mirror/watch.ts';

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
    nextDueAt: NOW,
    readTime: NOW,
    version: { updateTime: Timestamp.fromMillis(NOW), nextDueAt: Timestamp.fromMillis(NOW) },
    ...rest,
  };
}

/** The same watch as it was when somebody had just written its spec. */
export const newWatch = (spec: unknown = SPEC): Watch =>
  sampleWatch({ spec, state: 'pending', collection: undefined, channel: undefined, sync: NEVER_SYNCED });
