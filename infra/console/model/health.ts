/** Judges the watches as a whole. Pure. */
import { count } from './count.ts';
import type { Health, WatchView } from './watch-view.ts';

/** A check that is this much overdue has been missed: renew runs every few minutes. */
const LATE_MS = 15 * 60_000;

/** States in which a watch is kept up to date. */
const KEPT: ReadonlySet<WatchView['state']> = new Set(['active', 'polling']);

/** Returns what is wrong with a watch; undefined if nothing is. */
function problemOf(view: WatchView, now: number): string | undefined {
  const why = view.detail ?? view.reason;
  if (view.state === 'unreadable') return `cannot be read: ${why ?? 'its document is not valid'}`;
  if (view.state === 'paused' || view.state === 'gone')
    return why === null ? view.state : `${view.state}: ${why}`;
  if (view.state === 'removed') return undefined;
  if (view.failures > 0)
    return `${count(view.failures, 'failed sync', 'failed syncs')} (${view.error ?? 'unknown'})`;
  if (view.nextCheckAt === null) return 'is never checked: nextDueAt is missing';
  if (now - view.nextCheckAt > LATE_MS) return 'its check is overdue: does renew run?';
  if (view.state === 'active' && view.channel !== null && view.channel.expiresAt < now)
    return 'its channel has expired';
  return undefined;
}

/** Returns the health of all watches, such as `19 watches active, 1 paused, nothing late`. */
export function healthOf(watches: readonly WatchView[], lastChangeAt: number | null, now: number): Health {
  const wanted = watches.filter(({ state }) => state !== 'removed');
  const problems = wanted.flatMap((view) => {
    const text = problemOf(view, now);
    return text === undefined ? [] : [{ watchId: view.id, text, fix: view.fix }];
  });
  const kept = wanted.filter(({ state }) => KEPT.has(state)).length;
  const others = [
    ...Map.groupBy(
      wanted.filter(({ state }) => !KEPT.has(state)),
      ({ state }) => state,
    ),
  ];
  const parts = [
    `${count(kept, 'watch', 'watches')} active`,
    ...others.map(([state, views]) => `${String(views.length)} ${state}`),
    problems.length === 0 ? 'nothing late' : count(problems.length, 'problem'),
  ];
  return {
    ok: problems.length === 0,
    sentence: wanted.length === 0 ? 'no watches yet' : parts.join(', '),
    lastChangeAt,
    problems,
  };
}
