import type { Command } from 'commander';

import { RESOURCES } from '../../calendar/resources.ts';
import { CHANGES } from '../../feed/change.ts';
import { declare, each, number, oneOf } from '../declare.ts';

/** What there is, and what comes: `list`, `status`, `tail`, `events`. */
export function declareLooking(program: Command): void {
  declare(program, {
    name: 'list',
    about: 'List all watches.',
    load: async () => (await import('../list.ts')).run,
    examples: ['list', `list --json | jq -r 'select(.state == "paused") | .id'`],
  });
  declare(program, {
    name: 'status [watch]',
    about: 'Show how a watch is: state, channel, last sync, items, trouble. Without one: all, in numbers.',
    load: async () => (await import('../status.ts')).run,
    examples: ['status', 'status ada-events-ada-1f2e3d', 'status ada-events-ada-1f2e3d --json'],
  });
  declare(program, {
    name: 'tail',
    about: 'Follow the changes as they come, one a line, until Ctrl-C.',
    load: async () => (await import('../tail.ts')).run,
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
    load: async () => (await import('../events.ts')).run,
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
