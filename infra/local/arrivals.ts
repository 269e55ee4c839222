interface Waiting<T> {
  readonly reached: (value: T | undefined) => boolean;
  readonly done: (at: number) => void;
}

/** Remembers the latest value of each key and when it arrived. Waiting for a value gives up after `timeoutMs`. */
export function createArrivals<T>(timeoutMs: number) {
  const latest = new Map<string, { readonly value: T | undefined; readonly at: number }>();
  const waiting = new Map<string, Set<Waiting<T>>>();

  return {
    /** Records a value that has just arrived; undefined if the key has none any more. */
    arrived(key: string, value: T | undefined): void {
      const at = Date.now();
      latest.set(key, { value, at });
      for (const waiter of waiting.get(key) ?? []) if (waiter.reached(value)) waiter.done(at);
    },

    /** Returns the latest value of a key, and when it arrived (Unix ms). */
    valueOf: (key: string): T | undefined => latest.get(key)?.value,
    arrivalOf: (key: string): number | undefined => latest.get(key)?.at,

    /**
     * Resolves when the key has a value that satisfies `reached`, with the time at which it arrived (Unix ms).
     * @throws Error if none arrives in time, and the reason of `signal` when that is aborted.
     */
    until(key: string, reached: Waiting<T>['reached'], what = key, signal?: AbortSignal): Promise<number> {
      const { value, at } = latest.get(key) ?? { value: undefined, at: Date.now() };
      if (reached(value)) return Promise.resolve(at);
      return new Promise((resolve, reject) => {
        const others = waiting.get(key) ?? new Set();
        waiting.set(key, others);
        const end = (): void => {
          others.delete(waiter);
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
        };
        const fail = (error: unknown): void => {
          end();
          reject(error instanceof Error ? error : new Error(String(error)));
        };
        const waiter: Waiting<T> = {
          reached,
          done: (when) => {
            end();
            resolve(when);
          },
        };
        const abort = (): void => fail(signal?.reason);
        const timer = setTimeout(
          () => fail(new Error(`an edit did not arrive within ${timeoutMs / 1_000} s: ${what}`)),
          timeoutMs,
        );
        others.add(waiter);
        if (signal?.aborted) abort();
        else signal?.addEventListener('abort', abort);
      });
    },
  };
}
