import { readFileSync } from 'node:fs';

import * as z from 'zod';

import { CalendarError } from '../protocol/http.ts';
import { Seed } from './seed.ts';

/** Seeds as files, for command lines. */

/** Thrown for a seed that cannot be used. The message names the place in it. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

/** Reads a seed from a JSON file. @throws {SeedError} if it is missing or does not match the schema */
export function readSeedFile(file: string): Seed {
  try {
    return Seed.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new SeedError(`${file} cannot be used: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : String(error);
  return error.issues.map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`).join('; ');
}

/** Runs what starts an emulator with a seed. @throws {SeedError} for a seed that breaks a rule of the API, with the reason */
export async function withSeed<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (cause) {
    if (!(cause instanceof CalendarError)) throw cause;
    const { reason, location } = cause.detail;
    const where = location === undefined ? '' : `, ${location}`;
    throw new SeedError(`the seed breaks a rule of the API: ${cause.message} (${reason}${where})`, { cause });
  }
}
