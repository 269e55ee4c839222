import { setTimeout as pause } from 'node:timers/promises';

interface SchedulerOptions {
  /** Seconds from the end of one run to the start of the next; 5 by default. */
  readonly everySeconds?: number;
  readonly run: () => Promise<unknown>;
  /** Called with the error of a failed run. The next run starts anyway. */
  readonly onError: (error: unknown) => void;
}

/** Replaces Cloud Scheduler: runs immediately and then repeatedly, never two at a time. */
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
      // `stop` aborts the pause, which rejects.
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
