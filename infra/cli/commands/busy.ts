import type { BusyAnswer, Period } from '../../../functions/agenda/index.ts';
import { freeTimes } from '../../../functions/meetings/busy-times.ts';
import { parseSpec } from '../../../functions/watches/spec.ts';
import { localTimeZone } from '../../terminal/local-zone.ts';
import { logProgress, printable, printResult, table } from '../../terminal/output.ts';
import { iso } from '../../terminal/times.ts';
import type { CommandSpec } from '../declare.ts';
import { Failure, UsageError } from '../failure.ts';
import { dayAndTime } from '../format/when.ts';
import type { Open } from '../session.ts';
import { windowOf, windowOptions, WindowOptions } from '../window.ts';

/** `calendar-mirror busy`: shows when users are busy, and when all are free. */
export const busyCommand: CommandSpec = {
  name: 'busy <users...>',
  about:
    'Show when users are busy, by their mirrored primary calendars, and when all are free: today and the next seven days by default.',
  notes: 'If a user’s times are unknown, the other users’ are shown, and the exit code is 1.',
  examples: [
    'busy ada@example.com bob@example.com --from tomorrow --to tomorrow',
    'busy ada@example.com bob@example.com --from 2030-01-07T09:00 --to 2030-01-07T17:00 --json',
  ],
  declare: windowOptions,
  run,
};

const HELP = 'see calendar-mirror busy --help';

type Unknown = Extract<BusyAnswer, { busy: null }>;

const REASONS: Readonly<Record<Unknown['problem']['reason'], string>> = {
  notMirrored: 'the primary calendar is not mirrored',
  notSynced: 'the sync is not complete',
  filtered: 'only some types of events are mirrored',
  paused: 'the watch is paused',
  gone: 'Google does not find the calendar any more',
  unreadable: 'the watch document is invalid',
};

/** Describes why a user's times are unknown, and the command to run next. */
const explained = ({ user, problem: { reason, watchId } }: Unknown): readonly [string, string] => [
  `when ${user} is busy is unknown, as ${REASONS[reason]}`,
  watchId === undefined
    ? `run calendar-mirror watch ${user}`
    : `run calendar-mirror ${reason === 'filtered' ? `watch ${user}` : `status ${watchId}`}`,
];

const shown = (periods: readonly Period[]) =>
  periods.map(({ startsAt, endsAt }) => ({ startsAt: iso(startsAt), endsAt: iso(endsAt) }));

async function run(open: Open, given: readonly string[], options: unknown): Promise<void> {
  const users = [...new Set(given)];
  for (const user of users) {
    const parsed = parseSpec({ user, resource: 'events', calendarId: user });
    if (!parsed.ok) throw new UsageError(parsed.problem.replaceAll('spec.', ''), HELP);
  }
  const timeZone = localTimeZone();
  const window = windowOf(WindowOptions.parse(options), Date.now(), timeZone, HELP);
  const session = await open();
  const { readBusy } = await import('../../../functions/agenda/index.ts');
  const from = new Date(window.from);
  const people = await readBusy(session.firestore, { users, from, to: new Date(window.to) });
  const unknown = people.filter((person) => person.busy === null);
  const busy = people.flatMap((person) => person.busy ?? []);
  const free = unknown.length === 0 ? freeTimes(busy, window) : null;

  if (session.json) {
    for (const { busy: periods, ...person } of people)
      session.printJson({ ...person, busy: periods && shown(periods) });
    session.printJson({ free: free && shown(free) });
  } else {
    const rows = [
      ...people.map((person) => [printable(person.user), person.busy ?? []] as const),
      ...(users.length > 1 ? [['all free', free ?? []] as const] : []),
    ].flatMap(([who, periods]) =>
      periods.map(({ startsAt, endsAt }) => [who, ...dayAndTime(startsAt, endsAt, timeZone)]),
    );
    for (const person of people)
      if (person.busy?.length === 0) logProgress(`${printable(person.user)} is free.`);
    if (rows.length > 0) printResult(table([['user', 'day', 'time'], ...rows]));
    if (free?.length === 0) logProgress('At any time, at least one user is busy.');
  }
  const [first, ...others] = unknown.map(explained);
  if (first !== undefined)
    throw new Failure(...first, { details: others.map(([what, next]) => `${what}: ${next}`) });
}
