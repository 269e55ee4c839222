import { errorText } from '../runtime/log.ts';
import type { RenewRun } from './context.ts';
import { publishPoll } from './poll.ts';

/** Repairs the leftovers of manual edits that no query for due watches finds. Runs now and then. */

/** One run in so many does the upkeep: about one per hour. */
const UPKEEP_EVERY = 60;
/** Deleted watches cleared per run. */
const MAX_CLEARED = 100;
/** Watches named in a log entry. */
const MAX_NAMED = 10;

/** Returns whether a run does the upkeep. This is random, as runs share no state. `random` is in [0, 1). */
export const isUpkeepDue = (random: number): boolean => random >= 1 - 1 / UPKEEP_EVERY;

/** Makes watches due whose `nextDueAt` no query can match. */
async function repairUndue({ mirror, log, isTimeUp }: RenewRun): Promise<void> {
  const repaired = await mirror.repairUndue(isTimeUp);
  if (repaired.length === 0) return;
  log.warning('nextDueAt is missing or not a Timestamp, set to now', {
    watches: repaired.slice(0, MAX_NAMED).join(', '),
    count: repaired.length,
  });
}

/** Has sync publish the outboxes of deleted watches, and delete the rest of their documents. */
async function clearDeleted(context: RenewRun): Promise<void> {
  for (const watch of await context.mirror.deletedWithRemains(MAX_CLEARED, context.isTimeUp)) {
    context.log.info('deleted watch has documents left', { watch });
    await publishPoll(context, watch);
  }
}

/** Does the upkeep. A failure does not stop the run; a later run tries again. */
export async function runUpkeep(context: RenewRun): Promise<void> {
  const tasks = [repairUndue, clearDeleted];
  for (const task of tasks) {
    await task(context).catch((error: unknown) => {
      context.log.warning('upkeep failed, will retry', { error: errorText(error) });
    });
  }
}
