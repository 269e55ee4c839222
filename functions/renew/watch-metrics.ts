import type { Metric } from '../runtime/metrics.ts';
import type { Watch } from '../watches/watch.ts';
import { renewAt, usableChannel, type Rules } from './schedule.ts';

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));
const yesNo = (is: boolean): 'yes' | 'no' => (is ? 'yes' : 'no');

/** States in which a watch is kept up to date. */
const IN_SERVICE: ReadonlySet<string> = new Set(['pending', 'active', 'polling']);

/** Returns the metric of a due watch, for monitoring all watches. Pure; times are Unix ms. */
export function watchMetrics(watch: Watch, now: number, rules: Rules): Metric {
  const { channel, sync, spec, state, nextDueAt } = watch;
  const isInService = IN_SERVICE.has(state);
  const watchSpec = spec.ok ? spec.value : undefined;
  const pollInterval =
    watchSpec && usableChannel(watch, watchSpec, now) ? rules.maxStalenessMs : rules.pollMs;
  const staleness = sync.completedAt === undefined ? undefined : now - sync.completedAt;
  // Half-way between the renewal and the expiration: after the first tries of a renewal, before the last.
  const lapsingAt = channel && (channel.expiresAt + renewAt(channel, rules)) / 2;
  return {
    metric: 'check',
    resource: watchSpec?.target.resource ?? 'unknown',
    state,
    lapsing: yesNo(isInService && lapsingAt !== undefined && now > lapsingAt),
    stale: yesNo(isInService && staleness !== undefined && staleness > 2 * pollInterval),
    overdueSeconds: seconds(now - (nextDueAt ?? now)),
    expirySeconds: channel && seconds(channel.expiresAt - now),
    stalenessSeconds: staleness === undefined ? undefined : seconds(staleness),
  };
}
