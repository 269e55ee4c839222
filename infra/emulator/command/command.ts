import { readFileSync } from 'node:fs';
import { StateFileError } from '../persistence/error.ts';
import { SeedError } from '../seed/seed-error.ts';
import { UsageError } from './arguments.ts';
import { HELP, readOptions } from './options.ts';
import { serve, StartError } from './serve.ts';

/** A subcommand takes the arguments after its name, and returns the exit code. It is loaded when it is called. */
type Subcommand = (args: readonly string[]) => Promise<number>;

const SUBCOMMANDS: Readonly<Record<string, () => Promise<Subcommand>>> = {
  compare: async () => (await import('../compare/run.ts')).runCompare,
};

/** Runs the command. Prints errors as one line per mistake; sets the exit code to 2 for mistakes in arguments or seed, else to 1. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    const [first = '', ...rest] = args;
    const subcommand = Object.hasOwn(SUBCOMMANDS, first) ? SUBCOMMANDS[first] : undefined;
    if (subcommand !== undefined) {
      const run = await subcommand();
      process.exitCode = await run(rest);
      return;
    }
    const options = readOptions(args);
    if (options === 'help') process.stdout.write(HELP);
    else if (options === 'version') process.stdout.write(`${version()}\n`);
    else {
      const emulator = await serve(options);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
    }
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = error instanceof UsageError || error instanceof SeedError ? 2 : 1;
  }
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nRun google-calendar-emulator --help for usage`;
  if (error instanceof SeedError) return error.message.replaceAll(/^/gm, '--seed: ');
  if (error instanceof StateFileError) return `--state: ${error.message}`;
  if (error instanceof StartError) return error.message;
  // A mistake of the emulator itself.
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The manifest is one folder above, as built and in the sources. */
function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version: own }: { version: string } = JSON.parse(manifest);
  return own;
}
