/** Runs `calendar-mirror` as it is installed: the built program, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const PROGRAM = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));

type Environment = Readonly<Record<string, string>>;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs until it is told to end. */
export interface Running {
  readonly child: ChildProcess;
  /** The lines of each stream so far. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** The exit code, once it has ended and all its output has arrived. */
  readonly ended: Promise<number>;
}

const start = (env: Environment, args: readonly string[]) =>
  spawn(process.execPath, [PROGRAM, ...args], {
    // Without this process's environment and credentials.
    env: { METADATA_SERVER_DETECTION: 'none', HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A command that hangs must not outlive its test.
    timeout: 170_000,
  });

const Code = z.tuple([z.number()]).rest(z.unknown());

/** Returns the command line in an environment of its own. */
export function commandLine(env: Environment) {
  return {
    /** Runs a command to its end. */
    run: async (...args: readonly string[]): Promise<Outcome> => {
      const child = start(env, args);
      const [stdout, stderr, exit] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ]);
      return { code: Code.parse(exit)[0], stdout, stderr };
    },
    /** Starts a command that runs until it is stopped. */
    begin: (...args: readonly string[]): Running => {
      const child = start(env, args);
      const stdout: string[] = [];
      const stderr: string[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => stdout.push(line));
      createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
      return { child, stdout, stderr, ended: once(child, 'close').then((exit) => Code.parse(exit)[0]) };
    },
  };
}

export type CommandLine = ReturnType<typeof commandLine>;

/** Returns the results of a command with `--json`. */
export const results = ({ stdout }: Outcome): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
