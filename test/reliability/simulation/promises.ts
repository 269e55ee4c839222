import type { Violation } from './audit.ts';
import { RECOVERY } from './causes.ts';
import { HOUR, WITHHELD } from './scenario.ts';
import type { Result, WatchResult } from './simulate.ts';

/** What is promised beyond correctness: how long anything may take without trouble. */

/** The default of `MAX_STALENESS_SECONDS`, in ms. */
const STALENESS = 6 * HOUR;
/** Allowance for failures that are retried. */
const SLACK = HOUR;

interface Bound {
  readonly what: string;
  readonly ms: (watch: WatchResult) => number;
  readonly most: number;
}

const TROUBLE = { passing: 'trouble had passed', access: 'access had returned' } as const;

const BOUNDS: readonly Bound[] = [
  { what: 'waited for its first channel', ms: ({ gaps }) => gaps.opening.ownMs, most: SLACK },
  { what: 'had no channel between two', ms: ({ gaps }) => gaps.lapsed.ownMs, most: SLACK },
  {
    what: 'had a dead channel that announced no edits',
    ms: ({ deaf }) => deaf.ownMs,
    most: STALENESS + SLACK,
  },
  {
    what: 'had not mirrored what incremental lists withhold',
    ms: ({ withheld }) => withheld.ownMs,
    most: WITHHELD,
  },
  { what: 'was behind the calendar', ms: ({ stale }) => stale.ownMs, most: STALENESS + SLACK },
];

const RECOVERIES: readonly Bound[] = (['passing', 'access'] as const).flatMap((kind) => [
  {
    what: `was not synced after ${TROUBLE[kind]}`,
    ms: ({ recovery }: WatchResult) => recovery.synced[kind],
    most: RECOVERY[kind],
  },
  {
    what: `had no channel after ${TROUBLE[kind]}`,
    ms: ({ recovery }: WatchResult) => recovery.channel[kind],
    most: RECOVERY[kind],
  },
]);

/** Returns every promise that a run has broken. */
export function broken({ watches, violations }: Result): readonly Violation[] {
  const late = watches.flatMap((watch) =>
    [...BOUNDS, ...RECOVERIES]
      .filter(({ ms, most }) => ms(watch) > most)
      .map(({ what, ms }) => ({
        watch: watch.watch,
        what: `it ${what} for ${(ms(watch) / HOUR).toFixed(1)} h`,
      })),
  );
  return [...violations, ...late];
}
