import { Option, type Command } from 'commander';

import { EVENT_TYPES, RESOURCES } from '../../calendar/resources.ts';
import { AUTH_MODES } from '../../config.ts';
import { FOLLOW_ROLES, UNLISTED } from '../../mirror/follow.ts';
import { declare, each, oneOf, waitOptions } from '../declare.ts';

/** What is watched: `watch`, `unwatch`. */
export function declareWatching(program: Command): void {
  const watch = declare(program, {
    name: 'watch <user>',
    about: 'Watch what a user has: by default the events of the primary calendar.',
    load: async () => (await import('../watch.ts')).run,
    examples: [
      'watch ada@example.com',
      'watch ada@example.com --resource events,acl --calendar team@group.calendar.google.com',
      'watch ada@example.com --resource calendarList,settings --no-wait',
      'watch ada@example.com --event-types default,focusTime --single-events',
      'watch ada@example.com --follow writer --resource events,acl',
    ],
  });
  watch
    .option('--resource <resource>', `${RESOURCES.join(', ')}; several with commas`, oneOf(RESOURCES))
    .option('--calendar <id>', 'the calendar of events and acl; may be given several times', each)
    .option('--event-types <types>', `only these: ${EVENT_TYPES.join(', ')}`, oneOf(EVENT_TYPES))
    .option('--single-events', 'each occurrence of a recurring event instead of the recurring event')
    .addOption(
      new Option(
        '--follow [role]',
        'every calendar on the list on which the user has this role at least (reader)',
      ).choices(FOLLOW_ROLES),
    )
    .addOption(
      new Option('--unlisted <fate>', 'of what is mirrored of a calendar that leaves the list').choices(
        UNLISTED,
      ),
    )
    .addOption(new Option('--auth <mode>', 'how calls are authorised (CALENDAR_AUTH)').choices(AUTH_MODES));
  waitOptions(watch);

  const unwatch = declare(program, {
    name: 'unwatch <watch>',
    about: 'Stop watching. Asks first.',
    load: async () => (await import('../unwatch.ts')).run,
    examples: ['unwatch ada-events-ada-1f2e3d', 'unwatch ada-events-ada-1f2e3d --purge --yes'],
  });
  unwatch
    .option('--keep', 'keep what was mirrored (the default)')
    .option('--purge', 'delete what was mirrored, and announce each deletion')
    .option('--yes', 'do not ask');
  waitOptions(unwatch);
}
