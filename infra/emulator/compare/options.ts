/** The arguments of `google-calendar-emulator compare`. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readArguments, UsageError } from '../command/arguments.ts';
import { isLoopback } from '../protocol/host.ts';
import type { Server } from './play.ts';
import { STEPS } from './script/index.ts';

/** The account of a server on this machine, where the bearer token is the account. */
export const DEFAULT_TOKEN = 'compare@example.com';

export const HELP = `Compares two servers of the Calendar API, such as the emulator and Google.

Usage: google-calendar-emulator compare --right <url> [options]

  --left <url>           root of the first server (default: an emulator that is started for it)
  --left-token <token>   bearer token for it; @file reads it from a file (default compare@example.com)
  --right <url>          root of the second server: https://www.googleapis.com
  --right-token <token>  bearer token for it, of an account that may create calendars
  --report <file>        write the differences as JSON
  --yes                  go ahead on a server that is not on this machine
  -h, --help             print this help

On each server it creates two calendars of its own, plays ${STEPS.length} calls on them, and deletes them again. Other calendars are not
touched, no one is invited, and no channel is opened. Statuses, reasons, fields, types and rules are compared; ids, etags and times
are not.

Exit code: 0 without differences, 1 with differences, 2 if it could not compare.
`;

export interface Options {
  readonly left: Server | undefined;
  readonly right: Server;
  readonly report: string | undefined;
}

/**
 * Reads the arguments after `compare`.
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): Options | 'help' {
  const values = readArguments(args, OPTIONS);
  if (values.help) return 'help';
  if (values.right === undefined)
    throw new UsageError('--right is missing: the root URL of the server to compare with');
  const left = values.left === undefined ? undefined : readServer('left', values.left, values['left-token']);
  const right = readServer('right', values.right, values['right-token']);
  const remote = [left, right].flatMap((server) => (server && !isLocal(server.url) ? [server.url] : []));
  if (remote.length > 0 && !values.yes)
    throw new UsageError(
      `On ${remote.join(' and ')}, this creates two calendars, plays ${STEPS.length} calls on them, and deletes them again. ` +
        'Other calendars are not touched. Add --yes to go ahead',
    );
  const { report } = values;
  // Before anything is played: its result would be lost.
  if (report !== undefined) checkWritable(report);
  return { left, right, report };
}

const OPTIONS = {
  left: { type: 'string' },
  'left-token': { type: 'string' },
  right: { type: 'string' },
  'right-token': { type: 'string' },
  report: { type: 'string' },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function readServer(side: 'left' | 'right', url: string, token: string | undefined): Server {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new UsageError(`--${side} must be the root URL of a server, not '${url}'`);
  if (token === undefined && !isLocal(url))
    throw new UsageError(`--${side}-token is missing: a bearer token for ${url}`);
  const root = url.replace(/\/+$/, '').replace(/\/calendar\/v3$/, '');
  return { url: root, token: token === undefined ? DEFAULT_TOKEN : readToken(side, token) };
}

function checkWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (cause) {
    throw new UsageError(`--report: cannot write to the folder of ${file}`, { cause });
  }
}

function readToken(side: string, token: string): string {
  if (!token.startsWith('@')) return token;
  try {
    return readFileSync(token.slice(1), 'utf8').trim();
  } catch (error) {
    throw new UsageError(`--${side}-token: cannot read ${token.slice(1)}`, { cause: error });
  }
}

const isLocal = (url: string): boolean => isLoopback(URL.parse(url)?.hostname ?? '');
