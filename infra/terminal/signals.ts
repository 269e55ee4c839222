import { once } from 'node:events';

/** Signal handling for commands that run until they are stopped. */

/** npm forwards the Ctrl-C that the terminal has sent to the whole group: two signals within this time are one request. */
const SAME_REQUEST_MS = 1_000;

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A second request ends the process at once. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        firstAt ??= Date.now();
        if (Date.now() - firstAt > SAME_REQUEST_MS) process.exit(130);
        resolve();
      });
    }
  });
}

/** Resolves when a command that runs until Ctrl-C has to end: at a signal, or when its output is not read any more (`| head`). */
export async function waitForEnd(): Promise<void> {
  await Promise.race([untilSignal(), once(process.stdout, 'error')]);
}
