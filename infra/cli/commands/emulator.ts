import { Option } from 'commander';
import * as z from 'zod';

import { LOG_LEVELS } from '../../emulator/command/log.ts';
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
      .option('--host <address>', 'address to listen on; 0.0.0.0 in a container', '127.0.0.1')
      .option('--seed <file>', 'initial users, calendars and events, as JSON or YAML')
      .option('--state <file>', 'keep everything in this file over restarts')
      .option('--clock <time>', 'start at this time: RFC 3339, or +2h from now')
      .addOption(
        new Option('--log <what>', 'print a line for each request, or also for each notification')
          .choices([...LOG_LEVELS])
          .default('none'),
      )
      .option('--allow-http', 'send notifications to http:// addresses on every host')
      .option('--random-seed <number>', 'seed of every random choice', upTo(2 ** 32 - 1), 1)
      .option('--quotas', 'enforce Google’s quotas: 600 requests a minute per user, 10,000 in total'),
  run,
};

const Options = z.object({
  port: z.number(),
  host: z.string(),
  seed: z.string().optional(),
  state: z.string().optional(),
  clock: z.string().optional(),
  log: z.enum(LOG_LEVELS),
  randomSeed: z.number(),
  quotas: z.boolean().default(false),
  allowHttp: z.boolean().default(false),
});

async function run(_open: Open, _args: readonly string[], given: unknown): Promise<void> {
  const options = Options.parse(given);
  const { serve, StartError } = await import('../../emulator/command/serve.ts');
  const { withSeedErrors } = await import('../this-machine.ts');
  const ended = waitForEnd();
  const emulator = await withSeedErrors(() => serve(options)).catch((cause: unknown) => {
    if (!(cause instanceof StartError)) throw cause;
    const [what = '', next = ''] = cause.message.split(': ');
    throw new Failure(what, next, { cause });
  });
  await ended;
  await emulator.close();
}
