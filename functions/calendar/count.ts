import type { CalendarClient } from './client.ts';
import { isOverQuota, type Answer } from './errors.ts';

/** How many calls it took: each try counts, as each counts towards Google's quota. */
export interface Calls {
  readonly calls: number;
  /** Of these, how many were refused for want of quota. */
  readonly overQuota: number;
}

/** A client that counts; `take` tells the counts and begins anew. */
export function counted(client: CalendarClient): {
  readonly calendar: CalendarClient;
  readonly take: () => Calls;
} {
  let calls = 0;
  let overQuota = 0;
  const counting = async <T>(call: Promise<Answer<T>>): Promise<Answer<T>> => {
    const answer = await call;
    const problems = [...(answer.earlier ?? []), ...(answer.ok ? [] : [answer.problem])];
    calls += problems.length + (answer.ok ? 1 : 0);
    overQuota += problems.filter((problem) => isOverQuota(problem)).length;
    return answer;
  };
  return {
    calendar: {
      list: (...given) => counting(client.list(...given)),
      watch: (...given) => counting(client.watch(...given)),
      stop: (...given) => counting(client.stop(...given)),
    },
    take: () => {
      const taken = { calls, overQuota };
      calls = overQuota = 0;
      return taken;
    },
  };
}
