import type { Item } from '../calendar/resources.ts';
import { earliestNew } from '../agenda/new-moments.ts';
import type { ClockStatus } from '../watches/clock-status.ts';
import type { Clock } from '../watches/clock.ts';
import type { Difference } from './changes.ts';

/** The clock's status after a commit: changed events may bring moments that are due sooner, or in the time that is done with. */

/** How late a moment may be published. */
export const MAX_LATE_MS = 3_600_000;

/** Returns the status after changes that bring a moment which is due at `at`. `now` is Unix ms. */
function withMoment(status: ClockStatus, at: number, now: number): ClockStatus {
  if (at > status.until) return at < status.nextAt ? { ...status, nextAt: at } : status;
  return { ...status, from: Math.min(status.from ?? at, at - 1), nextAt: Math.min(status.nextAt, now) };
}

/** What the changes are changes to. */
interface Setting {
  readonly clock: Clock | undefined;
  readonly timeZone: string | undefined;
  readonly now: number;
}

/** Returns the status of a watch's clock after differences have been committed. Pure; times are Unix ms. */
export function afterChanges(
  { clock, timeZone = 'UTC', now }: Setting,
  status: ClockStatus,
  differences: readonly Pick<Difference, 'change' | 'before' | 'after'>[],
): ClockStatus {
  if (clock?.key !== status.key) return status;
  return differences.reduce((current, { change, before, after }) => {
    if (change === 'none') return current;
    const span = { after: now - MAX_LATE_MS, until: Math.max(current.nextAt, current.until) };
    const item: Item | null = after?.item ?? null;
    const at = earliestNew({ before, after: item }, clock, span, now, timeZone);
    return at === undefined ? current : withMoment(current, at, now);
  }, status);
}
