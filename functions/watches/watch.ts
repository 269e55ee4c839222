import { FieldValue, Timestamp, type DocumentSnapshot } from '@google-cloud/firestore';
import * as z from 'zod';

import { timestamp } from '../firestore/timestamps.ts';
import { baseOf, epochOf, positionOf } from './epochs.ts';
import { parseSpec, type ParsedSpec } from './spec.ts';
import type { StateChange } from './states.ts';
import { statusSchema, type Following, type SyncStatus } from './status.ts';

/**
 * A watch document, `watches/{watchId}`. Each field has one writer (see `status.ts`), so that sync, renew and people share the
 * document without a lock.
 *
 * `status.state`:
 *
 *     created ──▶ pending ──▶ active ◀──▶ polling
 *                    ▲           │           │
 *                    │           ├───────────┴─ no access, invalid spec ──▶ paused ──┐
 *                    │           └───────────── 404 ──────────────────────▶ gone ────┤
 *                    ├──────────────────── recovered, checked again ─────────────────┘
 *                    │
 *                    └── restored ── removed ◀── removing ◀── spec.removed, in any state
 *
 * - `pending`: nothing synced or no channel yet; `active`: a live channel; `polling`: no push for now, `reason` says why.
 * - `paused` and `gone` are checked again at growing intervals, and recover by themselves.
 * - `removing`: renew stops the channel and sync removes the rest. `removed` keeps the document and its last sequence.
 *
 * The state × event table is tested in `test/unit/functions/watches/watch-states.test.ts`.
 */

/** The document as it was read: the precondition of a write. */
export interface Version {
  readonly updateTime: Timestamp;
  readonly nextDueAt: Timestamp | undefined;
}

type Status = z.infer<typeof statusSchema>;

/** A watch with its status. */
export interface Watch extends Readonly<Omit<Status, 'sync' | 'epoch'>> {
  readonly id: string;
  readonly spec: ParsedSpec;
  /** The epoch of its sequence numbers. */
  readonly epoch: number;
  readonly sync: SyncStatus;
  /** Id of the calendarList watch that manages this one. Delete the field to manage the watch by hand. */
  readonly followedBy: string | undefined;
  /** Unix ms. */
  readonly nextDueAt: number | undefined;
  /** Firestore's read time, Unix ms, rounded down. */
  readonly readTime: number;
  readonly version: Version;
}

/** A watch, or why its document cannot be read. */
export type WatchResult =
  | { readonly ok: true; readonly watch: Watch }
  | { readonly ok: false; readonly id: string; readonly problem: string; readonly updateTime: Timestamp };

const documentSchema = z.object({
  spec: z.unknown().optional(),
  nextDueAt: z.instanceof(Timestamp).optional().catch(undefined),
  followedBy: z.string().optional().catch(undefined),
  status: statusSchema.default({ state: 'pending' }),
});

export const NEVER_SYNCED: SyncStatus = { sequence: 0, failures: 0 };

/**
 * Returns the sync status in an epoch. A watch that has not numbered anything in its epoch starts from the beginning: its tokens
 * and traversal belong to an earlier numbering, in which consumers may have seen other items.
 */
export function inEpoch(sync: SyncStatus, epoch: number): SyncStatus {
  if (epochOf(sync.sequence) >= epoch) return sync;
  const { failures, failedAt, error } = sync;
  return { sequence: baseOf(epoch), failures, failedAt, error };
}

/** Thrown when `status` does not match its schema, which only a manual edit can cause. */
export class UnreadableWatch extends Error {
  override readonly name = 'UnreadableWatch';
}

type Snapshot = Pick<DocumentSnapshot, 'id' | 'exists' | 'updateTime' | 'readTime' | 'data'>;

/** Parses a watch document; undefined if it does not exist. */
export function readResult(snapshot: Snapshot): WatchResult | undefined {
  const { id, updateTime } = snapshot;
  if (!snapshot.exists || updateTime === undefined) return undefined;
  const parsed = documentSchema.safeParse(snapshot.data());
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    const problem =
      `watches/${id} has an invalid status (${where}): correct it, or delete ` +
      'the field "status" to list and announce everything again';
    return { ok: false, id, problem, updateTime };
  }
  const { spec, nextDueAt, followedBy } = parsed.data;
  const { sync: stored = NEVER_SYNCED, epoch: lowest = 0, ...status } = parsed.data.status;
  const sync = inEpoch(stored, lowest);
  const watch: Watch = {
    ...status,
    id,
    spec: parseSpec(spec),
    epoch: epochOf(sync.sequence),
    sync,
    followedBy,
    nextDueAt: nextDueAt?.toMillis(),
    readTime: snapshot.readTime.toMillis(),
    version: { updateTime, nextDueAt },
  };
  return { ok: true, watch };
}

/** Parses a watch document; undefined if it does not exist. @throws {UnreadableWatch} */
export function readWatch(snapshot: Snapshot): Watch | undefined {
  const result = readResult(snapshot);
  if (result?.ok === false) throw new UnreadableWatch(result.problem);
  return result?.watch;
}

type OutboxState = Pick<Watch, 'sync' | 'latestMessage'>;

/** Returns where a watch's outbox ends: at its latest change, or at the latest message about it. */
export function outboxEnd({ sync, latestMessage = '' }: OutboxState): string {
  const change = positionOf(sync.sequence);
  return change > latestMessage ? change : latestMessage;
}

/** Whether a message about the watch may be left in its outbox. */
export const mayHaveMessage = ({ sync, latestMessage = '' }: OutboxState): boolean =>
  latestMessage > (sync.publishedTo ?? '');

/** Returns the fields that an update writes for a new state. */
export const stateFields = ({ state, reason, detail }: StateChange) => ({
  'status.state': state,
  'status.reason': reason ?? FieldValue.delete(),
  'status.detail': detail ?? FieldValue.delete(),
});

const TIMES = ['startedAt', 'completedAt', 'fullStartedAt', 'changedAt', 'failedAt', 'followUpAt'] as const;

/** Returns `status.sync` as Firestore stores it; the client leaves out undefined fields. */
export function writeSync(sync: SyncStatus): Record<string, unknown> {
  const { traversal } = sync;
  return {
    ...sync,
    ...Object.fromEntries(TIMES.map((name) => [name, timestamp(sync[name])])),
    traversal: traversal && { ...traversal, startedAt: timestamp(traversal.startedAt) },
  };
}

/** Returns `status.follow` as Firestore stores it. */
export function writeFollowing({ unlisted, done, emptySince, idTaken }: Following): Record<string, unknown> {
  return {
    unlisted,
    idTaken,
    done: done && { ...done, fullStartedAt: timestamp(done.fullStartedAt) },
    emptySince: timestamp(emptySince),
  };
}
