import type { Firestore } from '@google-cloud/firestore';

import { createWatchStore } from '../watches/store.ts';
import { createCommit } from './commit.ts';
import { createItems } from './items.ts';
import { createOutbox } from './outbox.ts';
import { createSeen } from './seen.ts';

/** Returns everything that the functions do with Firestore, as plain functions over one client. */
export const createMirror = (firestore: Firestore) => ({
  ...createWatchStore(firestore),
  ...createCommit(firestore),
  ...createItems(firestore),
  ...createOutbox(firestore),
  ...createSeen(firestore),
});

export type Mirror = ReturnType<typeof createMirror>;
