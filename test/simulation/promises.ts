import type { Violation } from './audit.ts';
import { HOUR } from './scenario.ts';
import type { Result, WatchResult } from './simulate.ts';

/** What is promised beyond correctness: how long anything may take when nobody else is at fault. */

/** `MAX_STALENESS_SECONDS`, as configured by default, in ms. */
const STALENESS = 6 * HOUR;
/** For what fails now and then, and is tried again. */
const SLACK = HOUR;

interface Bound {
  readonly what: string;
  readonly ms: (watch: WatchResult) => number;
  readonly most: number;
}

const BOUNDS: readonly Bound[] = [
  { what: 'waited for its first channel', ms: ({ gaps }) => gaps.opening.ownMs, most: SLACK },
  { what: 'had no channel between two', ms: ({ gaps }) => gaps.lapsed.ownMs, most: SLACK },
  { what: 'was not told of edits by a dead channel', ms: ({ deaf }) => deaf.ownMs, most: STALENESS + SLACK },
  { what: 'was behind the calendar', ms: ({ stale }) => stale.ownMs, most: STALENESS + SLACK },
];

/** Every promise that a run has broken. */
export function broken({ watches, violations }: Result): readonly Violation[] {
  const late = watches.flatMap((watch) =>
    BOUNDS.filter(({ ms, most }) => ms(watch) > most).map(({ what, ms }) => ({
      watch: watch.watch,
      what: `it ${what} for ${(ms(watch) / HOUR).toFixed(1)} h`,
    })),
  );
  return [...violations, ...late];
}
