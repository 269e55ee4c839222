import { errorText, type Log } from '../runtime/log.ts';
import { withTimeout } from '../runtime/promises.ts';
import { codeOf } from './client.ts';

/** Notices that this process has lost Firestore, as after a freeze of its instance that no reconnect has healed. */

/** The client's own time limits are longer than a function runs. The longest call works for 45 s. */
const CALL_TIMEOUT_MS = 60_000;
/** Consecutive calls without an answer after which the process ends. */
const MAX_UNANSWERED = 3;
/** DEADLINE_EXCEEDED, UNAVAILABLE: https://grpc.io/docs/guides/status-codes/ */
const UNANSWERED: ReadonlySet<unknown> = new Set([4, 14]);

const timeout = (): Error => Object.assign(new Error('no answer from Firestore in time'), { code: 4 });

/**
 * Returns the calls with a time limit each. If several in a row have no answer, `end` is called once: another instance may be better off.
 */
export function withDeadlines<T extends object>(calls: T, log: Log, end: () => void): T {
  let unanswered = 0;
  const judge = (error?: unknown): void => {
    unanswered = UNANSWERED.has(codeOf(error)) ? unanswered + 1 : 0;
    if (unanswered !== MAX_UNANSWERED) return;
    log.error('no answer from Firestore, this instance ends', { calls: unanswered, error: errorText(error) });
    end();
  };
  return new Proxy(calls, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== 'function') return call;
      return (...given: unknown[]) => {
        const work: Promise<unknown> = Promise.resolve(Reflect.apply(call, target, given));
        const bounded = withTimeout(work, CALL_TIMEOUT_MS, timeout);
        bounded.then(() => judge(), judge);
        return bounded;
      };
    },
  });
}

/** Ends this process as Cloud Run does: what is under way has some seconds to finish, and the next request starts an instance. */
export const endProcess = (): void => {
  process.kill(process.pid, 'SIGTERM');
};
