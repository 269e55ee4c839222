#!/usr/bin/env node
/** The command `calendar-emulator`: the emulator as a process of its own. */
import { parseArgs } from 'node:util';
import { keepHeapSmall } from './heap.ts';
import { readSeedFile, SeedError, withSeed } from './seed/seed-file.ts';
import { startCalendarEmulator } from './server.ts';
import type { CalendarEmulatorOptions } from './types.ts';

const HELP = `Google Calendar emulator: Calendar API v3 with sync tokens and notification channels.

Usage: calendar-emulator [options]

  --port <n>         port on 127.0.0.1 (default 9199; 0 picks a free one)
  --seed <file>      JSON file with the initial users, calendars and events
  --random-seed <n>  seed of every random choice (default 1)
  --quotas           enforce Google's quotas: 600 requests a minute per user, 10,000 in total
  --help             show this help

The bearer token of a request is its account: "Authorization: Bearer ada@example.com".
`;

/** Invalid arguments. */
class UsageError extends Error {}

function readOptions(args: string[]): CalendarEmulatorOptions | 'help' {
  const values = parseCommandLine(args);
  if (values.help) return 'help';
  return {
    port: wholeNumber('--port', values.port, 65_535),
    randomSeed: wholeNumber('--random-seed', values['random-seed'], 2 ** 32 - 1),
    quotas: values.quotas ? {} : 'off',
    ...(values.seed === undefined ? {} : { initial: readSeedFile(values.seed) }),
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

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

keepHeapSmall();
try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
  } else {
    const emulator = await withSeed(() => startCalendarEmulator(options));
    process.stdout.write(`Ready: ${emulator.url} (control routes below ${emulator.url}/emulator)\n`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
  }
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof SeedError;
  process.stderr.write(`${error instanceof SeedError ? '--seed: ' : ''}${message(error)}\n`);
  if (isUsage) process.stderr.write('Run calendar-emulator --help for usage\n');
  process.exitCode = isUsage ? 2 : 1;
}
