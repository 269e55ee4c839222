import { Timestamp, type DocumentSnapshot } from '@google-cloud/firestore';
import * as z from 'zod';

import { UNLISTED } from './follow.ts';
import { parseSpec, type ParsedSpec } from './spec.ts';

/**
 * `watches/{watchId}` as data: times are Unix ms here and Timestamps in Firestore. Who writes what is fixed
 * (see the fields), so that `sync`, `renew` and people can share one document without a lock.
 */

export const STATES = ['pending', 'active', 'polling', 'paused', 'gone', 'removing', 'removed'] as const;
export type State = (typeof STATES)[number];

const time = z.instanceof(Timestamp).transform((timestamp) => timestamp.toMillis());

const traversalSchema = z.object({
  id: z.string(),
  /** `purge` runs over the mirror instead of Google's list, and deletes everything. */
  kind: z.enum(['full', 'incremental', 'purge']),
  /** The notification that it began with. */
  origin: z
    .object({ reason: z.string(), state: z.string().optional(), channel: z.string().optional() })
    .optional(),
  /** The list parameters that it began with: its page tokens are bound to them. */
  parametersKey: z.string(),
  /** Firestore's read time of the load before its first page. */
  startedAt: time,
  /** How many steps (pages, sweep steps) are committed. */
  position: z.number(),
  /** How much its steps have found: the changes, and what came and went unseen. */
  news: z.number(),
  pageToken: z.string().optional(),
  /** How many pages have stored the ids they saw; absent where the mirror was empty before and nothing can be swept. */
  seenPages: z.number().optional(),
  /** Present once the last page is in: the sync token to store at the end, and the last document looked at. */
  sweep: z.object({ token: z.string().optional(), after: z.string().optional() }).optional(),
  /** A notification came after it had begun and was left to it: what that one announced may be on no page of it. */
  joined: z.boolean().optional(),
  /** Deleted recurring events: cancelled occurrences of theirs on later pages are not kept. */
  deletedParents: z.array(z.string()).optional(),
});
export type Traversal = z.infer<typeof traversalSchema>;

const syncSchema = z.object({
  token: z.string().optional(),
  /** The list parameters that `token` was issued for. */
  parametersKey: z.string().optional(),
  traversal: traversalSchema.optional(),
  /** The number of the latest change; the next one gets the next. */
  sequence: z.number().int().nonnegative(),
  /** When the latest completed sync started, by Firestore's clock. */
  startedAt: time.optional(),
  completedAt: time.optional(),
  /** `startedAt` of the latest completed full sync. */
  fullStartedAt: time.optional(),
  /** Failed syncs in a row, when the latest of them started, and Google's reason. */
  failures: z.number().default(0),
  failedAt: time.optional(),
  error: z.string().optional(),
  /** When a push that found nothing is to be followed up: what the next poll finds was announced. */
  followUpAt: time.optional(),
  /** The channel that failed to announce what a poll found. */
  unannounced: z.string().optional(),
  /** Items that cannot be mirrored, by id, with the reason; at most twenty. */
  setAside: z.array(z.object({ item: z.string(), reason: z.string() })).optional(),
});
export type SyncStatus = z.infer<typeof syncSchema>;

const channelSchema = z.object({
  id: z.string(),
  resourceId: z.string(),
  expiresAt: time,
  createdAt: time,
  /** How long Google let it live when it was opened. */
  lifetimeMs: z.number().optional(),
  /** What the channel was opened for; another value means that it has to be replaced. */
  parametersKey: z.string().optional(),
});
export type LiveChannel = z.infer<typeof channelSchema>;

const watchCallSchema = z.object({ failures: z.number(), failedAt: time, reason: z.string() });
export type FailedWatchCall = z.infer<typeof watchCallSchema>;

const followingSchema = z.object({
  /** What becomes of what is no longer followed, also once the wish to follow is gone. */
  unlisted: z.enum(UNLISTED),
  /** What has been followed to the end: the wish, and the list as of that number and that full sync. */
  done: z.object({ key: z.string(), sequence: z.number(), fullStartedAt: time }).optional(),
  /** Since when the list has had nothing of what is followed; no sync that began sooner proves that it is so. */
  emptySince: time.optional(),
});
export type Following = z.infer<typeof followingSchema>;

const statusSchema = z.object({
  state: z.enum(STATES).default('pending'),
  reason: z.string().optional(),
  detail: z.string().optional(),
  /** The mirrored collection that this watch has claimed. */
  collection: z.string().optional(),
  /** Written by renew alone. */
  channel: channelSchema.optional(),
  /** Written by renew alone: the latest watch calls failed. */
  watchCall: watchCallSchema.optional(),
  /** Written by sync alone. */
  sync: syncSchema.optional(),
  /** Written by renew alone, of a calendar list that is followed. */
  follow: followingSchema.optional(),
});

/** What a write is conditioned on: the document as it was read. Opaque outside `mirror/`. */
export interface Version {
  readonly updateTime: Timestamp;
  readonly nextDueAt: Timestamp | undefined;
}

export interface Watch {
  readonly id: string;
  readonly spec: ParsedSpec;
  readonly state: State;
  readonly reason: string | undefined;
  readonly collection: string | undefined;
  readonly channel: LiveChannel | undefined;
  readonly watchCall: FailedWatchCall | undefined;
  readonly sync: SyncStatus;
  /** Of a watch that follows its calendar list: how far. */
  readonly follow: Following | undefined;
  /** Of a watch that is followed: the watch that keeps it. Whoever takes it into their own hands removes the mark. */
  readonly followedBy: string | undefined;
  /** Unix ms. */
  readonly nextDueAt: number | undefined;
  /** When Firestore read it, Unix ms, rounded down. */
  readonly readTime: number;
  readonly version: Version;
}

const documentSchema = z.object({
  spec: z.unknown().optional(),
  nextDueAt: z.instanceof(Timestamp).optional().catch(undefined),
  followedBy: z.string().optional().catch(undefined),
  status: statusSchema.default({ state: 'pending' }),
});

export const NEVER_SYNCED: SyncStatus = { sequence: 0, failures: 0 };

/** Thrown for a document whose `status` nobody but a stray hand can have written. */
export class UnreadableWatch extends Error {
  override readonly name = 'UnreadableWatch';
}

/** What is read of a document. */
type Snapshot = Pick<DocumentSnapshot, 'id' | 'exists' | 'updateTime' | 'readTime' | 'data'>;

/** A watch document as data, or undefined where there is none. @throws {UnreadableWatch} */
export function readWatch(snapshot: Snapshot): Watch | undefined {
  if (!snapshot.exists || snapshot.updateTime === undefined) return undefined;
  const parsed = documentSchema.safeParse(snapshot.data());
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new UnreadableWatch(
      `watches/${snapshot.id} has a status that cannot be read (${where}): mend or delete the document`,
    );
  }
  const { spec, nextDueAt, followedBy, status } = parsed.data;
  return {
    id: snapshot.id,
    spec: parseSpec(spec),
    state: status.state,
    reason: status.reason,
    collection: status.collection,
    channel: status.channel,
    watchCall: status.watchCall,
    sync: status.sync ?? NEVER_SYNCED,
    follow: status.follow,
    followedBy,
    nextDueAt: nextDueAt?.toMillis(),
    readTime: snapshot.readTime.toMillis(),
    version: { updateTime: snapshot.updateTime, nextDueAt },
  };
}

type Times = 'startedAt' | 'completedAt' | 'fullStartedAt' | 'failedAt' | 'followUpAt';

/** `status.sync` as Firestore stores it; undefined fields are left out by the client. */
export function writeSync(sync: SyncStatus): Record<string, unknown> {
  const at = (name: Times): Timestamp | undefined => timestamp(sync[name]);
  const { traversal } = sync;
  return {
    ...sync,
    startedAt: at('startedAt'),
    completedAt: at('completedAt'),
    fullStartedAt: at('fullStartedAt'),
    failedAt: at('failedAt'),
    followUpAt: at('followUpAt'),
    traversal: traversal && { ...traversal, startedAt: timestamp(traversal.startedAt) },
  };
}

/** `status.follow` as Firestore stores it. */
export function writeFollowing({ unlisted, done, emptySince }: Following): Record<string, unknown> {
  return {
    unlisted,
    done: done && { ...done, fullStartedAt: timestamp(done.fullStartedAt) },
    emptySince: timestamp(emptySince),
  };
}

/** A Timestamp from Unix ms. */
export const timestamp = (ms: number | undefined): Timestamp | undefined =>
  ms === undefined ? undefined : Timestamp.fromMillis(Math.floor(ms));
