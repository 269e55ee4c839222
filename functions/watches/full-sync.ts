import { createHash } from 'node:crypto';

import type { Watch } from './watch.ts';

/**
 * When to reconcile a watch with a full sync although its sync token is valid: incremental lists are not always complete. Renew
 * publishes a poll by then, and sync starts the full sync. Times are Unix ms.
 */

const DAY_MS = 86_400_000;
/** The fraction of the interval over which watches are spread. */
const SPREAD = 0.1;

/** Returns `RECONCILE_SECONDS` in ms; 0 means never. */
export const reconcileMsOf = (seconds: number): number => (seconds === 0 ? Infinity : seconds * 1000);

/** Returns a fixed number in [0, 1) for a watch, so that watches created together are not listed together. */
const shareOf = (watchId: string): number =>
  createHash('sha256').update(watchId).digest().readUInt32BE(0) / 2 ** 32;

/**
 * Returns when the next full sync is due: every `reconcileMs`, and daily for a calendar list, whose incremental lists omit changes
 * of read-only fields.
 * @see https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list#syncToken
 */
export function fullSyncDueAt(
  { id, spec, sync }: Pick<Watch, 'id' | 'spec' | 'sync'>,
  reconcileMs: number,
): number {
  const reconcile = reconcileMs * (1 - SPREAD * shareOf(id));
  const daily = spec.ok && spec.value.target.resource === 'calendarList';
  return (sync.fullStartedAt ?? 0) + (daily ? Math.min(DAY_MS, reconcile) : reconcile);
}
