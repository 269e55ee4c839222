/**
 * Puts the hops of a change together from what each part of the local cloud reports: the request that Google answered, its
 * notification, the log lines of receive, the document in the mirror. Pure: times are given.
 */
import { LRUCache } from 'lru-cache';

import type { Change } from '../../../functions/feed/change.ts';
import type { Hop } from '../model/timeline.ts';

/** A notification on its way to a sync. Times are Unix ms. */
interface Notified {
  /** When Google sent it, and when receive had published it. */
  sentAt?: number;
  publishedAt?: number;
  /** The id of the request that caused it. */
  cause?: string;
}

/** What names a notification: its channel and its message number. */
interface NotificationId {
  readonly watchId: string;
  readonly channelId: string;
  readonly number: number;
}

/** How many requests, documents and watches, and notifications of each watch, are remembered. */
const REMEMBERED = 10_000;
const OF_A_WATCH = 200;

export type Trail = ReturnType<typeof createTrail>;

/** Returns an empty memory. */
export function createTrail() {
  const requests = new LRUCache<string, number>({ max: REMEMBERED });
  const mirrored = new LRUCache<string, number>({ max: REMEMBERED });
  const notified = new LRUCache<string, LRUCache<string, Notified>>({ max: REMEMBERED });

  function find({ watchId, channelId, number }: NotificationId): Notified {
    const ofWatch = notified.get(watchId) ?? new LRUCache<string, Notified>({ max: OF_A_WATCH });
    notified.set(watchId, ofWatch);
    const key = `${channelId}#${String(number)}`;
    // Not `get`: they stay in the order in which they were first told of.
    const known = ofWatch.peek(key) ?? {};
    if (!ofWatch.has(key)) ofWatch.set(key, known);
    return known;
  }

  return {
    /** Google answered a request that changes something. */
    requested(id: string, at: number): void {
      requests.set(id, at);
    },

    /** Google sent a notification; the cause is the request that it announces, if there is one. */
    sent(id: NotificationId, cause: string | undefined, at: number): void {
      Object.assign(find(id), { sentAt: at, ...(cause === undefined ? {} : { cause }) });
    },

    /** Receive published a notification. */
    published(id: NotificationId, at: number): void {
      find(id).publishedAt = at;
    },

    /** A document of a watch was written with this sequence. */
    mirrored(watchId: string, sequence: number, at: number): void {
      mirrored.set(`${watchId}/${String(sequence)}`, at);
    },

    /** Returns the hops of a change that arrived on the feed, as far as they are known. */
    hopsOf(change: Pick<Change, 'watchId' | 'sequence' | 'occurredAt'>, arrivedAt: number): readonly Hop[] {
      const { watchId, sequence, occurredAt } = change;
      const foundAt = Date.parse(occurredAt);
      // The latest that can have told sync of it: several changes often share one notification.
      const notice = [...(notified.get(watchId)?.values() ?? [])].find(
        ({ sentAt, publishedAt }) => (sentAt ?? publishedAt ?? Infinity) <= foundAt,
      );
      return [
        ...hop('edit', notice?.cause === undefined ? undefined : requests.get(notice.cause)),
        ...hop('notification', notice?.sentAt),
        ...hop('receive', notice?.publishedAt),
        ...hop('sync', foundAt),
        ...hop('mirror', mirrored.get(`${watchId}/${String(sequence)}`)),
        ...hop('feed', arrivedAt),
      ];
    },
  };
}

const hop = (stage: Hop['stage'], at: number | undefined): readonly Hop[] =>
  at === undefined ? [] : [{ stage, at }];
