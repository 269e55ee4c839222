import { SeedError } from '../emulator/seed/seed-error.ts';
import { readSeedFile, withSeed } from '../emulator/seed/seed-file.ts';
import type { Seed } from '../emulator/seed/seed.ts';
import { EmulatorsError } from '../local/emulators.ts';
import { Failure, UsageError } from './failure.ts';

/** Shared by the commands that run on this machine: `dev`, `demo`, `emulator`. */

/**
 * Runs a cloud. An error of several lines, such as the output of a process, becomes a failure with its first line and details.
 * @throws {Failure}
 */
export async function onThisMachine<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const [what = '', ...details] = cause.message.split('\n');
    if (details.length === 0) throw cause;
    const next =
      cause instanceof EmulatorsError
        ? 'install the emulators, or name running ones'
        : 'see its output below';
    throw new Failure(what, next, { cause, details });
  }
}

/** Runs `work` with the seed that the option `--seed` names, if any. @throws {UsageError} if it cannot be used */
export const withSeedFile = async <T>(
  file: string | undefined,
  work: (seed: Seed | undefined) => Promise<T>,
): Promise<T> =>
  await withSeedErrors(async () => {
    const seed = file === undefined ? undefined : await readSeedFile(file);
    return await withSeed(file, () => work(seed));
  });

/** Turns the mistakes of a seed into an error of the command line. @throws {UsageError} */
export async function withSeedErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof SeedError)) throw cause;
    throw new UsageError(`--seed: ${cause.message.replaceAll('\n', '; ')}`, 'check the file', { cause });
  }
}
