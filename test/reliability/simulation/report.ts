import type { ClockFigures } from './clock/judge.ts';
import type { Kind } from './causes.ts';
import type { Longest } from './measures.ts';
import { broken } from './promises.ts';
import { DAY, HOUR, MINUTE } from './scenario.ts';
import type { Result, WatchResult } from './simulate.ts';

/** Returns the figures of a run as a table. */

const count = (value: number): string => Math.round(value).toLocaleString('en');

function duration(ms: number): string {
  if (ms < 1000) return `${String(ms)} ms`;
  if (ms < MINUTE) return `${(ms / 1000).toFixed(0)} s`;
  if (ms < HOUR) return `${(ms / MINUTE).toFixed(1)} min`;
  return ms < 2 * DAY ? `${(ms / HOUR).toFixed(1)} h` : `${(ms / DAY).toFixed(1)} days`;
}

const callsPerDay = ({ calls, wantedMs }: WatchResult): number =>
  wantedMs < DAY ? 0 : ((calls.list + calls.watch + calls.stop) * DAY) / wantedMs;

export function table(result: Result): string {
  const { watches, struck } = result;
  const sum = (of: (watch: WatchResult) => number): number =>
    watches.reduce((total, watch) => total + of(watch), 0);
  const most = (of: (watch: WatchResult) => number, among = watches): number =>
    among.reduce((largest, watch) => Math.max(largest, of(watch)), 0);
  const clock = (name: keyof ClockFigures): number => sum((watch) => watch.clock[name]);
  const longest = (of: (watch: WatchResult) => Longest): string =>
    `${duration(most((watch) => of(watch).ownMs))}; with outages ${duration(most((watch) => of(watch).ms))}`;
  const recovery = (of: 'synced' | 'channel'): string => {
    const after = (kind: Kind): string => duration(most((watch) => watch.recovery[of][kind]));
    return `${after('passing')} after trouble that passes, ${after('access')} after access returned`;
  };
  const calls = (pushable: boolean): string => {
    const some = watches.filter((watch) => watch.pushable === pushable);
    if (some.length === 0) return 'none';
    const mean = some.reduce((total, watch) => total + callsPerDay(watch), 0) / some.length;
    return `${mean.toFixed(1)} on average, ${most(callsPerDay, some).toFixed(1)} at most`;
  };
  const byUsers = struck.filter((label) => /^(?:edit|watchSpec|zone)\//.test(label)).length;
  const rows: readonly (readonly [string, string])[] = [
    ['changes announced', count(sum(({ changes }) => changes))],
    ['changes lost', count(sum(({ lost }) => lost))],
    ['announced under two numbers', count(sum(({ renumbered }) => renumbered))],
    ['orphaned channels', count(sum(({ orphans }) => orphans))],
    ['longest staleness', longest(({ stale }) => stale)],
    ['  of edits that only full lists show', longest(({ withheld }) => withheld)],
    ['from the end of trouble to', ''],
    ['  a synced watch', recovery('synced')],
    ['  a live channel', recovery('channel')],
    ['longest without a live channel', ''],
    ['  until the first was open', longest(({ gaps }) => gaps.opening)],
    ['  between one and the next', longest(({ gaps }) => gaps.lapsed)],
    ['  after one died silently', longest(({ gaps }) => gaps.died)],
    ['    since an edit without a push', longest(({ deaf }) => deaf)],
    ['API calls per watch and day', calls(true)],
    ['  of watches that are polled', calls(false)],
    ['edits by users', count(byUsers)],
    ['faults', count(struck.length - byUsers)],
    ['notifications dead-lettered', count(result.deadLetters)],
    ['moments published', count(clock('published'))],
    ['  copies of them', count(clock('copies'))],
    ['  missing', count(clock('missing'))],
    ['  late, in outages or after them', count(clock('lateInTrouble'))],
    ['  late, after a single fault', count(clock('lateAfterFaults'))],
    ['  late, by a clock that was wrong', count(clock('lateByClocks'))],
    ['  late, as learned too late', count(clock('learnedLate'))],
    ['  late otherwise', count(clock('late'))],
    ['  over 90 s early', count(clock('early'))],
    ['  of moved or cancelled events', count(clock('wrong'))],
    ['  of a time that had passed', count(clock('needless'))],
    ['moments dropped after an hour', count(clock('dropped'))],
    ['runs of renew', count(result.renewRuns)],
    ['promises broken', count(broken(result).length)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(32)} ${value}`.trimEnd()).join('\n');
}
