import type { Timestamp } from '@google-cloud/firestore';

import { isOver } from '../../functions/mirror/claims.ts';
import type { Mirror } from '../../functions/mirror/index.ts';
import { timestamp } from '../../functions/mirror/watch.ts';
import { askedFor } from '../../functions/mirror/watches.ts';
import type { Ask, Documents, WatchDocument } from './documents.ts';

/** Watches and claims of the in-memory mirror: what `functions/mirror/watches.ts` and `claims.ts` do in transactions. */

type Watches = Pick<Mirror, 'loadWatch' | 'dueWatches' | 'settle' | 'noteRefusal' | 'postpone' | 'claim'>;

const sameTime = (one: Timestamp | undefined, other: Timestamp | undefined): boolean =>
  one !== undefined && other !== undefined && one.isEqual(other);

export function createWatches(documents: Documents, ask: Ask): Watches {
  const { watches, claims, read, write } = documents;
  return {
    loadWatch: (watchId) =>
      ask.of(watchId, () => {
        const document = watches.get(watchId);
        return document && read(document);
      }),

    dueWatches: (now, limit) =>
      ask.all(() => {
        const found: WatchDocument[] = [];
        for (const document of watches.values()) if (document.due <= now) found.push(document);
        return found
          .toSorted((a, b) => a.due - b.due)
          .slice(0, limit)
          .map((document) => ({ ok: true, watch: read(document) }));
      }),

    settle: (asRead, { from, to, watchCall, dropChannel, nextDueAt }) =>
      ask.of(asRead.id, () => {
        const document = watches.get(asRead.id);
        if (document === undefined) return;
        const due = sameTime(document.nextDueAt, asRead.version.nextDueAt);
        const asked = askedFor(read(document), asRead);
        const changes: Partial<WatchDocument> = {
          ...(to && document.state === from ? { state: to.state, reason: to.reason } : {}),
          ...(watchCall === undefined ? {} : { watchCall: watchCall ?? undefined }),
          ...(dropChannel !== undefined && document.channel?.id === dropChannel
            ? { channel: undefined }
            : {}),
          ...(nextDueAt !== undefined && due && asked > 0
            ? { nextDueAt: timestamp(Math.min(nextDueAt, asked)) }
            : {}),
        };
        if (Object.keys(changes).length > 0) write(document, changes);
      }),

    // Nothing is published here that sync cannot understand.
    noteRefusal: (watchId) => Promise.reject(new Error(`a message for ${watchId} is refused`)),

    // For documents that cannot be read, and here every one can.
    postpone: (watchId) => Promise.reject(new Error(`${watchId} can be read`)),

    claim: (watchId, wish) =>
      ask.of(watchId, () => {
        const document = watches.get(watchId);
        if (document === undefined) return 'missing';
        const pause = (reason: string): void => {
          if (document.reason !== reason || document.state !== 'paused') {
            write(document, { state: 'paused', reason });
          }
        };
        if (document.collection !== undefined && document.collection !== wish.collection) {
          pause('specChanged');
          return 'specChanged';
        }
        const holder = claims.get(wish.collection);
        if (holder !== undefined && holder !== watchId) {
          if (watches.get(holder)?.collection === wish.collection) {
            pause('collectionTaken');
            return 'taken';
          }
        }
        claims.set(wish.collection, watchId);
        const over = isOver(document.state, document.reason);
        write(document, {
          collection: wish.collection,
          ...(over ? { state: 'pending', reason: undefined } : {}),
        });
        return 'claimed';
      }),
  };
}
