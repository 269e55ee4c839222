import type { Firestore } from '@google-cloud/firestore';

import { createChannels } from './channels.ts';
import { createClaims } from './claims.ts';
import { createFollowed } from './followed.ts';
import { createRemains } from './remains.ts';
import { createUndue } from './undue.ts';
import { createWatches } from './watches.ts';

/** Returns what the functions do with watches and channels. What people do is in `watch-admin.ts`. */
export const createWatchStore = (firestore: Firestore) => ({
  ...createWatches(firestore),
  ...createClaims(firestore),
  ...createChannels(firestore),
  ...createFollowed(firestore),
  ...createUndue(firestore),
  ...createRemains(firestore),
});

export type WatchStore = ReturnType<typeof createWatchStore>;
