/** `calendar-mirror` as a person runs it: the real program in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const PROGRAM = fileURLToPath(new URL('../../functions/cli/index.ts', import.meta.url));

type Environment = Readonly<Record<string, string>>;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on until it is told to end. */
export interface Running {
  readonly child: ChildProcess;
  /** The lines so far, of either stream. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** The exit code, once it has ended. */
  readonly ended: Promise<number>;
}

const start = (env: Environment, args: readonly string[]) =>
  spawn(process.execPath, [PROGRAM, ...args], {
    // Nothing of this process's environment, and nobody's credentials.
    env: { METADATA_SERVER_DETECTION: 'none', HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // One that waits for ever would outlive its test.
    timeout: 50_000,
  });

const Code = z.tuple([z.number()]).rest(z.unknown());

/** The command line in an environment, and in no other. */
export function commandLine(env: Environment) {
  return {
    /** Runs a command to its end. */
    run: async (...args: readonly string[]): Promise<Outcome> => {
      const child = start(env, args);
      const [stdout, stderr, exit] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'exit'),
      ]);
      return { code: Code.parse(exit)[0], stdout, stderr };
    },
    /** Starts a command that does not end by itself. */
    begin: (...args: readonly string[]): Running => {
      const child = start(env, args);
      const stdout: string[] = [];
      const stderr: string[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => stdout.push(line));
      createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
      return { child, stdout, stderr, ended: once(child, 'exit').then((exit) => Code.parse(exit)[0]) };
    },
  };
}

export type CommandLine = ReturnType<typeof commandLine>;

/** The results of a command with `--json`. */
export const results = ({ stdout }: Outcome): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
