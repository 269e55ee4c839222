import { setTimeout as pause } from 'node:timers/promises';

interface SchedulerOptions {
  /** Seconds from the end of one run to the start of the next; 5 by default. */
  readonly everySeconds?: number;
  readonly run: () => Promise<unknown>;
  /** Called with what a run threw; the next one comes all the same. */
  readonly onError: (error: unknown) => void;
}

/** Stands in for Cloud Scheduler: runs at once and then again and again, never two at a time. */
export function startScheduler({ everySeconds = 5, run, onError }: SchedulerOptions): {
  stop(): Promise<void>;
} {
  const end = new AbortController();
  const running = (async () => {
    while (!end.signal.aborted) {
      try {
        await run();
      } catch (error) {
        if (!end.signal.aborted) onError(error);
      }
      // A pause that is cut short by stop is no error.
      await pause(everySeconds * 1_000, undefined, { signal: end.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      end.abort();
      await running;
    },
  };
}
