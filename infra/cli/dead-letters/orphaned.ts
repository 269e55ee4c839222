import { isWatchId } from '../../../functions/watches/channel-token.ts';
import type { Received } from '../subscription.ts';
import { idsWithoutWatch } from '../../../functions/watches/upkeep.ts';
import { originalOf } from './original.ts';
import type { Session } from '../session.ts';

/** Dead letters of deleted watches: there is nothing left to process, and only a person can delete them. */

export interface Orphaned {
  /** Ids of the dead letters. */
  readonly letters: readonly string[];
  /** Ids of the deleted watches. */
  readonly watches: ReadonlySet<string>;
}

const watchOf = (letter: Received): string => originalOf(letter).attributes['watch'] ?? '';

/** Finds the dead letters of deleted watches among `letters`. */
export async function orphanedOf(
  { firestore }: Pick<Session, 'firestore'>,
  letters: readonly Received[],
): Promise<Orphaned> {
  const named = letters.map(watchOf).filter(isWatchId);
  const watches = new Set(await idsWithoutWatch(firestore, named));
  const orphaned = letters.filter((letter) => watches.has(watchOf(letter)));
  return { letters: orphaned.map(({ id }) => id), watches };
}

/** Maximum number of ids in one command. */
const MOST_NAMED = 20;

/** Returns the problem with them and the command that deletes them; undefined if there are none. Pure. */
export function formatOrphaned({
  letters,
}: Orphaned): { readonly problem: string; readonly fix: string } | undefined {
  if (letters.length === 0) return undefined;
  const those = letters.length === 1 ? '1 names' : `${String(letters.length)} name`;
  return {
    problem: `${those} a watch that no longer exists`,
    fix: `calendar-mirror dead-letters purge ${letters.slice(0, MOST_NAMED).join(' ')}`,
  };
}
