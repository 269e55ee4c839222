import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Firestore } from '@google-cloud/firestore';
import type { Change } from 'calendar-mirror/feed';

/**
 * Takes each change up once, however often and in whatever order it is delivered: what is not newer than the sequence that is known
 * for its item is dropped. So the document of an item is its exact state, and its counter counts no move twice.
 *
 * The effect and the sequence are written together. An effect elsewhere, such as a mail, cannot be: it belongs after the transaction,
 * where a crash may lose it, or before, where it may happen twice.
 */
export function createTaker(firestore: Firestore) {
  return async (change: Change): Promise<void> => {
    const document = firestore.doc(`reactions/${keyOf(change)}`);
    await firestore.runTransaction(async (transaction) => {
      const known = await transaction.get(document);
      if (change.sequence <= Number(known.get('sequence') ?? 0)) return;
      transaction.set(document, {
        watch: change.watchId,
        item: change.itemId,
        sequence: change.sequence,
        // A deleted item keeps its document: a change from before the deletion may still come.
        now: change.after === null ? null : JSON.stringify(change.after),
        moves: Number(known.get('moves') ?? 0) + (isMove(change) ? 1 : 0),
      });
    });
  };
}

/** An item's id may be no id of a document. Sequences are a watch's own, so the watch is part of the key. */
const keyOf = ({ watchId, itemId }: Change): string =>
  createHash('sha256').update(`${watchId}/${itemId}`).digest('hex');

/** Whether an event was there before and has another start now. */
const isMove = ({ resource, before, after }: Change): boolean =>
  resource === 'events' &&
  before !== null &&
  after !== null &&
  !isDeepStrictEqual(before['start'], after['start']);
