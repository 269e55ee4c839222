import type { Log } from '../runtime/log.ts';
import { withMetric } from '../runtime/metrics.ts';

/** Logs rejected requests in samples: anyone can send them, and each log entry costs more than the request. */

const INTERVAL_MS = 60_000;

/**
 * Returns a log of rejections. The first one for a reason is logged at once, then one entry a minute has the number since; `flush` logs
 * those that are left. The reasons are ours, some dozens. `now` is in ms.
 */
export function createRejectionLog(log: Log, now: () => number = Date.now) {
  const samples = new Map<string, { readonly status: string; count: number; nextAt: number }>();
  const write = (reason: string, status: string, count: number): void =>
    log.warning('notifications rejected', withMetric({ reason }, { metric: 'rejection', status, count }));
  return {
    add: (status: number, reason: string): void => {
      const sample = samples.get(reason) ?? { status: String(status), count: 0, nextAt: 0 };
      samples.set(reason, sample);
      sample.count += 1;
      if (now() < sample.nextAt) return;
      write(reason, sample.status, sample.count);
      Object.assign(sample, { count: 0, nextAt: now() + INTERVAL_MS });
    },
    flush: (): void => {
      for (const [reason, { status, count }] of samples) if (count > 0) write(reason, status, count);
      samples.clear();
    },
  };
}
