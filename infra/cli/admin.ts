import type { Firestore } from '@google-cloud/firestore';

import { createWatchAdmin } from '../../functions/watches/watch-admin.ts';
import { readResult, type WatchResult } from '../../functions/watches/watch.ts';

/** Returns what commands do with watches: what programs do, and what only people ask for. */
export function createAdmin(firestore: Firestore) {
  const watches = firestore.collection('watches');
  return {
    ...createWatchAdmin(firestore),

    /** Returns a watch, or undefined if there is none. */
    findWatch: async (id: string): Promise<WatchResult | undefined> =>
      readResult(await watches.doc(id).get()),

    /** Counts the watches that a list's watch follows. */
    countFollowed: async (id: string): Promise<number> => {
      const followed = await watches.where('followedBy', '==', id).select('spec.removed').get();
      return followed.docs.filter((each) => each.get('spec.removed') === undefined).length;
    },

    /** Counts the mirrored items of a collection. */
    countItems: async (collection: string): Promise<number> =>
      (await firestore.collection(collection).count().get()).data().count,
  };
}

export type Admin = ReturnType<typeof createAdmin>;
