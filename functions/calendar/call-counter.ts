import type { CalendarClient } from './client.ts';
import { isOverQuota, type Answer } from './errors.ts';

/** Counts of calls. Each attempt counts, as it does towards Google's quota. */
export interface Calls {
  readonly calls: number;
  /** How many of them were rejected due to rate limits. */
  readonly overQuota: number;
}

/** Wraps a client with counters; `drain` returns the counts and resets them. */
export function withCallCounter(client: CalendarClient): {
  readonly calendar: CalendarClient;
  readonly drain: () => Calls;
} {
  let calls = 0;
  let overQuota = 0;
  const counted = async <T>(call: Promise<Answer<T>>): Promise<Answer<T>> => {
    const answer = await call;
    const problems = [...(answer.failedAttempts ?? []), ...(answer.ok ? [] : [answer.problem])];
    calls += problems.length + (answer.ok ? 1 : 0);
    overQuota += problems.filter((problem) => isOverQuota(problem)).length;
    return answer;
  };
  return {
    calendar: {
      list: (...call) => counted(client.list(...call)),
      get: (...call) => counted(client.get(...call)),
      watch: (...call) => counted(client.watch(...call)),
      stop: (...call) => counted(client.stop(...call)),
    },
    drain: () => {
      const counts = { calls, overQuota };
      calls = overQuota = 0;
      return counts;
    },
  };
}
