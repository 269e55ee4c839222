import { messageOf } from '../protocol/message.ts';
import { readStartTime } from '../state/start-time.ts';
import { readArguments, UsageError } from './arguments.ts';
import { isLogLevel, LOG_LEVELS, type LogLevel } from './log.ts';

/** The options of the command. */
export interface CommandOptions {
  readonly port: number;
  readonly host: string;
  readonly seed?: string | undefined;
  readonly state?: string | undefined;
  readonly clock?: string | undefined;
  readonly log: LogLevel;
  readonly quotas: boolean;
  readonly allowHttp: boolean;
  readonly randomSeed: number;
}

export const HELP = `Emulator of the Google Calendar API (v3): sync tokens, notification channels, sign-in, faults on demand.

Usage: google-calendar-emulator [options]
       google-calendar-emulator compare --help   (compares it with Google)

  --port <n>         port; 0 picks a free one (default 9199)
  --host <address>   address to listen on (default 127.0.0.1; 0.0.0.0 in a container)
  --seed <file>      initial users, calendars and events, as JSON or YAML (.yaml, .yml)
  --state <file>     keep everything in this file over restarts; --seed is then for its first start
  --clock <time>     start at this time and run on from there: 2026-03-01T09:00:00Z, or +2h, +1d12h from now
  --log <what>       print a line for each request, or for all: requests and notifications (none, requests or all; default none)
  --quotas           enforce Google's quotas: 600 requests a minute per user, 10,000 in total
  --allow-http       send notifications to http:// addresses on every host, as of other containers
  --random-seed <n>  seed of every random choice (default 1)
  -v, --version      print the version
  -h, --help         print this help

The bearer token of a request is its account: "Authorization: Bearer ada@example.com".
`;

/**
 * Reads the arguments of the command.
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): CommandOptions | 'help' | 'version' {
  const values = readArguments(args, OPTIONS);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const { log, clock } = values;
  if (!isLogLevel(log)) throw new UsageError(`--log must be ${LOG_LEVELS.join(', ')}, not '${log}'`);
  return {
    port: wholeNumber('--port', values.port, 65_535),
    host: values.host,
    seed: fileName('--seed', values.seed),
    state: fileName('--state', values.state),
    clock: clock === undefined ? undefined : validTime(clock),
    log,
    quotas: values.quotas,
    allowHttp: values['allow-http'],
    randomSeed: wholeNumber('--random-seed', values['random-seed'], 2 ** 32 - 1),
  };
}

const OPTIONS = {
  port: { type: 'string', default: '9199' },
  host: { type: 'string', default: '127.0.0.1' },
  seed: { type: 'string' },
  state: { type: 'string' },
  clock: { type: 'string' },
  log: { type: 'string', default: 'none' },
  quotas: { type: 'boolean', default: false },
  'allow-http': { type: 'boolean', default: false },
  'random-seed': { type: 'string', default: '1' },
  version: { type: 'boolean', short: 'v', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** An empty one comes from an unset variable of a script. */
function fileName(name: string, value: string | undefined): string | undefined {
  if (value === '') throw new UsageError(`${name} needs the name of a file`);
  return value;
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw new UsageError(`${name} must be a whole number from 0 to ${max}, not '${text}'`);
  return value;
}

function validTime(text: string): string {
  try {
    readStartTime(text, Date.now());
    return text;
  } catch (cause) {
    throw new UsageError(`--clock: ${messageOf(cause)}`, { cause });
  }
}
