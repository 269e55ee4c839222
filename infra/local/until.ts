import { setTimeout as pause } from 'node:timers/promises';

/** What to wait for, and how long. */
export interface WaitOptions {
  /** Describes the condition in the error: "the receive function answers". */
  readonly what: string;
  /** Timeout in milliseconds. */
  readonly withinMs: number;
  /** Milliseconds between two checks; 25 by default. */
  readonly everyMs?: number;
  /** Ends the wait with its reason when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Calls `check` until it returns something other than `undefined`, `null` or `false`, and returns that.
 *
 * If `check` throws, it is called again; the last error is the cause of the timeout's.
 * @throws Error if the condition does not hold in time.
 */
export async function until<T>(
  check: () => T | Promise<T>,
  { what, withinMs, everyMs = 25, signal }: WaitOptions,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = Date.now() + withinMs;
  let cause: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const result = await check();
      if (isSettled(result)) return result;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (Date.now() >= deadline) {
      const reason = cause instanceof Error ? `: ${cause.message}` : '';
      throw new Error(`timed out after ${withinMs / 1000} s waiting until ${what}${reason}`, { cause });
    }
    await pause(everyMs);
  }
}

function isSettled<T>(result: T): result is Exclude<T, undefined | null | false> {
  return result !== undefined && result !== null && result !== false;
}
