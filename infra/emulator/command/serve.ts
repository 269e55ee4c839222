import { isLoopback } from '../protocol/host.ts';
import { readSeedFile, withSeed } from '../seed/seed-file.ts';
import { startCalendarEmulator } from '../server.ts';
import { logLine, type LogLevel } from './log.ts';
import type { CommandOptions } from './options.ts';
import type { CalendarEmulator } from '../types.ts';

/** An emulator that could not start. The message says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/**
 * Starts an emulator and prints where it is.
 * @throws SeedError for a seed with mistakes, StateFileError for a state file that cannot be used, StartError for a port or host
 */
export async function serve(options: CommandOptions): Promise<CalendarEmulator> {
  const { port, host, randomSeed, seed: file, state, clock } = options;
  const initial = file === undefined ? undefined : await readSeedFile(file);
  const emulator = await withSeed(file, () =>
    startCalendarEmulator({
      port,
      host,
      randomSeed,
      quotas: options.quotas ? {} : 'off',
      channels: { allowHttp: options.allowHttp },
      ...(initial !== undefined && { initial }),
      ...(state !== undefined && { state }),
      ...(clock !== undefined && { clock }),
    }),
  ).catch((error: unknown) => {
    throw explained(error, options);
  });
  if (!isLoopback(host))
    log(`Warning: listening on ${host}: who can reach this machine can use the emulator, without a password`);
  printLog(emulator, options.log);
  process.stdout.write(`Ready: ${emulator.url} (page and control routes below ${emulator.url}/emulator/)\n`);
  return emulator;
}

const log = (line: string): boolean => process.stderr.write(`${line}\n`);

function printLog({ journal }: CalendarEmulator, level: LogLevel): void {
  if (level === 'none') return;
  journal.subscribe((entry) => {
    const line = logLine(entry, level);
    if (line !== undefined) log(line);
  });
}

function explained(error: unknown, { port, host }: CommandOptions): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const options = { cause: error };
  if (code === 'EADDRINUSE')
    return new StartError(
      `port ${port} of ${host} is in use: stop what uses it, or give another --port (0 picks a free one)`,
      options,
    );
  if (code === 'EACCES')
    return new StartError(`port ${port} needs more rights: give a --port of 1024 or more`, options);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartError(`${host} is not an address of this machine: give another --host`, options);
  return error;
}
