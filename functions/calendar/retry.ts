import { classify, type Answer, type Problem } from './errors.ts';

/** Waits, in ms, between the tries of one call: a base that doubles; what is really waited is a random part of it. */
const WAITS = [250, 500, 1000, 2000] as const;

export interface Patience {
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Makes a call up to five times, with jittered exponential backoff, within about four seconds ("Handle API errors").
 * Google's library retries by itself neither POST nor the 403 that means a rate limit, so it does not retry at all here.
 * A call that is not idempotent (`once`) is made again only when it surely had no effect.
 */
export async function withRetries<T>(
  call: () => Promise<T>,
  patience: Patience,
  once: boolean,
): Promise<Answer<T>> {
  const problems: Problem[] = [];
  const answered = <A extends Answer<T>>(answer: A): A =>
    problems.length === 0 ? answer : { ...answer, earlier: problems };
  for (let attempt = 0; ; attempt += 1) {
    try {
      return answered({ ok: true, value: await call() });
    } catch (error) {
      const problem = classify(error);
      const wait = WAITS[attempt];
      const again = problem.kind === 'temporary' && (!once || problem.notDone);
      if (!again || wait === undefined) return answered({ ok: false, problem });
      problems.push(problem);
      await patience.sleep(wait * (0.5 + patience.random() / 2));
    }
  }
}
