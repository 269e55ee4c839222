import type { CalendarClient } from './client.ts';
import { isOverQuota, type Answer } from './errors.ts';
import type { Target } from './resources.ts';

/** Counts of calls. Each attempt counts, as it does towards Google's quota. */
export interface Calls {
  readonly calls: number;
  /** How many of them were rejected due to rate limits. */
  readonly overQuota: number;
}

/** Wraps a client with counters; `drain` returns the counts and resets them. `onCalls` learns of each user's calls. */
export function withCallCounter(
  client: CalendarClient,
  onCalls: (user: string, calls: number) => void = () => undefined,
): {
  readonly calendar: CalendarClient;
  readonly drain: () => Calls;
} {
  let calls = 0;
  let overQuota = 0;
  const counted = async <T>({ user }: Target, call: Promise<Answer<T>>): Promise<Answer<T>> => {
    const answer = await call;
    const problems = [...(answer.failedAttempts ?? []), ...(answer.ok ? [] : [answer.problem])];
    const attempts = problems.length + (answer.ok ? 1 : 0);
    calls += attempts;
    onCalls(user, attempts);
    overQuota += problems.filter((problem) => isOverQuota(problem)).length;
    return answer;
  };
  return {
    calendar: {
      list: (...call) => counted(call[1], client.list(...call)),
      get: (...call) => counted(call[1], client.get(...call)),
      watch: (...call) => counted(call[1], client.watch(...call)),
      stop: (...call) => counted(call[1], client.stop(...call)),
    },
    drain: () => {
      const counts = { calls, overQuota };
      calls = overQuota = 0;
      return counts;
    },
  };
}
