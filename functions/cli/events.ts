import * as z from 'zod';

import { readAgenda, readTimeZone, type Occurrence } from '../agenda/index.ts';
import { parseSpec, type Wish } from '../mirror/spec.ts';
import { shown } from './event-words.ts';
import { Failure, WrongUse } from './failure.ts';
import type { Open, Session } from './session.ts';
import { print, printable, table, tell } from './terminal.ts';
import { iso } from './times.ts';
import { dayAndTime, endOfDayAfter, momentOf, wholeDays } from './when.ts';

/** `calendar-mirror events`: what is on in a user's calendars, out of the mirror. */

const Options = z.object({
  calendar: z.array(z.string()).default([]),
  from: z.string().default('today'),
  to: z.string().optional(),
});

const HELP = 'see calendar-mirror events --help';
/** How far an agenda goes if nothing else is said: a week from today. */
const DAYS_AHEAD = 7;

interface Window {
  readonly from: number;
  readonly to: number;
}

/** The part of time that is asked for, in Unix ms. @throws {WrongUse} for what is none */
function windowOf({ from, to }: z.infer<typeof Options>, now: number, timeZone: string): Window {
  const moment = (option: 'from' | 'to', given: string): number => {
    const at = momentOf(given, option, now, timeZone);
    if (at !== undefined) return at;
    throw new WrongUse(
      `--${option} ${JSON.stringify(given)} is no day and no time`,
      'give today, tomorrow, 2030-01-07 or 2030-01-07T09:00',
    );
  };
  const start = moment('from', from);
  const end = to === undefined ? endOfDayAfter(start, DAYS_AHEAD, timeZone) : moment('to', to);
  if (end <= start) throw new WrongUse('--to is not after --from', HELP);
  return { from: start, to: end };
}

/** What a calendar would have to be watched as. @throws {WrongUse} for a user or a calendar that cannot be */
function wanted(user: string, calendarId: string): Wish {
  const parsed = parseSpec({ user, resource: 'events', calendarId });
  if (parsed.ok) return parsed.wish;
  throw new WrongUse(parsed.problem.replaceAll('spec.', ''), HELP);
}

/** The mirrored calendars that are asked for, each by its watch's wish. @throws {Failure} where one is not mirrored */
async function calendarsOf(session: Session, user: string, named: readonly Wish[]): Promise<readonly Wish[]> {
  const watches = (await session.wishes.listWatches()).flatMap((listed) => {
    if (!listed.ok || !listed.watch.spec.ok) return [];
    const { wish } = listed.watch.spec;
    return wish.target.user === user && wish.target.resource === 'events' ? [{ ...listed.watch, wish }] : [];
  });
  const mirrored = watches.filter(({ collection, wish }) => collection === wish.collection);
  for (const { collection, target } of named) {
    if (mirrored.some((watch) => watch.collection === collection)) continue;
    throw new Failure(
      `the calendar ${target.calendarId ?? ''} of ${user} is not mirrored`,
      `run calendar-mirror watch ${user} --calendar ${target.calendarId ?? ''}`,
    );
  }
  const names = new Set(named.map(({ collection }) => collection));
  // What is kept of a removed watch grows old: it is shown to those only who ask for it.
  const asked = mirrored.filter(({ wish }) =>
    names.size === 0 ? wish.removed === undefined : names.has(wish.collection),
  );
  const waiting = watches.find(({ wish }) => wish.removed === undefined);
  if (asked.length === 0) {
    throw waiting === undefined
      ? new Failure(`no calendar of ${user} is mirrored`, `run calendar-mirror watch ${user}`)
      : new Failure(`nothing is mirrored for ${user} yet`, `run calendar-mirror status ${waiting.id}`);
  }
  for (const { id, sync } of asked) {
    if (sync.completedAt === undefined) tell(`${id} is in its first sync: there may be more.`);
  }
  return asked.map(({ wish }) => wish);
}

interface Entry extends Occurrence {
  readonly calendarId: string;
}

/** What is on in one calendar. Where its time zone is not mirrored, its whole days are taken as those of `timeZone`. */
async function entriesOf(
  { firestore }: Session,
  { target, parameters }: Wish,
  window: Window,
  timeZone: string,
): Promise<readonly Entry[]> {
  const calendar = { user: target.user, calendarId: target.calendarId ?? '' };
  const { occurrences, notExpanded } = await readAgenda(firestore, {
    ...calendar,
    from: new Date(window.from),
    to: new Date(window.to),
    timeZone: (await readTimeZone(firestore, calendar)) ?? timeZone,
    singleEvents: parameters.singleEvents,
  });
  for (const id of notExpanded) {
    tell(printable(`Left out: the recurring event ${id}, whose rule cannot be read or names too many days.`));
  }
  return occurrences.map((occurrence) => ({ ...occurrence, calendarId: calendar.calendarId }));
}

const boundary = z.object({ date: z.string() });

function row({ startsAt, endsAt, event, calendarId }: Entry, timeZone: string): readonly string[] {
  const [start, end] = [event['start'], event['end']].map((each) => boundary.safeParse(each).data?.date);
  const days = start === undefined || end === undefined ? undefined : wholeDays(start, end);
  const [day, time] = days ?? dayAndTime(startsAt, endsAt, timeZone);
  const { summary } = event;
  const title = typeof summary === 'string' && summary !== '' ? shown(summary) : '(untitled)';
  return [day, time, title, printable(calendarId)];
}

export async function run(open: Open, [user = '']: readonly string[], given: unknown): Promise<void> {
  const options = Options.parse(given);
  const named = [...new Set(options.calendar)].map((calendar) => wanted(user, calendar));
  if (named.length === 0) wanted(user, user);
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const window = windowOf(options, Date.now(), timeZone);
  const session = await open();
  const calendars = await calendarsOf(session, user, named);
  const each = await Promise.all(calendars.map((wish) => entriesOf(session, wish, window, timeZone)));
  const entries = each.flat().toSorted((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt);
  if (session.json) {
    for (const { calendarId, startsAt, endsAt, event } of entries) {
      session.printJson({ calendarId, startsAt: iso(startsAt), endsAt: iso(endsAt), event });
    }
    return;
  }
  if (entries.length === 0) tell('Nothing is on.');
  else print(table([['day', 'time', 'title', 'calendar'], ...entries.map((entry) => row(entry, timeZone))]));
}
