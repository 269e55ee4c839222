import { createHash } from 'node:crypto';
import type { Firestore } from '@google-cloud/firestore';
import type { Change } from 'calendar-mirror/feed';

/**
 * Returns a function that applies each change once, however often and in whatever order it is delivered. It ignores a change that is
 * not newer than the sequence known for its item. So the document of an item has its exact state, and no move is counted twice.
 *
 * The effect and the sequence are written in one transaction. This is not possible for an external effect, such as an email: after the
 * transaction a crash may lose it, before the transaction it may happen twice.
 */
export function createChangeHandler(firestore: Firestore) {
  return async (change: Change): Promise<void> => {
    const document = firestore.doc(`reactions/${keyOf(change)}`);
    await firestore.runTransaction(async (transaction) => {
      const known = await transaction.get(document);
      if (change.sequence <= Number(known.get('sequence') ?? 0)) return;
      transaction.set(document, {
        watch: change.watchId,
        item: change.itemId,
        sequence: change.sequence,
        // A deleted item keeps its document, because an earlier change may still arrive.
        now: change.after === null ? null : JSON.stringify(change.after),
        moves: Number(known.get('moves') ?? 0) + (change.kinds.includes('moved') ? 1 : 0),
      });
    });
  };
}

/** Hashed, because an item id may not be a valid document id. Includes the watch, because each watch has its own sequence. */
const keyOf = ({ watchId, itemId }: Change): string =>
  createHash('sha256').update(`${watchId}/${itemId}`).digest('hex');
