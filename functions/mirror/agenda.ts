import { Filter, Timestamp, type Firestore, type Query } from '@google-cloud/firestore';

import type { Item } from '../calendar/resources.ts';
import { readItem } from './items.ts';

/** What an agenda is made of, in one query for each calendar. Both queries need the composite index that they name. */

export type { Firestore } from '@google-cloud/firestore';

export const createAgendaItems = (firestore: Firestore) => ({
  /**
   * The events that start before a moment (Unix ms), and every occurrence that was changed or cancelled, wherever it is now.
   * Index: `recurringEventId` ascending, `startsAt` ascending. No field tells a recurring event from a single one that is long
   * over, so it reads the calendar's past too.
   */
  itemsBefore: (collection: string, before: number): Promise<readonly Item[]> =>
    read(
      firestore
        .collection(collection)
        .where(
          Filter.or(
            Filter.and(
              Filter.where('recurringEventId', '==', null),
              Filter.where('startsAt', '<', Timestamp.fromMillis(before)),
            ),
            Filter.where('recurringEventId', '>', ''),
          ),
        )
        .orderBy('recurringEventId')
        .orderBy('startsAt'),
    ),

  /**
   * The events that end after `from` and start before `to` (Unix ms), where occurrences are mirrored one by one
   * (`singleEvents`). Index: `endsAt` ascending, `startsAt` ascending; in that order Firestore passes over what is to come, and
   * not over all that has been.
   */
  itemsBetween: (collection: string, from: number, to: number): Promise<readonly Item[]> =>
    read(
      firestore
        .collection(collection)
        .where('endsAt', '>', Timestamp.fromMillis(from))
        .where('startsAt', '<', Timestamp.fromMillis(to))
        .orderBy('endsAt')
        .orderBy('startsAt'),
    ),

  /** The mirrored item at a path, undefined where there is none. */
  itemAt: async (path: string): Promise<Item | undefined> => readItem(await firestore.doc(path).get())?.item,
});

async function read(query: Query): Promise<readonly Item[]> {
  const { docs } = await query.get();
  return docs.flatMap((snapshot) => readItem(snapshot)?.item ?? []);
}
