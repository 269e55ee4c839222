import { Command } from 'commander';

import manifest from '../../package.json' with { type: 'json' };
import { busyCommand } from './commands/busy.ts';
import { consoleCommand } from './commands/console.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { demoCommand } from './commands/demo.ts';
import { devCommand } from './commands/dev.ts';
import { doctorCommand } from './commands/doctor.ts';
import { emulatorCommand } from './commands/emulator.ts';
import { eventsCommand } from './commands/events.ts';
import { listCommand } from './commands/list.ts';
import { loginCommand } from './commands/login.ts';
import { renewCommand } from './commands/renew.ts';
import { replayCommand } from './commands/replay.ts';
import { statusCommand } from './commands/status.ts';
import { syncCommand } from './commands/sync.ts';
import { tailCommand } from './commands/tail.ts';
import { tokensCommand } from './commands/tokens.ts';
import { trialCommand } from './commands/trial.ts';
import { unwatchCommand } from './commands/unwatch.ts';
import { watchCommand } from './commands/watch.ts';
import { addCommands, configure } from './declare.ts';

/** The command `calendar-mirror` and its subcommands. */

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 invalid usage. Results are written to stdout, progress and errors to stderr.
Without --project and GOOGLE_CLOUD_PROJECT, the cloud that calendar-mirror dev runs on this machine is used.`;

/** Creates the program. Reads and connects to nothing. */
export function createProgram(): Command {
  const program = configure(new Command('calendar-mirror'), 'calendar-mirror')
    .description(
      'Google Calendar, live in Firestore and on a Pub/Sub feed: manages watches, reads the mirror and checks deployments.',
    )
    .version(manifest.version, '--version', 'print the version')
    .option('--project <id>', 'Google Cloud project (GOOGLE_CLOUD_PROJECT)')
    .option('--database <id>', 'Firestore database (FIRESTORE_DATABASE)')
    .option('--json', 'print results as JSON, one object per line')
    .option('--verbose', 'print where an error comes from')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', EXIT_CODES);
  addCommands(program, [
    watchCommand,
    unwatchCommand,
    listCommand,
    statusCommand,
    tailCommand,
    eventsCommand,
    busyCommand,
    syncCommand,
    renewCommand,
    loginCommand,
    tokensCommand,
    replayCommand,
    deadLettersCommand,
    doctorCommand,
    trialCommand,
    consoleCommand,
    devCommand,
    demoCommand,
    emulatorCommand,
  ]);
  return program;
}
