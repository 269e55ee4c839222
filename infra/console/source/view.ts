/** Watches as the console shows them. Pure. */
import { adviceText } from '../../../functions/calendar/advice.ts';
import { adviceOn } from '../../../functions/calendar/reasons.ts';
import type { WatchResult } from '../../../functions/watches/watch.ts';
import type { WatchView } from '../model/watch-view.ts';

const UNREADABLE = {
  user: null,
  resource: null,
  calendarId: null,
  state: 'unreadable',
  reason: null,
  sequence: 0,
  channel: null,
  completedAt: null,
  startedAt: null,
  syncing: null,
  failures: 0,
  error: null,
  nextCheckAt: null,
  skippedItems: [],
  followedBy: null,
  clock: false,
} as const;

/** Returns the command that makes a watch work again, or undefined if it needs none. */
function fixOf(result: WatchResult): string | null {
  if (!result.ok) return `calendar-mirror renew ${result.id}`;
  const { watch } = result;
  if (watch.sync.failures > 0 && watch.nextDueAt !== undefined && isFollowed(watch.state))
    return `calendar-mirror sync ${watch.id}`;
  const stuck = watch.state === 'paused' || watch.state === 'gone' || watch.nextDueAt === undefined;
  return stuck ? `calendar-mirror renew ${watch.id}` : null;
}

/** Whether a watch is synced at all: one that is not has to be checked first. */
const isFollowed = (state: WatchView['state']): boolean =>
  state === 'active' || state === 'polling' || state === 'pending';

/** Returns a watch for the page. */
export function viewOf(result: WatchResult): WatchView {
  if (!result.ok) return { ...UNREADABLE, id: result.id, detail: result.problem, fix: fixOf(result) };
  const { watch } = result;
  const { spec, sync, channel } = watch;
  const target = spec.ok ? spec.value.target : undefined;
  const why = watch.reason ?? (sync.failures > 0 ? sync.error : undefined);
  const advice = why === undefined ? undefined : adviceOn(why);
  return {
    id: watch.id,
    user: target?.user ?? null,
    resource: target?.resource ?? null,
    calendarId: target?.calendarId ?? null,
    state: watch.state,
    reason: watch.reason ?? null,
    detail: watch.detail ?? (advice && adviceText(advice)) ?? (spec.ok ? null : spec.problem),
    fix: fixOf(result),
    sequence: sync.sequence,
    channel: channel ? { id: channel.id, expiresAt: channel.expiresAt } : null,
    completedAt: sync.completedAt ?? null,
    startedAt: sync.startedAt ?? null,
    syncing: sync.traversal?.kind ?? null,
    failures: sync.failures,
    error: sync.error ?? null,
    nextCheckAt: watch.nextDueAt ?? null,
    skippedItems: sync.skippedItems ?? [],
    followedBy: watch.followedBy ?? null,
    clock: spec.ok && spec.value.clock !== undefined,
  };
}
