import { FieldValue, Timestamp, type DocumentSnapshot, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import { RESOURCES, type Target } from '../calendar/resources.ts';
import { AUTH_MODES, type AuthMode } from '../config.ts';
import { isNotFound } from './database.ts';
import type { Wish } from './spec.ts';
import { readWatch, timestamp, type Watch } from './watch.ts';

/**
 * `channels/{channelId}`: every channel that Google may have, from before the `watch` call until it is surely gone,
 * with what it takes to stop it. Google can neither list channels nor say whose they are.
 */

const schema = z.object({
  watch: z.string(),
  user: z.string(),
  auth: z.enum(AUTH_MODES),
  resource: z.enum(RESOURCES),
  calendarId: z.string().nullable(),
  resourceId: z.string().optional(),
  /** `creating`: the watch call may be under way. `live`: serves its watch. `unwanted`: to be stopped. */
  state: z.enum(['creating', 'live', 'unwanted']),
  expiresAt: z.instanceof(Timestamp).transform((at) => at.toMillis()),
  nextDueAt: z.instanceof(Timestamp).transform((at) => at.toMillis()),
  /** How often stopping it failed. */
  failures: z.number().optional(),
});

const DAY_MS = 86_400_000;

export interface Channel extends Target {
  readonly id: string;
  readonly watch: string;
  readonly auth: AuthMode;
  readonly resourceId?: string | undefined;
  readonly state: 'creating' | 'live' | 'unwanted';
  /** Unix ms. */
  readonly expiresAt: number;
  readonly nextDueAt: number;
  readonly failures?: number | undefined;
}

function read(snapshot: DocumentSnapshot): Channel | undefined {
  const parsed = schema.safeParse(snapshot.data());
  return parsed.success ? { id: snapshot.id, ...parsed.data } : undefined;
}

export function createChannels(firestore: Firestore) {
  const channels = firestore.collection('channels');
  const document = (id: string) => channels.doc(id);

  return {
    /** Writes down that a channel is about to be asked for. To be called before the watch call. */
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
     * Makes an opened channel the one of its watch, and the one before it unwanted, if the watch still wants it: it
     * exists, has the same wish, and its channel is the one that renew read. Otherwise the new one is unwanted.
     */
    adoptChannel: (
      watch: Watch,
      wish: Wish,
      opened: { readonly id: string; readonly resourceId: string; readonly expiresAt: number },
      lookAgainAt: number,
    ): Promise<boolean> =>
      firestore.runTransaction(async (transaction) => {
        const watchDocument = firestore.doc(`watches/${watch.id}`);
        const now = readWatch(await transaction.get(watchDocument));
        const before = now?.channel && (await transaction.get(document(now.channel.id)));
        const { id, resourceId } = opened;
        const expiresAt = timestamp(opened.expiresAt);
        const wanted =
          now?.spec.ok === true &&
          now.spec.wish.removed === undefined &&
          now.spec.wish.parametersKey === wish.parametersKey &&
          now.collection === wish.collection &&
          now.channel?.id === watch.channel?.id;
        if (!wanted) {
          const unwanted = {
            state: 'unwanted',
            resourceId,
            expiresAt,
            nextDueAt: FieldValue.serverTimestamp(),
          };
          transaction.update(document(id), unwanted);
          return false;
        }
        transaction.update(document(id), {
          state: 'live',
          resourceId,
          expiresAt,
          nextDueAt: timestamp(lookAgainAt),
        });
        if (before?.exists === true) {
          transaction.update(before.ref, { state: 'unwanted', nextDueAt: FieldValue.serverTimestamp() });
        }
        const resting = now.state === 'paused' || now.state === 'gone';
        transaction.update(watchDocument, {
          'status.channel': {
            id,
            resourceId,
            expiresAt,
            createdAt: FieldValue.serverTimestamp(),
            lifetimeMs: opened.expiresAt - watch.readTime,
            parametersKey: wish.parametersKey,
          },
          'status.watchCall': FieldValue.delete(),
          ...(resting
            ? {}
            : {
                'status.state': 'active',
                'status.reason': FieldValue.delete(),
                'status.detail': FieldValue.delete(),
              }),
        });
        return true;
      }),

    loadChannel: async (id: string): Promise<Channel | undefined> => read(await document(id).get()),

    /** Channels whose `nextDueAt` has come at `now` (Unix ms), at most `limit`, the longest overdue first. */
    dueChannels: async (now: number, limit: number): Promise<readonly Channel[]> => {
      const due = channels.where('nextDueAt', '<=', timestamp(now)).orderBy('nextDueAt').limit(limit);
      const found: Channel[] = [];
      for (const snapshot of (await due.get()).docs) {
        const channel = read(snapshot);
        if (channel !== undefined) found.push(channel);
        // Nothing can be done with a document that cannot be read; out of the way, so that the others get their turn.
        else await snapshot.ref.update({ nextDueAt: timestamp(now + DAY_MS) });
      }
      return found;
    },

    /** Looks at a channel again at `nextDueAt` (Unix ms). A document that is gone stays gone. */
    rescheduleChannel: async (
      id: string,
      nextDueAt: number,
      unwanted?: { readonly state: 'unwanted'; readonly failures?: number },
    ): Promise<void> => {
      await unlessGone(document(id).update({ nextDueAt: timestamp(nextDueAt), ...unwanted }));
    },

    /** Forgets a channel that is surely gone. */
    forgetChannel: async (id: string): Promise<void> => {
      await document(id).delete();
    },

    /**
     * Keeps what a notification of a channel that is not its watch's current one tells about it: the resource id, without
     * which it cannot be stopped. `stop`: nobody wants it, renew is to stop it at its next run.
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
