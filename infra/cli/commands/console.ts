import * as z from 'zod';

import { waitForEnd } from '../../terminal/signals.ts';
import { logProgress, printResult } from '../../terminal/output.ts';
import type { CommandSpec } from '../declare.ts';
import { Failure } from '../failure.ts';
import { upTo } from '../options.ts';
import type { Open } from '../session.ts';

/** `calendar-mirror console`: a page on this machine that shows, live, what the mirror does. */

export const consoleCommand: CommandSpec = {
  name: 'console',
  about: 'Open a page on this machine that shows, live, what the mirror does, until Ctrl-C.',
  notes:
    'The address that it prints contains a token of this start. Against a deployed project the page is read-only, and hides titles and addresses until a click.',
  examples: ['console', 'console --port 8090', 'console --project my-project --allow-writes'],
  globals: ['project', 'database', 'verbose'],
  declare: (command) =>
    command
      .option('--port <number>', 'port on 127.0.0.1; a free one by default', upTo(65_535), 0)
      .option('--allow-writes', 'allow actions against a deployed project'),
  run,
};

const Options = z.object({ port: z.number(), allowWrites: z.boolean().default(false) });

async function run(open: Open, _args: readonly string[], given: unknown): Promise<void> {
  const { port, allowWrites } = Options.parse(given);
  const session = await open();
  const { startConsole } = await import('../../console/index.ts');
  const ended = waitForEnd();
  const running = await startConsole({ session, port, allowWrites }).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause;
    throw new Failure(`port ${String(port)} is in use`, 'give another --port, or none', { cause });
  });
  printResult(running.url);
  logProgress('The console is open. Press Ctrl-C to stop.');
  await ended;
  await running.close();
}
