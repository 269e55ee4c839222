import { parseSeed } from './seed/seed.ts';
import type { CalendarEmulatorOptions } from './types.ts';

/** Every option: a new one does not compile until it stands here. */
const OPTIONS: Readonly<Record<keyof CalendarEmulatorOptions, true>> = {
  apiKeys: true,
  channels: true,
  clock: true,
  emptyPages: true,
  host: true,
  initial: true,
  maxCancelledOccurrences: true,
  oauth: true,
  orphanedOccurrences: true,
  pageLimit: true,
  port: true,
  quotas: true,
  randomSeed: true,
  routes: true,
  state: true,
  syncTokenTtlMs: true,
};

/**
 * Checks what programs without types get wrong: names of options, the port, and the seed.
 * @throws TypeError for an unknown option or a port that is not a number; SeedError for a seed that does not match the schema
 */
export function checkOptions(options: CalendarEmulatorOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTIONS, name));
  if (unknown !== undefined)
    throw new TypeError(`unknown option '${unknown}': use some of ${Object.keys(OPTIONS).join(', ')}`);
  const { port, initial } = options;
  if (port !== undefined && !Number.isInteger(port))
    throw new TypeError(`port must be a whole number, not ${JSON.stringify(port)}`);
  if (initial !== undefined) parseSeed(initial);
}
