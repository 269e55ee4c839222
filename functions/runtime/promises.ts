/**
 * Memoizes an async factory. Functions defer this way the imports that their first answer may not need, because a cold start takes as
 * long as what it loads.
 */
export function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Waits for `work` for at most `ms`, then rejects with `timeoutError()`. The work is not cancelled; its outcome is ignored. */
export async function withTimeout<T>(work: Promise<T>, ms: number, timeoutError: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(timeoutError()), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
