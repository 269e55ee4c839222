import * as z from 'zod';

import type { Occurrence } from '../../../functions/agenda/index.ts';
import { parseSpec, type WatchSpec } from '../../../functions/watches/spec.ts';
import { Failure, UsageError } from '../failure.ts';
import type { Open, Session } from '../session.ts';
import { cut, printResult, printable, table, logProgress } from '../../terminal/output.ts';
import { localTimeZone } from '../../terminal/local-zone.ts';
import { iso } from '../../terminal/times.ts';
import { dayAndTime, wholeDays } from '../format/when.ts';
import { repeated, type CommandSpec } from '../declare.ts';
import { windowOf, windowOptions, WindowOptions, type Window } from '../window.ts';

/** `calendar-mirror events`: shows the events in a user's mirrored calendars. */
export const eventsCommand: CommandSpec = {
  name: 'events <user>',
  about: 'Show the events in a user’s mirrored calendars: of today and the next seven days by default.',
  examples: [
    'events ada@example.com',
    'events ada@example.com --from tomorrow --to tomorrow',
    'events ada@example.com --calendar team@group.calendar.google.com --from 2030-01-07T09:00 --to 2030-01-31',
  ],
  declare: (command) =>
    windowOptions(command.option('--calendar <id>', 'only this calendar; repeatable', repeated)),
  run,
};

const Options = WindowOptions.extend({ calendar: z.array(z.string()).default([]) });

const HELP = 'see calendar-mirror events --help';

/** Returns the spec of a watch of a calendar. @throws {UsageError} if the user or the calendar is invalid */
function wanted(user: string, calendarId: string): WatchSpec {
  const parsed = parseSpec({ user, resource: 'events', calendarId });
  if (parsed.ok) return parsed.value;
  throw new UsageError(parsed.problem.replaceAll('spec.', ''), HELP);
}

/** Returns the specs of the mirrored calendars, all or those named. @throws {Failure} if one is not mirrored */
async function calendarsOf(
  session: Session,
  user: string,
  named: readonly WatchSpec[],
): Promise<readonly WatchSpec[]> {
  const watches = (await session.admin.listWatches()).flatMap((listed) => {
    if (!listed.ok || !listed.watch.spec.ok) return [];
    const { value: watchSpec } = listed.watch.spec;
    return watchSpec.target.user === user && watchSpec.target.resource === 'events'
      ? [{ ...listed.watch, watchSpec }]
      : [];
  });
  const mirrored = watches.filter(({ collection, watchSpec }) => collection === watchSpec.collection);
  for (const { collection, target } of named) {
    if (mirrored.some((watch) => watch.collection === collection)) continue;
    throw new Failure(
      `the calendar ${target.calendarId ?? ''} of ${user} is not mirrored`,
      `run calendar-mirror watch ${user} --calendar ${target.calendarId ?? ''}`,
    );
  }
  const names = new Set(named.map(({ collection }) => collection));
  // The kept items of a removed watch are out of date: shown only if the calendar is named.
  const asked = mirrored.filter(({ watchSpec }) =>
    names.size === 0 ? watchSpec.removed === undefined : names.has(watchSpec.collection),
  );
  const waiting = watches.find(({ watchSpec }) => watchSpec.removed === undefined);
  if (asked.length === 0) {
    throw waiting === undefined
      ? new Failure(`no calendars of ${user} are mirrored`, `run calendar-mirror watch ${user}`)
      : new Failure(`nothing is mirrored for ${user} yet`, `run calendar-mirror status ${waiting.id}`);
  }
  for (const { id, sync } of asked) {
    if (sync.completedAt === undefined) logProgress(`${id} is in its first sync; there may be more events.`);
  }
  return asked.map(({ watchSpec }) => watchSpec);
}

interface Entry extends Occurrence {
  readonly calendarId: string;
}

/** Returns the occurrences in one calendar. All-day events are in its time zone, or in `timeZone` if that is not mirrored. */
async function entriesOf(
  { firestore }: Session,
  { target }: WatchSpec,
  window: Window,
  timeZone: string,
): Promise<readonly Entry[]> {
  const { readAgenda, readTimeZone } = await import('../../../functions/agenda/index.ts');
  const calendar = { user: target.user, calendarId: target.calendarId ?? '' };
  const { occurrences, notExpanded } = await readAgenda(firestore, {
    ...calendar,
    from: new Date(window.from),
    to: new Date(window.to),
    timeZone: (await readTimeZone(firestore, calendar)) ?? timeZone,
  });
  for (const { id, reason } of notExpanded) {
    logProgress(printable(`Only the first occurrence of the recurring event ${id} is shown: ${reason}.`));
  }
  return occurrences.map((occurrence) => ({ ...occurrence, calendarId: calendar.calendarId }));
}

const boundary = z.object({ date: z.string() });

/** In columns. */
const LONGEST_TITLE = 60;

function row({ startsAt, endsAt, event, calendarId }: Entry, timeZone: string): readonly string[] {
  const [start, end] = [event['start'], event['end']].map((each) => boundary.safeParse(each).data?.date);
  const days = start === undefined || end === undefined ? undefined : wholeDays(start, end);
  const [day, time] = days ?? dayAndTime(startsAt, endsAt, timeZone);
  const { summary } = event;
  const title =
    typeof summary === 'string' && summary !== '' ? cut(printable(summary), LONGEST_TITLE) : '(untitled)';
  return [day, time, title, printable(calendarId)];
}

async function run(open: Open, [user = '']: readonly string[], given: unknown): Promise<void> {
  const options = Options.parse(given);
  const named = [...new Set(options.calendar)].map((calendar) => wanted(user, calendar));
  if (named.length === 0) wanted(user, user);
  const timeZone = localTimeZone();
  const window = windowOf(options, Date.now(), timeZone, HELP);
  const session = await open();
  const calendars = await calendarsOf(session, user, named);
  const each = await Promise.all(
    calendars.map((watchSpec) => entriesOf(session, watchSpec, window, timeZone)),
  );
  const entries = each.flat().toSorted((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt);
  if (session.json) {
    for (const { calendarId, startsAt, endsAt, event } of entries) {
      session.printJson({ calendarId, startsAt: iso(startsAt), endsAt: iso(endsAt), event });
    }
    return;
  }
  if (entries.length === 0) logProgress('No events.');
  else
    printResult(
      table([['day', 'time', 'title', 'calendar'], ...entries.map((entry) => row(entry, timeZone))]),
    );
}
