import {
  FieldValue,
  Timestamp,
  type DocumentData,
  type Firestore,
  type UpdateData,
} from '@google-cloud/firestore';
import * as z from 'zod';

import { commitConditionally, Conflict } from '../firestore/client.ts';
import { timestamp } from '../firestore/timestamps.ts';
import { backoff } from '../runtime/backoff.ts';
import { enterState } from './announce.ts';
import { clockDueAt } from './clock-due.ts';
import { epochPath, recordedEpoch } from './epochs.ts';
import type { State, StateChange } from './states.ts';
import type { FailedWatchCall } from './status.ts';
import { readResult, readWatch, type Watch, type WatchResult } from './watch.ts';

/** What renew writes after it has checked a watch. */
export interface WatchPatch {
  /** The state as renew read it; `to` is written only if it has not changed since. */
  readonly from: State;
  readonly to?: StateChange | undefined;
  readonly watchCall?: FailedWatchCall | undefined;
  /** Clears `status.channel` if it is the one with this id. */
  readonly dropChannel?: string | undefined;
  /** When to check again, Unix ms; the watch is due earlier for its clock. Written only if `nextDueAt` is still what renew read. */
  readonly nextDueAt?: number | undefined;
}

const mapSchema = z.record(z.string(), z.unknown()).optional();

/** Sentinel: never equals a stored timestamp. */
const NEVER = Timestamp.fromMillis(0);

/**
 * Returns when sync has requested a check since renew read the watch (Unix ms; 0 for now). Sync cannot request it by `nextDueAt`,
 * which was already due and which renew is about to move.
 */
export function requestedCheckAt(watch: Watch, read: Watch): number {
  const [now, before] = [watch.sync, read.sync];
  if (watch.state === 'pending' && read.state !== 'pending') return 0;
  if (now.suspectChannelId !== undefined && now.suspectChannelId !== before.suspectChannelId) return 0;
  if (now.failedAt !== undefined && now.failedAt !== before.failedAt) {
    const isResting = watch.state === 'paused' || watch.state === 'gone';
    // A resting watch keeps its reason when a later sync fails for a transient one: access may be back.
    const isTransient = !isResting || (now.error !== undefined && now.error !== watch.reason);
    return watch.readTime + backoff(isTransient ? 'temporary' : 'resting', now.failures, 0.5);
  }
  const { followUpAt } = now;
  return followUpAt === undefined || followUpAt === before.followUpAt ? Number.POSITIVE_INFINITY : followUpAt;
}

/**
 * Returns when a watch is due for its clock. What was due already when renew read the watch is left to sync, which renew has sent a
 * message since, and which moves `nextDueAt` to the next moment. If sync has done so before, by a slower clock, the watch is still due.
 */
function nextClockAt(watch: Watch, read: Watch): number {
  const due = clockDueAt(watch);
  const isLeft = due === clockDueAt(read) && watch.clock?.until === read.clock?.until;
  return isLeft && due <= read.readTime ? Number.POSITIVE_INFINITY : due;
}

/**
 * Returns when a watch is due after a check that asks for `nextDueAt`, all in Unix ms: undefined if it stays due. `checkAt` is when its next
 * check is due, where its clock may make it due earlier.
 */
export function dueAfterCheck(watch: Watch, read: Watch, nextDueAt: number) {
  const { checkAt: movedTo = Number.POSITIVE_INFINITY } = watch;
  const moved = watch.checkAt === read.checkAt ? Number.POSITIVE_INFINITY : movedTo;
  const requested = Math.min(requestedCheckAt(watch, read), moved);
  if (requested <= 0) return undefined;
  const checkAt = Math.min(nextDueAt, requested);
  const hasClock = watch.spec.ok && watch.spec.value.clock !== undefined;
  return {
    nextDueAt: Math.min(checkAt, nextClockAt(watch, read)),
    checkAt: hasClock ? checkAt : undefined,
  };
}

/** Returns the fields that say when a watch is due after a check. */
function dueFields(watch: Watch, read: Watch, nextDueAt: number): UpdateData<DocumentData> {
  const due = dueAfterCheck(watch, read, nextDueAt);
  if (due === undefined) return {};
  const checkAt = timestamp(due.checkAt) ?? FieldValue.delete();
  const isStored = due.checkAt !== undefined || watch.checkAt !== undefined;
  return { nextDueAt: timestamp(due.nextDueAt), ...(isStored ? { 'status.checkAt': checkAt } : {}) };
}

function updateOf(
  watch: Watch,
  settlement: WatchPatch,
  read: Watch,
  enter: (to: StateChange) => UpdateData<DocumentData>,
): UpdateData<DocumentData> {
  const { from, to, watchCall, dropChannel, nextDueAt } = settlement;
  const asRead = watch.version.nextDueAt?.isEqual(read.version.nextDueAt ?? NEVER) ?? false;
  return {
    ...(to && watch.state === from ? enter(to) : {}),
    ...(watchCall && { 'status.watchCall': { ...watchCall, failedAt: timestamp(watchCall.failedAt) } }),
    ...(dropChannel !== undefined && watch.channel?.id === dropChannel
      ? { 'status.channel': FieldValue.delete() }
      : {}),
    ...(nextDueAt !== undefined && asRead ? dueFields(watch, read, nextDueAt) : {}),
  };
}

/** Whether an update is written with a message about the watch. */
const hasMessage = (changes: UpdateData<DocumentData>): boolean => 'status.latestMessage' in changes;

export function createWatches(firestore: Firestore) {
  const watches = firestore.collection('watches');

  return {
    /** Loads a watch; undefined if there is none. @throws {UnreadableWatch} */
    loadWatch: async (watchId: string): Promise<Watch | undefined> =>
      readWatch(await watches.doc(watchId).get()),

    /** Returns the latest epoch in which this watch id numbered a change, undefined if it never did. */
    usedEpoch: async (watchId: string): Promise<number | undefined> =>
      recordedEpoch((await firestore.doc(epochPath(watchId)).get()).data()),

    /**
     * Moves a watch to a later epoch, in which it starts as though it had never synced.
     * @throws {Conflict} if the watch has changed since it was loaded
     */
    raiseEpoch: async ({ id, version }: Watch, epoch: number): Promise<void> => {
      const raised = watches
        .doc(id)
        .update({ 'status.epoch': epoch }, { lastUpdateTime: version.updateTime });
      await commitConditionally(raised);
    },

    /**
     * Returns at most `limit` watches that are due at `now`, the longest overdue first; only those that became due after `after`, if it is
     * given (Unix ms).
     */
    dueWatches: async (now: number, limit: number, after?: number): Promise<readonly WatchResult[]> => {
      const due = watches.where('nextDueAt', '<=', timestamp(now)).orderBy('nextDueAt').limit(limit);
      const recent = after === undefined ? due : due.startAfter(timestamp(after));
      return (await recent.get()).docs.flatMap((snapshot) => readResult(snapshot) ?? []);
    },

    /**
     * Writes the result of a check. If the watch has changed since it was read, a transaction re-checks what the result depends on:
     * what sync or a person has written takes precedence. Does not recreate a deleted watch. Resolves with whether it has written a
     * message about the watch.
     */
    applyReconcileResult: async (read: Watch, settlement: WatchPatch): Promise<boolean> => {
      const document = watches.doc(read.id);
      try {
        const batch = firestore.batch();
        const changes = updateOf(read, settlement, read, (to) => enterState(batch, document, read, to));
        if (Object.keys(changes).length === 0) return false;
        batch.update(document, changes, { lastUpdateTime: read.version.updateTime });
        await commitConditionally(batch.commit());
        return hasMessage(changes);
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        return firestore.runTransaction(async (transaction) => {
          const watch = readWatch(await transaction.get(document));
          if (watch === undefined) return false;
          const enter = (to: StateChange) => enterState(transaction, document, watch, to);
          const changes = updateOf(watch, settlement, read, enter);
          if (Object.keys(changes).length > 0) transaction.update(document, changes);
          return hasMessage(changes);
        });
      }
    },

    /**
     * Records the latest dead-lettered message of a watch in its status, outside `status.sync`, which each commit replaces. Leaves
     * a document alone whose status is not a map.
     */
    noteDeadLetter: (watchId: string, reason: string, messageId: string | undefined): Promise<void> =>
      firestore.runTransaction(async (transaction) => {
        const document = watches.doc(watchId);
        const snapshot = await transaction.get(document);
        if (!snapshot.exists || !mapSchema.safeParse(snapshot.get('status')).success) return;
        const deadLetter = { reason, messageId, at: FieldValue.serverTimestamp() };
        transaction.update(document, { 'status.deadLetter': deadLetter });
      }),

    /** Postpones an unreadable watch, so that it cannot block the queue. */
    postpone: async (watchId: string, until: number, lastUpdateTime: Timestamp): Promise<void> => {
      await commitConditionally(
        watches.doc(watchId).update({ nextDueAt: timestamp(until) }, { lastUpdateTime }),
      );
    },
  };
}
