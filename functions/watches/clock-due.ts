import { clockAt } from './clock-status.ts';
import type { Watch } from './watch.ts';

/** When a watch is due for its clock. Pure; times are Unix ms. */

/** States in which the mirror is kept up to date. */
const LIVE = new Set(['pending', 'active', 'polling']);

/**
 * Returns when sync must next look at the clock of a watch: 0 if its spec has been edited, Infinity if it has no clock, or if its
 * events are not mirrored, or not kept up to date.
 */
export function clockDueAt({
  spec,
  state,
  collection,
  sync,
  clock,
}: Pick<Watch, 'spec' | 'state' | 'collection' | 'sync' | 'clock'>): number {
  if (!spec.ok || spec.value.clock === undefined || spec.value.removed !== undefined) return Infinity;
  const isMirrored = collection === spec.value.collection && sync.completedAt !== undefined;
  if (!isMirrored || !LIVE.has(state)) return Infinity;
  return clock?.key === spec.value.clock.key ? clockAt(clock) : 0;
}

/**
 * Returns the time for a clock, given that of the instance: at least when the watch was read. Renew leaves to sync what was due when it
 * read the watch, which must be due for sync too, whatever the instance's own clock says.
 */
export const timeOf = ({ readTime }: Pick<Watch, 'readTime'>, now: number): number => Math.max(readTime, now);

/** Returns whether sync must look at the clock of a watch now. `now` is that of the instance. */
export const isClockDue = (watch: Parameters<typeof clockDueAt>[0] & Pick<Watch, 'readTime'>, now: number) =>
  clockDueAt(watch) <= timeOf(watch, now);

/**
 * Returns whether a due watch is due for its clock alone. Not if `nextDueAt` has any other value, which a person or sync may have
 * written. `now` is Unix ms.
 */
export const isDueForClockOnly = (watch: Watch, now: number): boolean =>
  watch.checkAt !== undefined && watch.checkAt > now && watch.nextDueAt === clockDueAt(watch);
