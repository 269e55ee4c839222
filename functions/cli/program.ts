import { Command, Option } from 'commander';

import { EVENT_TYPES, RESOURCES } from '../calendar/resources.ts';
import { AUTH_MODES } from '../config.ts';
import { CHANGES } from '../feed/change.ts';
import manifest from '../../package.json' with { type: 'json' };
import { declare, each, number, oneOf, settle } from './declare.ts';

/** What `calendar-mirror` can be asked for. What a command needs is loaded when it runs. */

const EXIT_CODES = `
Exit codes: 0 done, 1 it did not work, 2 wrong use. Results are written to stdout, progress to stderr.
Without --project and GOOGLE_CLOUD_PROJECT, the cloud that npm start runs on this machine is used.`;

function waitOptions(command: Command): Command {
  return command
    .option('--no-wait', 'do not wait until it is done')
    .option('--timeout <seconds>', 'give up when nothing has moved for this long', number, 120);
}

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
  declareReplay(program);
  declareDeadLetters(program);
  return program;
}

function declareWatching(program: Command): void {
  const watch = declare(program, {
    name: 'watch <user>',
    about: 'Watch what a user has: by default the events of the primary calendar.',
    load: async () => (await import('./watch.ts')).run,
    examples: [
      'watch ada@example.com',
      'watch ada@example.com --resource events,acl --calendar team@group.calendar.google.com',
      'watch ada@example.com --resource calendarList,settings --no-wait',
      'watch ada@example.com --event-types default,focusTime --single-events',
    ],
  });
  watch
    .option('--resource <resource>', `${RESOURCES.join(', ')}; several with commas`, oneOf(RESOURCES))
    .option('--calendar <id>', 'the calendar of events and acl; may be given several times', each)
    .option('--event-types <types>', `only these: ${EVENT_TYPES.join(', ')}`, oneOf(EVENT_TYPES))
    .option('--single-events', 'each occurrence of a recurring event instead of the recurring event')
    .addOption(new Option('--auth <mode>', 'how calls are authorised (CALENDAR_AUTH)').choices(AUTH_MODES));
  waitOptions(watch);

  const unwatch = declare(program, {
    name: 'unwatch <watch>',
    about: 'Stop watching. Asks first.',
    load: async () => (await import('./unwatch.ts')).run,
    examples: ['unwatch ada-events-ada-1f2e3d', 'unwatch ada-events-ada-1f2e3d --purge --yes'],
  });
  unwatch
    .option('--keep', 'keep what was mirrored (the default)')
    .option('--purge', 'delete what was mirrored, and announce each deletion')
    .option('--yes', 'do not ask');
  waitOptions(unwatch);
}

function declareLooking(program: Command): void {
  declare(program, {
    name: 'list',
    about: 'List all watches.',
    load: async () => (await import('./list.ts')).run,
    examples: ['list', `list --json | jq -r 'select(.state == "paused") | .id'`],
  });
  declare(program, {
    name: 'status [watch]',
    about: 'Show how a watch is: state, channel, last sync, items, trouble. Without one: all, in numbers.',
    load: async () => (await import('./status.ts')).run,
    examples: ['status', 'status ada-events-ada-1f2e3d', 'status ada-events-ada-1f2e3d --json'],
  });
  declare(program, {
    name: 'tail',
    about: 'Follow the changes as they come, one a line, until Ctrl-C.',
    load: async () => (await import('./tail.ts')).run,
    examples: [
      'tail',
      'tail --resource events --user ada@example.com --change updated,deleted',
      'tail --json --count 10 | jq .after.summary',
    ],
  })
    .option('--resource <resource>', `only of ${RESOURCES.join(', ')}`, oneOf(RESOURCES))
    .option('--user <user>', 'only of this user; may be given several times', each)
    .option('--change <change>', `only ${CHANGES.join(', ')}`, oneOf(CHANGES))
    .option('--count <number>', 'end after so many changes', number);
  declare(program, {
    name: 'events <user>',
    about: 'Show what is on in a user’s mirrored calendars: by default today and in the next seven days.',
    load: async () => (await import('./events.ts')).run,
    examples: [
      'events ada@example.com',
      'events ada@example.com --from tomorrow --to tomorrow',
      'events ada@example.com --calendar team@group.calendar.google.com --from 2030-01-07T09:00 --to 2030-01-31',
    ],
  })
    .option('--calendar <id>', 'only this calendar; may be given several times', each)
    .option(
      '--from <when>',
      'a day from its beginning, or a time: today, tomorrow, 2030-01-07, 2030-01-07T09:00',
    )
    .option('--to <when>', 'a day to its end, or a time; seven days after --from if it is left out');
}

function declareRunning(program: Command): void {
  const sync = declare(program, {
    name: 'sync <watch>',
    about: 'Sync a watch now, and wait until it is done.',
    load: async () => (await import('./sync.ts')).run,
    examples: ['sync ada-events-ada-1f2e3d', 'sync ada-events-ada-1f2e3d --full'],
  });
  waitOptions(sync.option('--full', 'compare everything, not only what has changed since the last sync'));

  declare(program, {
    name: 'renew [watches...]',
    about: 'Let renew look at watches at its next run, instead of when they are due.',
    load: async () => (await import('./renew.ts')).run,
    examples: ['renew ada-events-ada-1f2e3d', 'renew --all', 'renew --dry-run', 'renew --dry-run --all'],
  })
    .option('--all', 'all watches')
    .option('--dry-run', 'change nothing; show what renew would do now: about what is due, or what is named');
}

function declareReplay(program: Command): void {
  declare(program, {
    name: 'replay <watch>',
    about: 'Publish all that is mirrored for a watch as snapshot changes, for a new consumer.',
    load: async () => (await import('./replay.ts')).run,
    examples: [
      'replay ada-events-ada-1f2e3d --topic new-consumer',
      'replay ada-events-ada-1f2e3d --topic new-consumer --json',
    ],
  })
    .requiredOption('--topic <topic>', 'where to; all its subscriptions get them')
    .option('--force', 'also to the topic of the live changes, where every consumer gets them');
}

const readOptions = (command: Command): Command =>
  command
    .option('--subscription <name>', 'where they are read from (DEAD_LETTERS_SUBSCRIPTION)')
    .option('--limit <number>', 'no more than so many', number, 1_000);

function declareDeadLetters(program: Command): void {
  const group = settle(program.command('dead-letters'), 'calendar-mirror dead-letters')
    .helpOption('-h, --help', 'show this help')
    .description('What sync could not process: list it, have it processed after all, or forget it.');
  readOptions(
    declare(group, {
      name: 'list',
      isDefault: true,
      about: 'List them, with the reason. All stay where they are.',
      load: async () => (await import('./dead-letters.ts')).list,
      examples: ['dead-letters list', 'dead-letters list --json'],
    }),
  );
  readOptions(
    declare(group, {
      name: 'replay [messages...]',
      about: 'Publish them again, all or those named, once what was wrong is mended.',
      load: async () => (await import('./dead-letters.ts')).replay,
      examples: ['dead-letters replay', 'dead-letters replay 12345 12346'],
    }),
  );
  readOptions(
    declare(group, {
      name: 'purge [messages...]',
      about: 'Forget them for good, all or those named. Asks first.',
      load: async () => (await import('./dead-letters.ts')).purge,
      examples: ['dead-letters purge 12345', 'dead-letters purge --yes'],
    }),
  ).option('--yes', 'do not ask');
}
