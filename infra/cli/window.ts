import type { Command } from 'commander';
import * as z from 'zod';

import { UsageError } from './failure.ts';
import { endOfDayAfter, momentOf } from './format/when.ts';

/** The window of time that a command shows. */

export interface Window {
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
}

/** Adds the options that {@link windowOf} reads. */
export const windowOptions = (command: Command): Command =>
  command
    .option(
      '--from <when>',
      'first day, or a time: today, tomorrow, 2030-01-07, 2030-01-07T09:00; today by default',
    )
    .option('--to <when>', 'last day, or a time; seven days after --from by default');

/** The schema of these options. */
export const WindowOptions = z.object({ from: z.string().default('today'), to: z.string().optional() });

/** Default end of the window: a week after its start. */
const DAYS_AHEAD = 7;

/**
 * Returns the requested window. Times without an offset are in `timeZone`.
 * @throws {UsageError} if a boundary is invalid, or the end is not after the start; `help` is the command to point to
 */
export function windowOf(
  { from, to }: z.infer<typeof WindowOptions>,
  now: number,
  timeZone: string,
  help: string,
): Window {
  const moment = (option: 'from' | 'to', given: string): number => {
    const at = momentOf(given, option, now, timeZone);
    if (at !== undefined) return at;
    throw new UsageError(
      `--${option} ${JSON.stringify(given)} is not a valid day or time`,
      'give today, tomorrow, 2030-01-07 or 2030-01-07T09:00',
    );
  };
  const start = moment('from', from);
  const end = to === undefined ? endOfDayAfter(start, DAYS_AHEAD, timeZone) : moment('to', to);
  if (end <= start) throw new UsageError('--to must be after --from', help);
  return { from: start, to: end };
}
