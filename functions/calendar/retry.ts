import { classify, type Answer, type Problem } from './errors.ts';
import { exponentialDelay, retry } from '../runtime/retry.ts';

export interface RetryDeps {
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const MAX_ATTEMPTS = 5;

const isRetryable = (problem: Problem, idempotent: boolean): boolean =>
  problem.kind === 'temporary' && (idempotent || problem.notApplied);

/**
 * Makes a call up to five times within about four seconds, with jittered exponential backoff. Google's library retries neither POST
 * nor the 403 that means a rate limit, so its own retries are switched off. A call that is not idempotent is repeated only if it
 * certainly had no effect.
 * @see https://developers.google.com/workspace/calendar/api/guides/errors
 */
export async function withRetries<T>(
  call: () => Promise<T>,
  { random, sleep }: RetryDeps,
  { idempotent }: { readonly idempotent: boolean } = { idempotent: true },
): Promise<Answer<T>> {
  const problems: Problem[] = [];
  const attempt = async (): Promise<Answer<T>> => {
    try {
      return { ok: true, value: await call() };
    } catch (error) {
      const problem = classify(error);
      problems.push(problem);
      return { ok: false, problem };
    }
  };
  const answer = await retry(attempt, {
    isRetryable: (outcome) => !outcome.ok && isRetryable(outcome.problem, idempotent),
    maxAttempts: MAX_ATTEMPTS,
    delay: exponentialDelay(250, 2_000, [0.5, 1], random),
    sleep,
  });
  const failedAttempts = answer.ok ? problems : problems.slice(0, -1);
  return failedAttempts.length === 0 ? answer : { ...answer, failedAttempts };
}
