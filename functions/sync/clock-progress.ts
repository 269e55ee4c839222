import { editedAt } from '../agenda/new-moments.ts';
import type { DueMoment } from '../agenda/moments.ts';
import type { ClockStatus } from '../watches/clock-status.ts';
import type { Clock } from '../watches/clock.ts';

/** What a clock owes. Pure; times are Unix ms. */

/** A moment with the number of the latest change of the mirrored event. */
export interface NumberedMoment extends DueMoment {
  readonly sequence: number;
}

/** What the clock has done, as a step starts. */
export interface Progress {
  /** Every moment due up to here has been published or dropped. */
  readonly until: number;
  /** Moments after this are looked at again. */
  readonly from: number;
  /** Events with changes after this number may have moments in between. */
  readonly sequence: number;
}

/** Returns how far the clock has got. A clock that was edited starts over, now; a first one at `since`. */
export function progressOf(
  status: ClockStatus | undefined,
  clock: Clock,
  since: number,
  now: number,
): Progress {
  if (status === undefined) return { until: Math.min(since, now), from: Math.min(since, now), sequence: 0 };
  const { sequence } = status;
  // What is due before `nextAt` now, and was not then, comes from an event that was moved to a time that had passed.
  const done = Math.max(status.until, Math.min(status.nextAt - 1, now));
  const until = status.key === clock.key ? done : Math.min(status.until, now);
  return { until, from: Math.min(status.from ?? until, until), sequence };
}

/**
 * Returns whether to publish a moment. Of the time that was done with, those to come are published again, and those that have passed only
 * if a change has brought them since: an event that was edited later than that owes none.
 */
export function isOwed(
  { dueAt, occurrence, sequence }: NumberedMoment,
  progress: Progress,
  now: number,
): boolean {
  if (dueAt > progress.until || dueAt >= now) return true;
  return sequence > progress.sequence && editedAt(occurrence.event) <= dueAt;
}
