/**
 * How a function ends. Cloud Run sends SIGTERM and kills the process about ten seconds later ("Container runtime contract:
 * shutdown"); functions-framework answers the newest request with an error and exits at once, in the middle of all others. Here,
 * what is under way gets the time to finish, or to hand the rest on.
 */

/** Well before the kill. What is not done by then is as lost as in a crash: delivered again, and done again. */
const GRACE_MS = 8_000;
/** After the last piece of work its answer still has to leave the process. */
const FLUSH_MS = 100;

export interface Shutdown {
  /** Whether the process is about to end: begin nothing that can be left to another. */
  readonly ending: () => boolean;
  /** Runs `work`, and keeps the process for as long as it takes, within the grace. */
  readonly track: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Takes SIGTERM and SIGINT over from the framework. To be called once, before the framework starts to serve. */
export function takeOverShutdown(): Shutdown {
  let underWay = 0;
  let ending = false;
  const exitWhenIdle = (): void => {
    if (ending && underWay === 0) setTimeout(() => process.exit(0), FLUSH_MS);
  };
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), GRACE_MS).unref();
    exitWhenIdle();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, end);
    // The framework adds its own listener when it begins to listen, and that one exits without waiting for anything.
    process.on('newListener', (event, listener: () => void) => {
      if (event === signal && listener !== end)
        queueMicrotask(() => process.removeListener(signal, listener));
    });
  }
  return {
    ending: () => ending,
    track: async (work) => {
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
        exitWhenIdle();
      }
    },
  };
}
