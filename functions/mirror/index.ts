import type { Firestore } from '@google-cloud/firestore';

import { createChannels } from './channels.ts';
import { createClaims } from './claims.ts';
import { createCommit } from './commit.ts';
import { createFollowed } from './followed.ts';
import { createItems } from './items.ts';
import { createOutbox } from './outbox.ts';
import { createSeen } from './seen.ts';
import { createWatches } from './watches.ts';

/** Everything the functions do with Firestore, as plain functions over one client. */
export const createMirror = (firestore: Firestore) => ({
  ...createWatches(firestore),
  ...createChannels(firestore),
  ...createClaims(firestore),
  ...createCommit(firestore),
  ...createFollowed(firestore),
  ...createItems(firestore),
  ...createOutbox(firestore),
  ...createSeen(firestore),
});

export type Mirror = ReturnType<typeof createMirror>;
