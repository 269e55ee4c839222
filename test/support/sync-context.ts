import { createLog } from '../../functions/log.ts';
import { createFirestore } from '../../functions/mirror/database.ts';
import { createMirror } from '../../functions/mirror/index.ts';
import type { SyncContext } from '../../functions/sync/context.ts';
import { NOW } from './sample-watch.ts';

const unused = (): never => {
  throw new Error('a decision calls nobody');
};

/** What decisions take of a sync's context: the clock and the dice. Whoever calls anything else fails. */
export const syncContext = (): SyncContext => ({
  mirror: createMirror(createFirestore('unused', '(default)')),
  calendar: { list: unused, watch: unused, stop: unused },
  publishChange: unused,
  publishNotification: unused,
  auth: 'emulator',
  minIntervalMs: 0,
  deadlineMs: 0,
  now: () => NOW,
  random: () => 0.5,
  sleep: unused,
  newId: unused,
  ending: unused,
  log: createLog(unused),
});
