import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentialDelay, retry } from '../../../../functions/runtime/retry.ts';

/** An attempt that has each of `outcomes` in turn, and a record of the waits. */
function attempting(...outcomes: readonly string[]) {
  const waits: number[] = [];
  let attempts = 0;
  return {
    waits,
    attempts: () => attempts,
    attempt: async () => outcomes[attempts++] ?? 'success',
    sleep: async (ms: number) => void waits.push(ms),
  };
}

const isRetryable = (outcome: string): boolean => outcome === 'busy';
const delay = (retries: number): number => 10 * (retries + 1);

describe('retry', () => {
  test('returns the first outcome that is not retryable', async () => {
    const call = attempting('busy', 'busy', 'failure', 'busy');
    expect(await retry(call.attempt, { isRetryable, delay, sleep: call.sleep })).toBe('failure');
    expect(call.waits).toEqual([10, 20]);
  });

  test('returns the last outcome after as many attempts as allowed', async () => {
    const call = attempting('busy', 'busy', 'busy', 'busy');
    expect(await retry(call.attempt, { isRetryable, delay, maxAttempts: 3, sleep: call.sleep })).toBe('busy');
    expect(call.attempts()).toBe(3);
    expect(call.waits).toEqual([10, 20]);
  });

  test('starts no wait that would end after the time that is left', async () => {
    const call = attempting('busy', 'busy', 'busy', 'busy');
    const timeLeft = (): number => 25 - call.waits.reduce((sum, wait) => sum + wait, 0);
    expect(await retry(call.attempt, { isRetryable, delay, timeLeft, sleep: call.sleep })).toBe('busy');
    expect(call.waits).toEqual([10]);
  });

  test('passes on an error that an attempt throws', async () => {
    const { sleep } = attempting();
    const failing = retry(() => Promise.reject(new TypeError('a bug')), { isRetryable, delay, sleep });
    await expect(failing).rejects.toThrow('a bug');
  });
});

test('exponential delays double up to the longest, within the jitter', () => {
  const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat({ max: 5_000 }), dice, (retries, random) => {
      const base = Math.min(1_000, 100 * 2 ** retries);
      const wait = exponentialDelay(100, 1_000, [0.5, 1.5], () => random)(retries);
      expect(wait).toBeGreaterThanOrEqual(base * 0.5);
      expect(wait).toBeLessThanOrEqual(base * 1.5);
    }),
  );
});
