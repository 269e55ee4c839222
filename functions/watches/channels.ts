import { FieldValue, type DocumentSnapshot, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import { AUTH_MODES } from '../calendar/auth/modes.ts';
import { RESOURCES } from '../calendar/resources.ts';
import { isNotFound } from '../firestore/client.ts';
import { time, timestamp } from '../firestore/timestamps.ts';
import { enterState } from './announce.ts';
import type { WatchSpec } from './spec.ts';
import { readWatch, type Watch } from './watch.ts';

/**
 * `channels/{channelId}`: every channel that may exist at Google, from before the `watch` call until it is certainly closed, with
 * what it takes to stop it. Google offers no way to list channels.
 * https://developers.google.com/workspace/calendar/api/guides/push
 */

const schema = z.object({
  watch: z.string(),
  user: z.string(),
  auth: z.enum(AUTH_MODES),
  resource: z.enum(RESOURCES),
  calendarId: z.string().nullable(),
  resourceId: z.string().optional(),
  /** `creating`: the watch call may be in flight. `live`: serves its watch. `unwanted`: to be stopped. */
  state: z.enum(['creating', 'live', 'unwanted']),
  expiresAt: time,
  nextDueAt: time,
  /** Consecutive failures to stop it. */
  failures: z.number().optional(),
});

const DAY_MS = 86_400_000;

/** A channel; times are Unix ms. */
export type Channel = { readonly id: string } & Readonly<z.infer<typeof schema>>;

function read(snapshot: DocumentSnapshot): Channel | undefined {
  const parsed = schema.safeParse(snapshot.data());
  return parsed.success ? { id: snapshot.id, ...parsed.data } : undefined;
}

export function createChannels(firestore: Firestore) {
  const channels = firestore.collection('channels');
  const document = (id: string) => channels.doc(id);

  return {
    /** Records a channel before the `watch` call, so that a crash leaves no channel unknown. */
    intendChannel: async (channel: Omit<Channel, 'state' | 'resourceId'>): Promise<void> => {
      const { id, expiresAt, nextDueAt, ...rest } = channel;
      await document(id).create({
        ...rest,
        state: 'creating',
        expiresAt: timestamp(expiresAt),
        nextDueAt: timestamp(nextDueAt),
      });
    },

    /**
     * Makes a new channel its watch's own, and its predecessor unwanted. If the watch was deleted, its spec edited, or its channel
     * replaced since renew read it, the new channel becomes unwanted instead. Resolves with whether it was adopted.
     */
    adoptChannel: (
      watch: Watch,
      watchSpec: WatchSpec,
      opened: { readonly id: string; readonly resourceId: string; readonly expiresAt: number },
      nextCheckAt: number,
    ): Promise<boolean> =>
      firestore.runTransaction(async (transaction) => {
        const watchDocument = firestore.doc(`watches/${watch.id}`);
        const now = readWatch(await transaction.get(watchDocument));
        const before = now?.channel && (await transaction.get(document(now.channel.id)));
        const { id, resourceId } = opened;
        const expiresAt = timestamp(opened.expiresAt);
        const due = FieldValue.serverTimestamp();
        const wanted =
          now?.spec.ok === true &&
          now.spec.value.removed === undefined &&
          now.spec.value.parametersKey === watchSpec.parametersKey &&
          now.collection === watchSpec.collection &&
          now.channel?.id === watch.channel?.id;
        const next = wanted
          ? { state: 'live', nextDueAt: timestamp(nextCheckAt) }
          : { state: 'unwanted', nextDueAt: due };
        transaction.update(document(id), { resourceId, expiresAt, ...next });
        if (!wanted) return false;
        if (before?.exists === true) transaction.update(before.ref, { state: 'unwanted', nextDueAt: due });
        const isResting = now.state === 'paused' || now.state === 'gone';
        transaction.update(watchDocument, {
          'status.channel': {
            id,
            resourceId,
            expiresAt,
            createdAt: FieldValue.serverTimestamp(),
            lifetimeMs: opened.expiresAt - watch.readTime,
            parametersKey: watchSpec.parametersKey,
          },
          'status.watchCall': FieldValue.delete(),
          ...(isResting ? {} : enterState(transaction, watchDocument, now, { state: 'active' })),
        });
        return true;
      }),

    loadChannel: async (id: string): Promise<Channel | undefined> => read(await document(id).get()),

    /** Returns at most `limit` channels that are due at `now` (Unix ms), the longest overdue first. */
    dueChannels: async (now: number, limit: number): Promise<readonly Channel[]> => {
      const due = channels.where('nextDueAt', '<=', timestamp(now)).orderBy('nextDueAt').limit(limit);
      const found: Channel[] = [];
      for (const snapshot of (await due.get()).docs) {
        const channel = read(snapshot);
        if (channel !== undefined) found.push(channel);
        // Postpone an unreadable document, so that it cannot block the queue.
        else await snapshot.ref.update({ nextDueAt: timestamp(now + DAY_MS) });
      }
      return found;
    },

    /** Schedules the next check of a channel (Unix ms). Does not recreate a deleted document. */
    rescheduleChannel: async (
      id: string,
      nextDueAt: number,
      unwanted?: { readonly state: 'unwanted'; readonly failures?: number },
    ): Promise<void> => {
      await unlessGone(document(id).update({ nextDueAt: timestamp(nextDueAt), ...unwanted }));
    },

    /** Deletes the record of a channel that is certainly closed. */
    forgetChannel: async (id: string): Promise<void> => {
      await document(id).delete();
    },

    /**
     * Records the resource id that a stray channel's notification carries: without it the channel cannot be stopped. `stop`: no
     * watch needs the channel, so renew stops it at its next run.
     */
    noteStrayChannel: async (id: string, resourceId: string, stop: boolean): Promise<void> => {
      const due = stop ? { nextDueAt: FieldValue.serverTimestamp(), state: 'unwanted' } : {};
      await unlessGone(document(id).update({ resourceId, ...due }));
    },
  };
}

async function unlessGone(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
