import { createReader, type Held } from '../subscription.ts';
import type { WatchResult } from '../../../functions/watches/watch.ts';
import { orphanedOf, formatOrphaned, type Orphaned } from '../dead-letters/orphaned.ts';
import type { Session } from '../session.ts';
import { namesOf, formatUndue, watchCount } from '../format/watch.ts';
import { well, wrong, type Finding } from './finding.ts';

/** Checks the watches, and the remains of watches that were deleted by hand. */

/** Limit on the deleted watches, and on the dead letters, that are read. */
const MOST = 100;

/** Judges whether every watch has a valid `nextDueAt`, by which renew finds it. Pure. */
export function judgeWatches(watches: readonly WatchResult[]): Finding {
  const undue = formatUndue(watches);
  return undue === undefined
    ? well('watches', String(watches.length))
    : wrong('watches', `${undue.problem}. Renew fixes this by itself within hours`, undue.fix);
}

/** Judges the remains of deleted watches. Pure. */
export function judgeRemains(
  deleted: readonly string[],
  { project, notifications }: { readonly project: string; readonly notifications: string },
): readonly Finding[] {
  const [first] = deleted;
  if (first === undefined) return [];
  const count = `${deleted.length < MOST ? '' : 'at least '}${watchCount(deleted.length)}`;
  const poll = `gcloud pubsub topics publish ${notifications} --attribute=watch=${first},reason=poll --ordering-key=${first} --message='{}' --project=${project}`;
  return [
    wrong(
      'deleted watches',
      `outbox entries or sync pages remain of ${count} deleted by hand: ${namesOf(deleted)}. Renew clears them within hours`,
      `wait, or clear them now: ${poll}${deleted.length > 1 ? '; likewise for the others' : ''}`,
    ),
  ];
}

/** Judges the dead letters of deleted watches. Pure. */
export function judgeOrphaned(orphaned: Orphaned): readonly Finding[] {
  const words = formatOrphaned(orphaned);
  return words === undefined ? [] : [wrong('dead letters', words.problem, words.fix)];
}

const NOT_FOUND = 5;

/** Returns the dead letters and releases them at once. Returns none without a subscription, which is a finding of its own. */
async function lettersOf({ pubsub, config }: Session): Promise<readonly Held[]> {
  const reader = createReader(pubsub, config.DEAD_LETTERS_SUBSCRIPTION);
  try {
    const held = await reader.hold(MOST);
    await reader.release(held);
    return held;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NOT_FOUND) return [];
    throw error;
  }
}

/** Checks the watches and the remains of deleted ones. */
export async function examineWatches(session: Session): Promise<readonly Finding[]> {
  const { GOOGLE_CLOUD_PROJECT: project, NOTIFICATIONS_TOPIC: notifications } = session.config;
  const watches = judgeWatches(await session.admin.listWatches());
  const deleted = await session.mirror.deletedWithRemains(MOST, () => false);
  return [watches, ...judgeRemains(deleted, { project, notifications })];
}

/** Checks the dead letters of deleted watches. */
export async function examineLetters(session: Session): Promise<readonly Finding[]> {
  return judgeOrphaned(await orphanedOf(session, await lettersOf(session)));
}
