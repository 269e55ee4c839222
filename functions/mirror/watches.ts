import {
  FieldValue,
  Timestamp,
  type DocumentData,
  type Firestore,
  type UpdateData,
} from '@google-cloud/firestore';
import * as z from 'zod';

import { backoff } from '../backoff.ts';
import { conditional } from './database.ts';
import {
  readWatch,
  timestamp,
  UnreadableWatch,
  type FailedWatchCall,
  type State,
  type Watch,
} from './watch.ts';

/** What renew writes when it has looked at a watch. */
export interface Settlement {
  /** The state as renew read it: a new one is written only if it still is that. */
  readonly from: State;
  readonly to?: { readonly state: State; readonly reason?: string; readonly detail?: string } | undefined;
  /** `null` forgets earlier failures of the watch call. */
  readonly watchCall?: FailedWatchCall | null | undefined;
  /** Forget the channel of this id. */
  readonly dropChannel?: string | undefined;
  /** Unix ms: when to look again. Written only if `nextDueAt` is still what renew read. */
  readonly nextDueAt?: number | undefined;
}

/** A watch that is due, or why its document cannot be read. */
export type DueWatch =
  | { readonly ok: true; readonly watch: Watch }
  | { readonly ok: false; readonly id: string; readonly problem: string; readonly updateTime: Timestamp };

const mapSchema = z.record(z.string(), z.unknown()).optional();

/** Equal to no timestamp that a document of ours can have. */
const NEVER = Timestamp.fromMillis(0);

/**
 * When sync, since renew read the watch, has asked for another look (Unix ms; 0 is at once). It could not say so by
 * `nextDueAt`, which had come already, and which renew is about to move.
 */
export function askedFor(watch: Watch, read: Watch): number {
  const [now, before] = [watch.sync, read.sync];
  if (watch.state === 'pending' && read.state !== 'pending') return 0;
  if (now.unannounced !== undefined && now.unannounced !== before.unannounced) return 0;
  if (now.failedAt !== undefined && now.failedAt !== before.failedAt) {
    const trouble = watch.state === 'paused' || watch.state === 'gone' ? 'resting' : 'temporary';
    return watch.readTime + backoff(trouble, now.failures, 0.5);
  }
  const { followUpAt } = now;
  return followUpAt === undefined || followUpAt === before.followUpAt ? Number.POSITIVE_INFINITY : followUpAt;
}

function updateOf(watch: Watch, settlement: Settlement, read: Watch): UpdateData<DocumentData> {
  const { from, to, watchCall, dropChannel, nextDueAt } = settlement;
  const asked = askedFor(watch, read);
  const asRead = watch.version.nextDueAt?.isEqual(read.version.nextDueAt ?? NEVER) ?? false;
  return {
    ...(to && watch.state === from
      ? {
          'status.state': to.state,
          'status.reason': to.reason ?? FieldValue.delete(),
          'status.detail': to.detail ?? FieldValue.delete(),
        }
      : {}),
    ...(watchCall === undefined
      ? {}
      : {
          'status.watchCall':
            watchCall === null
              ? FieldValue.delete()
              : { ...watchCall, failedAt: timestamp(watchCall.failedAt) },
        }),
    ...(dropChannel !== undefined && watch.channel?.id === dropChannel
      ? { 'status.channel': FieldValue.delete() }
      : {}),
    ...(nextDueAt !== undefined && asRead && asked > 0
      ? { nextDueAt: timestamp(Math.min(nextDueAt, asked)) }
      : {}),
  };
}

export function createWatches(firestore: Firestore) {
  const watches = firestore.collection('watches');

  return {
    /** One watch, or undefined where there is none. @throws {UnreadableWatch} */
    loadWatch: async (watchId: string): Promise<Watch | undefined> =>
      readWatch(await watches.doc(watchId).get()),

    /** Watches whose `nextDueAt` has come at `now` (Unix ms), the longest overdue first, at most `limit`. */
    dueWatches: async (now: number, limit: number): Promise<readonly DueWatch[]> => {
      const due = watches.where('nextDueAt', '<=', timestamp(now)).orderBy('nextDueAt').limit(limit);
      return (await due.get()).docs.flatMap((snapshot): DueWatch[] => {
        try {
          const watch = readWatch(snapshot);
          return watch === undefined ? [] : [{ ok: true, watch }];
        } catch (error) {
          if (!(error instanceof UnreadableWatch)) throw error;
          return [{ ok: false, id: snapshot.id, problem: error.message, updateTime: snapshot.updateTime }];
        }
      });
    },

    /**
     * Writes what came of looking at a watch, in a transaction that checks again what it relies on: sync or a
     * person may have written meanwhile, and theirs stands. A watch deleted meanwhile is left alone.
     */
    settle: (read: Watch, settlement: Settlement): Promise<void> =>
      firestore.runTransaction(async (transaction) => {
        const document = watches.doc(read.id);
        const watch = readWatch(await transaction.get(document));
        if (watch === undefined) return;
        const changes = updateOf(watch, settlement, read);
        if (Object.keys(changes).length > 0) transaction.update(document, changes);
      }),

    /**
     * Says in a watch's status that sync has refused a message which named it: the latest such, kept until the next. Beside
     * `status.sync`, so that no sync's commit wipes it out; a document whose status is no map is left as it is.
     */
    noteRefusal: (watchId: string, reason: string, messageId: string | undefined): Promise<void> =>
      firestore.runTransaction(async (transaction) => {
        const document = watches.doc(watchId);
        const snapshot = await transaction.get(document);
        if (!snapshot.exists || !mapSchema.safeParse(snapshot.get('status')).success) return;
        const refused = { reason, messageId, at: FieldValue.serverTimestamp() };
        transaction.update(document, { 'status.refused': refused });
      }),

    /** Puts off a watch whose document cannot be read, so that it does not head the queue for ever. */
    postpone: async (watchId: string, until: number, lastUpdateTime: Timestamp): Promise<void> => {
      await conditional(watches.doc(watchId).update({ nextDueAt: timestamp(until) }, { lastUpdateTime }));
    },
  };
}
