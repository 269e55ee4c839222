import { Option } from 'commander';
import * as z from 'zod';

import { EVENT_TYPES, isInCalendar, RESOURCES } from '../../../functions/calendar/resources.ts';
import { AUTH_MODES } from '../../../functions/calendar/auth/modes.ts';
import { parseSpec, FOLLOW_ROLES, UNLISTED, type WatchSpec } from '../../../functions/watches/spec.ts';
import type { RequestedWatch, SpecInput } from '../../../functions/watches/watch-admin.ts';
import { Failure, UsageError } from '../failure.ts';
import { clockInput, moments } from '../clock-option.ts';
import { emptyListHint, followSpec } from '../follow-options.ts';
import { waiting } from '../options.ts';
import type { Open, Session } from '../session.ts';
import { printResult, logProgress } from '../../terminal/output.ts';
import { judgeWatch } from '../verdict.ts';
import { mustFind, waitFor } from '../wait.ts';
import { watchCount, watchJson, watchTable } from '../format/watch.ts';
import { repeated, oneOf, waitOptions, type CommandSpec } from '../declare.ts';

/** `calendar-mirror watch`: creates watches, and waits for their first sync. */
export const watchCommand: CommandSpec = {
  name: 'watch <user>',
  about:
    'Create watches for a user and wait for the first sync: of the events of the primary calendar by default.',
  notes:
    'The same request twice is one watch. A request with other options replaces the earlier one: without --event-types it mirrors all types again, without --clock it has no clock. The calendar list of a service account stays empty when calendars are shared with it: name the calendars.',
  examples: [
    'watch ada@example.com',
    'watch ada@example.com --resource events,acl --calendar team@group.calendar.google.com',
    'watch ada@example.com --resource calendarList,settings --no-wait',
    'watch ada@example.com --event-types default,focusTime --single-events',
    'watch ada@example.com --clock 10m,start,end',
    'watch ada@example.com --follow writer --resource events,acl',
  ],
  declare: (command) =>
    waitOptions(
      command
        .option(
          '--resource <resource>',
          `${RESOURCES.join(', ')} (comma-separated); events by default`,
          oneOf(RESOURCES),
        )
        .option('--calendar <id>', 'calendar of events and acl; repeatable', repeated)
        .option(
          '--event-types <types>',
          `only ${EVENT_TYPES.join(', ')} (comma-separated)`,
          oneOf(EVENT_TYPES),
        )
        .option(
          '--single-events',
          'mirror each occurrence of a recurring event instead of the recurring event',
        )
        .option(
          '--clock <moments>',
          'publish moments of events on calendar-clock: start, end, before the start (10m, 1h30m, 1d, -PT10M) or after it (+5m, PT5M) (comma-separated)',
          moments,
        )
        .option('--clock-all-day', 'with --clock: moments of all-day events too')
        .addOption(
          new Option(
            '--follow [role]',
            'watch every calendar on the calendar list on which the user has at least this role; reader by default',
          ).choices(FOLLOW_ROLES),
        )
        .addOption(
          new Option(
            '--unlisted <action>',
            'with --follow: what to do with the items of a calendar that leaves the list',
          ).choices(UNLISTED),
        )
        .addOption(
          new Option('--auth <mode>', 'credentials of the watch, instead of CALENDAR_AUTH').choices(
            AUTH_MODES,
          ),
        ),
    ),
  run,
};

const Options = z.object({
  ...waiting,
  resource: z.array(z.enum(RESOURCES)).default(['events']),
  calendar: z.array(z.string()).default(['primary']),
  eventTypes: z.array(z.string()).optional(),
  singleEvents: z.boolean().optional(),
  clock: z.array(z.string()).optional(),
  clockAllDay: z.boolean().default(false),
  auth: z.enum(AUTH_MODES).optional(),
});

interface Intent {
  readonly spec: SpecInput;
  readonly watchSpec: WatchSpec;
}

/** Parses a spec. @throws {UsageError} if it is invalid */
function intentOf(spec: SpecInput): Intent {
  const parsed = parseSpec(spec);
  if (!parsed.ok)
    throw new UsageError(parsed.problem.replaceAll('spec.', ''), 'see calendar-mirror watch --help');
  return { spec, watchSpec: parsed.value };
}

/** Returns one spec per resource, and per calendar where the resource belongs to one. @throws {UsageError} */
function intentsOf(user: string, given: unknown): readonly Intent[] {
  const {
    resource: resources,
    calendar: calendars,
    eventTypes,
    singleEvents,
    clock: names,
    clockAllDay,
    auth,
  } = Options.parse(given);
  if (clockAllDay && names === undefined) {
    throw new UsageError('--clock-all-day is only valid with --clock', 'leave it out');
  }
  const clock = names && clockInput(names, clockAllDay);
  const followed = followSpec(user, given, clock);
  if (followed) return [intentOf({ ...followed, ...(auth === undefined ? {} : { auth }) })];
  const namesCalendar = z.object({ calendar: z.unknown() }).safeParse(given).data?.calendar !== undefined;
  const onEvents = resources.includes('events');
  if (namesCalendar && !resources.some(isInCalendar)) {
    throw new UsageError(`--calendar is not valid with ${resources.join(' and ')}`, 'leave out --calendar');
  }
  if (!onEvents && [eventTypes, singleEvents, clock].some((each) => each !== undefined)) {
    throw new UsageError(
      '--event-types, --single-events and --clock are only valid with events',
      'leave them out',
    );
  }
  const specs = [...new Set(resources)].flatMap((resource): SpecInput[] => {
    const common = { user, resource, ...(auth === undefined ? {} : { auth }) };
    if (!isInCalendar(resource)) return [common];
    const ofEvents =
      resource === 'events'
        ? {
            ...(eventTypes === undefined ? {} : { eventTypes }),
            ...(singleEvents === undefined ? {} : { singleEvents }),
            ...(clock === undefined ? {} : { clock }),
          }
        : {};
    return [...new Set(calendars)].map((calendarId) => ({ ...common, calendarId, ...ofEvents }));
  });
  return specs.map(intentOf);
}

async function write({ admin }: Session, { spec, watchSpec }: Intent): Promise<RequestedWatch> {
  const { canonicalSpec } = await import('../../../functions/watches/watch-admin.ts');
  const written = await admin.upsertWatch(canonicalSpec(spec, watchSpec), watchSpec);
  if (written.outcome === 'written') return written;
  const other = written.outcome === 'idTaken' ? written.id : written.holder;
  const mirrors =
    written.outcome === 'idTaken' ? (written.mirrors ?? 'another collection') : watchSpec.collection;
  throw new Failure(
    `the watch id ${other} already belongs to ${mirrors}`,
    'create the watch in a program, with putWatch and an id of your own',
  );
}

async function run(open: Open, [user = '']: readonly string[], given: unknown): Promise<void> {
  const options = Options.parse(given);
  const intents = intentsOf(user, given);
  const session = await open();
  const hint = emptyListHint(
    intents.map(({ spec }) => spec),
    session.config.CALENDAR_AUTH,
  );
  if (hint !== undefined) logProgress(hint);
  const asked: RequestedWatch[] = [];
  for (const intent of intents) asked.push(await write(session, intent));
  const watches = await Promise.all(
    asked.map(({ id, at }) =>
      options.wait
        ? waitFor(session, id, options.timeout, (listed) => judgeWatch(listed, at))
        : mustFind(session, id),
    ),
  );
  const now = session.now();
  if (session.json) for (const listed of watches) session.printJson(watchJson(listed, now));
  else printResult(watchTable(watches, now));
  for (const { watch } of watches) {
    const follows = watch.spec.ok && watch.spec.value.follow !== undefined && options.wait;
    if (follows)
      logProgress(`${watch.id} follows ${watchCount(await session.admin.countFollowed(watch.id))}.`);
  }
  if (!options.wait) logProgress('Created; renew opens the channels in its next run.');
}
