import { Command } from 'commander';

import manifest from '../../package.json' with { type: 'json' };
import { declareAccess } from './declarations/access.ts';
import { declareDeadLetters } from './declarations/dead-letters.ts';
import { declareDoctor } from './declarations/doctor.ts';
import { declareLooking } from './declarations/looking.ts';
import { declareReplay } from './declarations/replay.ts';
import { declareRunning } from './declarations/running.ts';
import { declareWatching } from './declarations/watching.ts';
import { settle } from './declare.ts';

/** What `calendar-mirror` can be asked for. What a command needs is loaded when it runs. */

const EXIT_CODES = `
Exit codes: 0 done, 1 it did not work, 2 wrong use. Results are written to stdout, progress to stderr.
Without --project and GOOGLE_CLOUD_PROJECT, the cloud that npm start runs on this machine is used.`;

/** Makes the program, with nothing read or connected yet. */
export function createProgram(): Command {
  const program = settle(new Command('calendar-mirror'), 'calendar-mirror')
    .description('Google Calendar, live in Firestore and on a Pub/Sub feed: what it watches, and how it is.')
    .version(manifest.version, '--version', 'show the version')
    .option('--project <id>', 'the Google Cloud project (GOOGLE_CLOUD_PROJECT)')
    .option('--database <id>', 'the Firestore database (FIRESTORE_DATABASE)')
    .option('--json', 'results for programs: one JSON object a line')
    .option('--verbose', 'show where an error comes from')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', EXIT_CODES);
  declareWatching(program);
  declareLooking(program);
  declareRunning(program);
  declareAccess(program);
  declareReplay(program);
  declareDeadLetters(program);
  declareDoctor(program);
  return program;
}
