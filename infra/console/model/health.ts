/** Judges the watches as a whole. Pure. */
import { count } from './count.ts';
import type { Health, WatchView } from './watch-view.ts';

/** A check that is this much overdue has been missed: renew runs every few minutes. */
const LATE_MS = 15 * 60_000;

/** States in which a watch is kept up to date. */
const KEPT: ReadonlySet<WatchView['state']> = new Set(['active', 'polling']);

/** Problems that are named; the sentence counts all. */
const NAMED = 50;

type Found = readonly [rank: number, text: string];

/** Returns what is wrong with a watch, and how bad that is (0 is the worst); undefined if nothing is. */
function problemOf(view: WatchView, now: number): Found | undefined {
  const why = view.detail ?? view.reason;
  if (view.state === 'unreadable') return [0, `cannot be read: ${why ?? 'its document is not valid'}`];
  if (view.state === 'paused' || view.state === 'gone')
    return [1, why === null ? view.state : `${view.state}: ${why}`];
  if (view.state === 'removed') return undefined;
  if (view.failures > 0)
    return [2, `${count(view.failures, 'failed sync', 'failed syncs')} (${view.error ?? 'unknown'})`];
  if (view.nextCheckAt === null) return [3, 'is never checked: nextDueAt is missing'];
  if (now - view.nextCheckAt > LATE_MS) return [4, 'its check is overdue: does renew run?'];
  if (view.state === 'active' && view.channel !== null && view.channel.expiresAt < now)
    return [5, 'its channel has expired'];
  return undefined;
}

/**
 * Returns the health of all watches, such as `19 watches active, 1 paused, nothing late`.
 * @param lost what the console itself can no longer read: then its watches may be out of date
 */
export function healthOf(
  watches: readonly WatchView[],
  lastChangeAt: number | null,
  now: number,
  lost: readonly string[] = [],
): Health {
  const wanted = watches.filter(({ state }) => state !== 'removed');
  const problems = wanted
    .flatMap((view) => {
      const found = problemOf(view, now);
      return found === undefined ? [] : [{ rank: found[0], watchId: view.id, text: found[1], fix: view.fix }];
    })
    .toSorted((a, b) => a.rank - b.rank || (a.watchId < b.watchId ? -1 : 1));
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
    ok: problems.length === 0 && lost.length === 0,
    sentence: [...lost, wanted.length === 0 ? 'no watches yet' : parts.join(', ')].join('; '),
    lastChangeAt,
    problems: problems.slice(0, NAMED).map(({ rank: _rank, ...problem }) => problem),
    more: Math.max(0, problems.length - NAMED),
  };
}
