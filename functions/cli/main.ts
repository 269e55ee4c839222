import { inspect } from 'node:util';

import { CommanderError } from 'commander';

import { explain } from './explain.ts';
import { createProgram } from './program.ts';
import { tell } from './terminal.ts';

/** `calendar-mirror`, the command line. Exit codes: 0 done, 1 it did not work, 2 wrong use. */

/** How long connections may take to close once everything is done. */
const CLOSE_MS = 2_000;

// Whoever reads the output may have had enough of it (`| head`): the command still ends in good order.
process.stdout.on('error', () => {});

const program = createProgram();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const { text, exitCode } = explain(error);
    tell(text);
    if (program.opts()['verbose'] === true) tell(inspect(error));
    process.exitCode = exitCode;
  }
}
setTimeout(() => process.exit(), CLOSE_MS).unref();
