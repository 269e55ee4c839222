import * as z from 'zod';

import { printResult } from '../../terminal/output.ts';
import { waitForEnd } from '../../terminal/signals.ts';
import type { CommandSpec } from '../declare.ts';
import { Failure } from '../failure.ts';
import { upTo } from '../options.ts';
import type { Open } from '../session.ts';

/** `calendar-mirror emulator`: runs the Calendar emulator until Ctrl-C. */

export const emulatorCommand: CommandSpec = {
  name: 'emulator',
  about: 'Run the emulator of the Google Calendar API until Ctrl-C.',
  examples: ['emulator', 'emulator --port 0 --seed seed.json'],
  globals: ['verbose'],
  declare: (command) =>
    command
      .option('--port <number>', 'port on 127.0.0.1; 0 picks a free one', upTo(65_535), 9199)
      .option('--seed <file>', 'JSON file with the initial users, calendars and events')
      .option('--random-seed <number>', 'seed of every random choice', upTo(2 ** 32 - 1), 1)
      .option('--quotas', 'enforce Google’s quotas: 600 requests a minute per user, 10,000 in total'),
  run,
};

const Options = z.object({
  port: z.number(),
  seed: z.string().optional(),
  randomSeed: z.number(),
  quotas: z.boolean().default(false),
});

async function run(_open: Open, _args: readonly string[], given: unknown): Promise<void> {
  const { port, seed: file, randomSeed, quotas } = Options.parse(given);
  const { startCalendarEmulator } = await import('../../emulator/server.ts');
  const { withSeedFile } = await import('../this-machine.ts');
  const ended = waitForEnd();
  const emulator = await withSeedFile(file, (initial) =>
    startCalendarEmulator({
      port,
      randomSeed,
      quotas: quotas ? {} : 'off',
      ...(initial === undefined ? {} : { initial }),
    }),
  ).catch((cause: unknown) => {
    if (!isTaken(cause)) throw cause;
    throw new Failure(`port ${String(port)} is in use`, 'give another --port, or 0 for a free one', {
      cause,
    });
  });
  printResult(`Ready: ${emulator.url} (control routes below ${emulator.url}/emulator)`);
  await ended;
  await emulator.close();
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
