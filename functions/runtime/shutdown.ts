/**
 * Graceful shutdown. Cloud Run sends SIGTERM and kills the process about ten seconds later. functions-framework would answer the
 * newest request with an error and exit at once, in the middle of all others; here, running work gets the time to finish, or to
 * leave the rest to another instance.
 * @see https://cloud.google.com/run/docs/container-contract#lifecycle
 */

/** Leaves a margin before SIGKILL; unfinished work is redelivered as after a crash. */
const GRACE_MS = 8_000;
/** Time for the last answer to leave the process. */
const FLUSH_MS = 100;

/** Handles SIGTERM and SIGINT in place of the framework. Call it once, before the framework starts to serve. */
export function installGracefulShutdown() {
  let running = 0;
  let ending = false;
  const exitWhenIdle = (): void => {
    if (ending && running === 0) setTimeout(() => process.exit(0), FLUSH_MS);
  };
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), GRACE_MS).unref();
    exitWhenIdle();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, end);
    // The framework adds its own listener when it starts to serve, which exits without waiting for anything.
    process.on('newListener', (event, listener: () => void) => {
      if (event === signal && listener !== end)
        queueMicrotask(() => process.removeListener(signal, listener));
    });
  }
  return {
    /** Whether the process is about to end: start nothing that another instance can do. */
    isShuttingDown: () => ending,
    /** Runs `work`, and keeps the process alive until it settles, within the grace period. */
    track: async <T>(work: () => Promise<T>): Promise<T> => {
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        exitWhenIdle();
      }
    },
  };
}
