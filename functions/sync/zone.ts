import type { Page } from '../calendar/client.ts';
import type { Problem } from '../calendar/errors.ts';
import type { Run } from './run.ts';

/**
 * The calendar's time zone, which the derived fields of events depend on. Every page of events has it. A change of the
 * time zone changes no event, so no incremental list reports it.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/events/list#response
 */

/** No name of a time zone is longer. */
const MAX_LENGTH = 100;

/**
 * Records the time zone of a page. A full sync keeps that of its first page, so that all derived fields are computed
 * with one. Returns a problem if an incremental list has another time zone than the mirrored documents: a full sync
 * then rewrites them, and neither numbers nor announces what is otherwise unchanged.
 */
export function trackTimeZone(run: Run, page: Page): Problem | undefined {
  const { timeZone } = page;
  if (timeZone === undefined || timeZone.length > MAX_LENGTH) return undefined;
  const before = run.timeZone ?? run.sync.timeZone;
  run.timeZone = timeZone;
  if (run.traversal.kind === 'full') {
    run.traversal = { ...run.traversal, timeZone: run.traversal.timeZone ?? timeZone };
    return undefined;
  }
  const changed = before !== undefined && before !== timeZone;
  return changed ? { kind: 'fullSyncRequired', reason: 'timeZoneChanged' } : undefined;
}

/** Returns the time zone to compute derived fields with. */
export const timeZoneOf = ({ traversal, sync, timeZone }: Run): string | undefined =>
  traversal.timeZone ?? timeZone ?? sync.timeZone;

/** Returns the time zone of all mirrored documents once the run is complete. An incremental sync keeps an earlier one. */
export const completedTimeZone = ({ traversal, sync, timeZone }: Run): string | undefined =>
  traversal.kind === 'full' ? (traversal.timeZone ?? sync.timeZone) : (sync.timeZone ?? timeZone);
