import { InvalidArgumentError } from 'commander';
import * as z from 'zod';

import { isWatchId } from '../../functions/watches/channel-token.ts';
import { UsageError } from './failure.ts';

/** Options and arguments that several commands share. */

/** Whether, and how long in seconds, to wait for the functions. */
export const waiting = { wait: z.boolean().default(true), timeout: z.number().default(120) };

/** Parses a watch id. @throws {UsageError} if it is invalid */
export function watchId(given: string | undefined): string {
  if (given !== undefined && isWatchId(given)) return given;
  throw new UsageError(
    `invalid watch id ${JSON.stringify(given ?? '')}: use 1–100 letters, digits, "_" or "-"`,
    'run calendar-mirror list',
  );
}

/** Returns a parser of whole numbers from 0 to `most`. */
export function upTo(most: number): (value: string) => number {
  return (value) => {
    const parsed = Number(value);
    if (/^\d+$/.test(value) && parsed <= most) return parsed;
    throw new InvalidArgumentError(`Give a whole number from 0 to ${String(most)}.`);
  };
}
