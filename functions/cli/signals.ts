/** How a command that goes on for ever is told to end. */

/** npm passes on the Ctrl-C that the terminal has sent to everybody already: two signals at once are one wish. */
const AT_ONCE_MS = 1_000;

/** Settles at the first SIGINT, SIGTERM or SIGHUP. Whoever cannot wait and sends another one ends the process there and then. */
export function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        askedAt ??= Date.now();
        if (Date.now() - askedAt > AT_ONCE_MS) process.exit(130);
        resolve();
      });
    }
  });
}
