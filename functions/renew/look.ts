import type { Measure } from '../measures.ts';
import type { Watch } from '../mirror/watch.ts';
import { renewAt, usable, type Rules } from './plan.ts';

/** What a watch that is due looks like, for those who watch over all of them. Pure; times are Unix ms. */

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));
const yesNo = (is: boolean): 'yes' | 'no' => (is ? 'yes' : 'no');

/** States in which a watch is to be kept up to date. */
const IN_SERVICE: ReadonlySet<string> = new Set(['pending', 'active', 'polling']);

/** The measure of one look. */
export function lookOf(watch: Watch, now: number, rules: Rules): Measure {
  const { channel, sync, spec, state, nextDueAt } = watch;
  const served = IN_SERVICE.has(state);
  const wish = spec.ok ? spec.wish : undefined;
  const expected = wish && usable(watch, wish, now) ? rules.maxStalenessMs : rules.pollMs;
  const staleness = sync.completedAt === undefined ? undefined : now - sync.completedAt;
  // Half-way from when it should have been replaced to its end: later than any first try, and earlier than the last.
  const late = channel && (channel.expiresAt + renewAt(channel, rules)) / 2;
  return {
    metric: 'look',
    resource: wish?.target.resource ?? 'unknown',
    state,
    lapsing: yesNo(served && late !== undefined && now > late),
    stale: yesNo(served && staleness !== undefined && staleness > 2 * expected),
    overdueSeconds: seconds(now - (nextDueAt ?? now)),
    expirySeconds: channel && seconds(channel.expiresAt - now),
    stalenessSeconds: staleness === undefined ? undefined : seconds(staleness),
  };
}
