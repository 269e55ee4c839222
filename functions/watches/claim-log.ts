import type { Log } from '../runtime/log.ts';
import { outOfService, withMetric } from '../runtime/metrics.ts';
import type { ClaimResult } from './claims.ts';
import type { WatchSpec } from './spec.ts';
import type { Watch } from './watch.ts';

/** Logs why a watch could not claim its collection. Only a pause counts as out of service. */
export function logUnclaimed(
  log: Log,
  { id, state }: Pick<Watch, 'id' | 'state'>,
  { removed, target }: Pick<WatchSpec, 'removed' | 'target'>,
  claimed: Exclude<ClaimResult, 'claimed'>,
): void {
  if (claimed === 'missing') log.info('watch deleted meanwhile', { watch: id });
  else if (removed !== undefined && claimed !== 'specChanged') {
    log.info('watch removed', { watch: id, reason: claimed });
  } else {
    const metric = outOfService(state, 'paused', target.resource, claimed);
    log.warning('watch paused', withMetric({ watch: id, reason: claimed }, metric));
  }
}
