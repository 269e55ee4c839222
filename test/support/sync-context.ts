import { createLog } from '../../functions/runtime/log.ts';
import { createSlots } from '../../functions/runtime/slots.ts';
import { createFirestore } from '../../functions/firestore/client.ts';
import { createMirror } from '../../functions/mirror/index.ts';
import type { SyncContext } from '../../functions/sync/context.ts';
import { NOW } from './sample-watch.ts';

const unused = (): never => {
  throw new Error('a decision makes no calls');
};

/** Returns the context of sync for tests of decisions, which use only the clock and the random numbers. Other calls throw. */
export const syncContext = (): SyncContext => ({
  mirror: createMirror(createFirestore('unused', '(default)')),
  calendar: { list: unused, get: unused, watch: unused, stop: unused },
  publishChange: unused,
  publishClock: unused,
  publishNotification: unused,
  published: new Map(),
  auth: 'emulator',
  minIntervalMs: 0,
  reconcileMs: Infinity,
  deadlineMs: 0,
  now: () => NOW,
  random: () => 0.5,
  sleep: unused,
  newId: unused,
  isShuttingDown: unused,
  pages: createSlots(1),
  log: createLog(unused),
});
