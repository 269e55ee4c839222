import { vi } from 'vitest';

/**
 * Waits until `attempt` does not throw (for example a failing `expect`); returns its result.
 * @throws Error of the last attempt after `timeout` ms.
 */
export const eventually = <T>(attempt: () => T | Promise<T>, timeout = 60_000): Promise<T> =>
  vi.waitFor(attempt, { timeout, interval: 25 });
