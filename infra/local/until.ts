import { setTimeout as pause } from 'node:timers/promises';

/** How to wait for a condition. */
export interface Patience {
  /** Names the condition in the error: "the receive function answers". */
  readonly what: string;
  /** Milliseconds until giving up. */
  readonly withinMs: number;
  /** Milliseconds between two looks; 25 by default. */
  readonly everyMs?: number;
}

/**
 * Waits until `look` hands back something other than `undefined`, `null` or `false`, and hands that on.
 *
 * A look that throws counts as "not yet"; the last such error becomes the cause of the final one.
 * @throws Error when the condition does not hold in time.
 */
export async function until<T>(
  look: () => T | Promise<T>,
  { what, withinMs, everyMs = 25 }: Patience,
): Promise<Exclude<T, undefined | null | false>> {
  const giveUpAt = Date.now() + withinMs;
  let cause: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (isThere(seen)) return seen;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (Date.now() >= giveUpAt) {
      const reason = cause instanceof Error ? `: ${cause.message}` : '';
      throw new Error(`waited ${withinMs / 1000} s in vain until ${what}${reason}`, { cause });
    }
    await pause(everyMs);
  }
}

function isThere<T>(seen: T): seen is Exclude<T, undefined | null | false> {
  return seen !== undefined && seen !== null && seen !== false;
}
