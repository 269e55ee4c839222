/** `npm run calendar-emulator`: the Google Calendar emulator on its own. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { CalendarError } from './http.ts';
import { Seed } from './seed.ts';
import { startCalendarEmulator } from './server.ts';
import type { CalendarEmulator, CalendarEmulatorOptions } from './server.ts';

const HELP = `Google Calendar emulator: Calendar API v3 with sync tokens and notification channels.

Usage: npm run calendar-emulator -- [options]

  --port <n>         port on 127.0.0.1 (default 9199; 0 takes a free one)
  --seed <file>      JSON file with users, calendars and events to start with
  --random-seed <n>  seed of all random choices (default 1)
  --quotas           enforce Google's quotas: 600 requests a minute per user, 10,000 in all
  --help             this text

The bearer token of a request is its user: "Authorization: Bearer ada@example.com".
`;

/** The command line is wrong, or names something that cannot be used. */
class UsageError extends Error {}

function readOptions(args: string[]): CalendarEmulatorOptions | 'help' {
  const values = parseCommandLine(args);
  if (values.help) return 'help';
  return {
    port: wholeNumber('--port', values.port, 65_535),
    randomSeed: wholeNumber('--random-seed', values['random-seed'], 2 ** 32 - 1),
    quotas: values.quotas ? {} : 'off',
    ...(values.seed === undefined ? {} : { initial: readSeed(values.seed) }),
  };
}

function parseCommandLine(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string', default: '9199' },
        seed: { type: 'string' },
        'random-seed': { type: 'string', default: '1' },
        quotas: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(message(error), { cause: error });
  }
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) {
    throw new UsageError(`${name} must be a whole number from 0 to ${max}, not '${text}'.`);
  }
  return value;
}

function readSeed(file: string): Seed {
  try {
    return Seed.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? `\n${z.prettifyError(error)}` : ` ${message(error)}`;
    throw new UsageError(`--seed: ${file} cannot be used:${why}`, { cause: error });
  }
}

/** A seed that breaks a rule of the API is the caller's mistake; anything else that fails here is not. */
async function start(options: CalendarEmulatorOptions): Promise<CalendarEmulator> {
  try {
    return await startCalendarEmulator(options);
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    const { reason, location } = error.detail;
    const where = location === undefined ? '' : `, ${location}`;
    throw new UsageError(`--seed breaks a rule of the API: ${error.message} (${reason}${where})`, {
      cause: error,
    });
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
  } else {
    const emulator = await start(options);
    process.stdout.write(`Ready: ${emulator.url} (control routes below ${emulator.url}/emulator)\n`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
  }
} catch (error) {
  process.stderr.write(`${message(error)}\n`);
  if (error instanceof UsageError) process.stderr.write('See npm run calendar-emulator -- --help\n');
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
