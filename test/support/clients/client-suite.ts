/** Runs a client of the Calendar API in its own language against the emulator, and makes each of its checks a test. */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import { readTap } from './tap.ts';
import type { CalendarEmulatorOptions } from '../../../infra/emulator/types.ts';

type Command = readonly [string, ...string[]];

export interface ClientSuite {
  readonly name: string;
  /** The folder of the client: `import.meta.dirname`. It is copied, so that nothing is built in the repository. */
  readonly folder: string;
  /** Names of files beside the folder that several clients share. */
  readonly shared?: readonly string[];
  /** Programs that must be installed. Without one of them the suite is left out, and says so. */
  readonly toolchain: readonly string[];
  /** What else must hold of them, such as a version: the command succeeds if it does. */
  readonly probe?: { readonly what: string; readonly command: Command };
  /** Fetches dependencies and builds. */
  readonly prepare?: readonly Command[];
  /** Prints its checks in TAP, see `readTap`. */
  readonly run: readonly Command[];
  /** Further environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly emulator?: CalendarEmulatorOptions;
}

/** Far above what a command takes on a slow machine without any cache. */
const LIMIT_MS = 10 * 60_000;

/**
 * Prepares and runs a client while tests are collected, and registers a test for each of its checks. Commands run in the copy of
 * the folder; `CALENDAR_EMULATOR_URL` is the root URL of the emulator.
 */
export async function clientSuite(suite: ClientSuite): Promise<void> {
  const { name, toolchain, probe } = suite;
  const absent = toolchain.filter((program) => !isInstalled(program));
  const missing = absent.length > 0 || probe === undefined || succeeds(probe.command) ? absent : [probe.what];
  const leftOut = missing.length > 0;
  const { output, failures } = leftOut ? { output: '', failures: [] } : await runClient(suite);
  const { results, assertions, complete } = readTap(output);
  for (const result of results) {
    test(`${name}: ${result.name}`, () => {
      expect({ ok: result.ok, message: result.message }).toEqual({ ok: true, message: expect.any(String) });
    });
  }
  const title = leftOut
    ? `left out, ${missing.join(', ')} not found on this machine`
    : `ran to its end with ${assertions} assertions`;
  test.skipIf(leftOut)(`${name}: ${title}`, () => {
    expect(failures.join('\n')).toBe('');
    expect({ complete, output: output.slice(-2000) }).toEqual({ complete: true, output: expect.any(String) });
    expect(results).toHaveLength(expectedChecks(suite.folder));
    expect(assertions).toBeGreaterThanOrEqual(results.length);
  });
}

const Described = z.object({ checks: z.number() });

/** Returns the number of checks that the folder's `client.json` states, which is in the table of clients. */
function expectedChecks(folder: string): number {
  const described = z
    .union([Described.transform((one) => [one]), z.array(Described)])
    .parse(JSON.parse(readFileSync(join(folder, 'client.json'), 'utf8')));
  return described.reduce((sum, { checks }) => sum + checks, 0);
}

/** Prepares and runs a client in a copy of its folder. Resolves to what it printed, and to the commands that failed. */
async function runClient(suite: ClientSuite) {
  const { folder, shared = [], prepare = [], run, environment, emulator: options } = suite;
  const copy = await mkdtemp(join(tmpdir(), 'calendar-client-'));
  const emulator = await startCalendarEmulator(options);
  let output = '';
  const failures: string[] = [];
  try {
    await cp(folder, copy, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
    await Promise.all(shared.map((name) => cp(join(folder, '..', name), join(copy, name))));
    const variables = { ...process.env, ...environment, CALENDAR_EMULATOR_URL: emulator.url };
    for (const command of [...prepare, ...run]) {
      // oxlint-disable-next-line no-await-in-loop -- each command needs what the one before it made
      const done = await execute(command, copy, variables);
      const prepares = prepare.includes(command);
      if (!prepares) output += done.output;
      if (done.failure !== undefined) failures.push(done.failure);
      if (done.failure !== undefined && prepares) break;
    }
  } finally {
    await emulator.close();
    await rm(copy, { recursive: true, force: true, maxRetries: 5 });
  }
  return { output, failures };
}

/** Returns whether a program is on the PATH, or is an executable file. */
function isInstalled(program: string): boolean {
  const folders = program.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(folder === '' ? program : join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const succeeds = ([program, ...parameters]: Command): boolean =>
  spawnSync(program, parameters, { stdio: 'ignore' }).status === 0;

/** Runs a command to its end. Resolves to what it printed, and to why it failed, if it did. */
function execute(
  [program, ...parameters]: Command,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ output: string; failure?: string }> {
  const { promise, resolve } = Promise.withResolvers<{ output: string; failure?: string }>();
  const child = spawn(program, parameters, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const fail = (how: string) => {
    const tail = `${output.slice(-2000)}\n${errors.slice(-4000)}`;
    resolve({ output, failure: `${[program, ...parameters].join(' ')} ${how}:\n${tail}` });
  };
  child.once('error', (error) => fail(error.message));
  child.once('close', (code, signal) => {
    if (code === 0) resolve({ output });
    else fail(`ended with ${code ?? signal}`);
  });
  return promise;
}
