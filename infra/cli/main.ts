import { inspect } from 'node:util';

import { CommanderError } from 'commander';

import { explain } from './explain.ts';
import { Failure } from './failure.ts';
import { createProgram } from './program.ts';
import { logProgress } from '../terminal/output.ts';

/** `calendar-mirror`, the command line. Exit codes: 0 done, 1 failed, 2 invalid usage. */

/** Grace period for connections to close when the command has ended. */
const CLOSE_MS = 2_000;

// Ignore EPIPE (`| head`), and exit cleanly.
process.stdout.on('error', () => {});

const program = createProgram();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const { text, exitCode } = explain(error);
    logProgress(text);
    if (error instanceof Failure) for (const line of error.details) logProgress(line);
    if (program.opts()['verbose'] === true) logProgress(inspect(error));
    process.exitCode = exitCode;
  }
}
setTimeout(() => process.exit(), CLOSE_MS).unref();
