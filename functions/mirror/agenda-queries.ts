import { Timestamp, type Firestore, type Query } from '@google-cloud/firestore';

import type { Item } from '../calendar/resources.ts';
import { claimPath } from '../firestore/paths.ts';
import { readResult, type WatchResult } from '../watches/watch.ts';
import { readItem, type MirroredItem } from './items.ts';

/** The queries behind an agenda, each with the index it needs. */

/** Queries of one calendar's events, all at one read time. Times are Unix ms. */
export interface AgendaReads {
  /**
   * Returns the events that may overlap the window from `from` to `to`: single events and exceptions by their own times, a series
   * from its first occurrence to its last.
   *
   * Composite index: `activeUntil` ascending, `startsAt` ascending. In this order Firestore reads no index entries of the past,
   * which only grow. It scans those that start after `to`, and bills one read per 1,000 of them. Series without an end are not
   * scanned: they share one `activeUntil`, within which entries are sorted by `startsAt`.
   * @see https://firebase.google.com/docs/firestore/query-data/multiple-range-fields
   * @see https://firebase.google.com/docs/firestore/pricing#index-reads
   */
  readonly activeBetween: (from: number, to: number) => Promise<readonly MirroredItem[]>;

  /**
   * Returns the exceptions, including cancelled ones, whose original start is between `first` and `last`, both included. Index:
   * `originalStartsAt` ascending.
   */
  readonly exceptionsBetween: (first: number, last: number) => Promise<readonly MirroredItem[]>;
}

export const createAgendaItems = (firestore: Firestore) => ({
  /**
   * Runs `work` with queries that all see the same moment, and returns its result. Otherwise an occurrence moved between two
   * queries could appear twice or not at all.
   */
  readAtOnce: <T>(collection: string, work: (reads: AgendaReads) => Promise<T>): Promise<T> =>
    firestore.runTransaction(
      (transaction) => {
        const events = firestore.collection(collection);
        const read = async (query: Query): Promise<readonly MirroredItem[]> =>
          (await transaction.get(query)).docs.flatMap((snapshot) => readItem(snapshot) ?? []);
        return work({
          activeBetween: (from, to) =>
            read(
              events
                .where('activeUntil', '>', Timestamp.fromMillis(from))
                .where('startsAt', '<', Timestamp.fromMillis(to))
                .orderBy('activeUntil')
                .orderBy('startsAt'),
            ),
          exceptionsBetween: (first, last) =>
            read(
              events
                .where('originalStartsAt', '>=', Timestamp.fromMillis(first))
                .where('originalStartsAt', '<=', Timestamp.fromMillis(last)),
            ),
        });
      },
      { readOnly: true },
    ),

  /** Returns the watch that mirrors a collection; undefined without one. */
  watchOf: async (collection: string): Promise<WatchResult | undefined> => {
    const watchId: unknown = (await firestore.doc(claimPath(collection)).get()).get('watch');
    if (typeof watchId !== 'string') return undefined;
    const watch = await firestore.doc(`watches/${watchId}`).get();
    return watch.get('status.collection') === collection ? readResult(watch) : undefined;
  },

  /** Returns the mirrored item at a path, undefined if there is none. */
  itemAt: async (path: string): Promise<Item | undefined> => readItem(await firestore.doc(path).get())?.item,
});
