/** Returns the wait before a retry, in ms; retries count from 0. */
export type RetryDelay = (retries: number) => number;

/**
 * Returns delays that start at `first` and double up to `longest`, each times a random factor between the two of `jitter`, so that
 * clients that failed together do not retry together. `random` is from 0 up to 1.
 */
export function exponentialDelay(
  first: number,
  longest: number,
  [least, most]: readonly [number, number],
  random: () => number,
): RetryDelay {
  return (retries) => Math.min(longest, first * 2 ** retries) * (least + random() * (most - least));
}

interface RetryOptions<T> {
  readonly isRetryable: (outcome: T) => boolean;
  /** The most attempts, including the first; unlimited by default. */
  readonly maxAttempts?: number;
  readonly delay: RetryDelay;
  /** Returns how many ms are left for attempts; unlimited by default. */
  readonly timeLeft?: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Repeats `attempt` until its outcome is not retryable, or attempts or time run out, and returns the last outcome. An attempt reports
 * failures as outcomes; an error that it throws ends the retries.
 */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions<T>): Promise<T> {
  const { isRetryable, maxAttempts = Infinity, delay, timeLeft = () => Infinity, sleep } = options;
  let outcome = await attempt();
  for (let retries = 0; retries + 1 < maxAttempts && isRetryable(outcome); retries += 1) {
    const wait = delay(retries);
    if (wait >= timeLeft()) break;
    await sleep(wait);
    outcome = await attempt();
  }
  return outcome;
}
