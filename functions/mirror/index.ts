import type { Firestore } from '@google-cloud/firestore';

import { createChannels } from '../watches/channels.ts';
import { createClaims } from '../watches/claims.ts';
import { createFollowed } from '../watches/followed.ts';
import { createUpkeep } from '../watches/upkeep.ts';
import { createWatches } from '../watches/watches.ts';
import { createAgendaItems } from './agenda-queries.ts';
import { createCommit } from './commit.ts';
import { createItems } from './items.ts';
import { createOutbox } from './outbox.ts';
import { createSeen } from './seen.ts';

/**
 * Returns everything that the functions do with Firestore, as plain functions over one client. What people do is in
 * `watches/watch-admin.ts`.
 */
export const createMirror = (firestore: Firestore) => ({
  ...createWatches(firestore),
  ...createClaims(firestore),
  ...createChannels(firestore),
  ...createFollowed(firestore),
  ...createUpkeep(firestore),
  ...createCommit(firestore),
  ...createItems(firestore),
  readAtOnce: createAgendaItems(firestore).readAtOnce,
  ...createOutbox(firestore),
  ...createSeen(firestore),
});

export type Mirror = ReturnType<typeof createMirror>;
