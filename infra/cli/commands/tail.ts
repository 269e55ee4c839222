import * as z from 'zod';

import { RESOURCES } from '../../../functions/calendar/resources.ts';
import { CHANGES, changeSchema, type Change } from '../../../functions/feed/change.ts';
import { parseClockMessage, parseMessage, sentenceOf } from '../../../functions/feed/consumer.ts';
import { KINDS } from '../../../functions/feed/kinds.ts';
import type { WatchMessage } from '../../../functions/feed/watch-message.ts';
import { filterOf, subscribeForNow, type Received } from '../subscription.ts';
import { UsageError } from '../failure.ts';
import { momentLine } from '../format/moment.ts';
import { formatWatchMessage } from '../format/watch.ts';
import type { Open, Session } from '../session.ts';
import { waitForEnd } from '../../terminal/signals.ts';
import { printResult, printable, styled, logProgress } from '../../terminal/output.ts';
import { localTimeZone } from '../../terminal/local-zone.ts';
import { clockText } from '../../terminal/times.ts';
import { repeated, number, oneOf, type CommandSpec } from '../declare.ts';

const ALL_KINDS = [...new Set(Object.values(KINDS).flat())];

/** `calendar-mirror tail`: prints changes and states of watches, or moments of events, as they are published, through a temporary subscription. */
export const tailCommand: CommandSpec = {
  name: 'tail',
  alias: 'listen',
  about: 'Print changes, and states of watches, as they are published, until Ctrl-C.',
  notes:
    'With --change or --kind, changes only; a snapshot has no kind.\nMoments are published up to 90 s before they are due, for watches with --clock.\nThe subscription that this creates is deleted at the end. After a crash it expires within a day.',
  examples: [
    'tail',
    'tail --resource events --user ada@example.com --change updated,deleted',
    'tail --kind moved,cancelled',
    'tail --json --count 10 | jq .after.summary',
    'tail --clock --user ada@example.com',
  ],
  declare: (command) =>
    command
      .option('--resource <resource>', `only ${RESOURCES.join(', ')} (comma-separated)`, oneOf(RESOURCES))
      .option('--user <user>', 'only this user; repeatable', repeated)
      .option('--change <change>', `only ${CHANGES.join(', ')} (comma-separated)`, oneOf(CHANGES))
      .option('--kind <kind>', `only ${ALL_KINDS.join(', ')} (comma-separated)`, oneOf(ALL_KINDS))
      .option('--clock', 'moments of events on calendar-clock, instead of changes')
      .option('--count <number>', 'stop after this many changes or moments', number),
  run,
};

const Options = z.object({
  resource: z.array(z.enum(RESOURCES)).default([]),
  user: z.array(z.string()).default([]),
  change: z.array(changeSchema.shape.change).default([]),
  kind: z.array(z.enum(ALL_KINDS)).default([]),
  clock: z.boolean().default(false),
  count: z.number().optional(),
});
type Wanted = Omit<z.infer<typeof Options>, 'clock' | 'count'>;

/** Returns the filter of the subscription, which may deliver more than is wanted. */
export const subscriptionFilter = ({ resource, user, change, kind }: Wanted): string =>
  filterOf(
    { resource, user, change },
    kind.map((each) => `kind_${each}`),
  );

/** Whether one of the values of a message is wanted. */
const among = (wanted: readonly string[], values: readonly string[]): boolean =>
  wanted.length === 0 || values.some((value) => wanted.includes(value));

/**
 * Whether a message is printed: filters of Pub/Sub are limited to 256 bytes, and some emulators apply none. A message about a watch has no
 * change and no kinds.
 */
export const isWanted = (wanted: Wanted, message: Change | WatchMessage): boolean => {
  const [changes, kinds] = 'change' in message ? [[message.change], message.kinds] : [[], []];
  return (
    among(wanted.resource, [message.resource ?? '']) &&
    among(wanted.user, [message.user ?? '']) &&
    among(wanted.change, changes) &&
    among(wanted.kind, kinds)
  );
};

const COLOURS = { created: 'green', updated: 'yellow', deleted: 'red', snapshot: 'dim' } as const;

/** Returns a line: when, whose, where, what, and its id. */
function line(
  { occurredAt, user, resource, calendarId }: Change | WatchMessage,
  what: string,
  id: string,
  timeZone: string,
): string {
  const where = calendarId === null || calendarId === user ? resource : `${resource ?? ''} of ${calendarId}`;
  const time = styled('dim', clockText(Date.parse(occurredAt), timeZone));
  return `${time}  ${printable(user ?? '')}  ${printable(where ?? '')}  ${what}  ${styled('dim', printable(id))}`;
}

function changeLine(change: Change, timeZone: string): string {
  const what = `${styled(COLOURS[change.change], change.change)}  ${sentenceOf(change, { timeZone })}`;
  return line(change, what, `${change.watchId}/${String(change.sequence)}`, timeZone);
}

/** What is printed of a topic. */
interface Tail {
  readonly topic: string;
  readonly filter: string;
  /** Prints a message if it is wanted. Returns whether it counts. */
  readonly print: (message: Received) => boolean;
}

const skip = (message: Received, problem: string): false => {
  logProgress(`Skipped the message ${message.id}: ${problem}`);
  return false;
};

function tailOfChanges(session: Session, wanted: Wanted, timeZone: string): Tail {
  const print = (message: Received): boolean => {
    const parsed = parseMessage(message);
    if (!parsed.ok) return skip(message, parsed.problem);
    if (parsed.about === 'watch' && isWanted(wanted, parsed.watch)) {
      if (session.json) session.printJson(parsed.watch);
      else printResult(line(parsed.watch, formatWatchMessage(parsed.watch), parsed.watch.watchId, timeZone));
    }
    if (parsed.about !== 'item' || !isWanted(wanted, parsed.change)) return false;
    if (session.json) session.printJson(parsed.change);
    else printResult(changeLine(parsed.change, timeZone));
    return true;
  };
  return { topic: session.config.CHANGES_TOPIC, filter: subscriptionFilter(wanted), print };
}

function tailOfClock(session: Session, { user }: Wanted, timeZone: string): Tail {
  const print = (message: Received): boolean => {
    const parsed = parseClockMessage(message.data);
    if (!parsed.ok) return skip(message, parsed.problem);
    if (!among(user, [parsed.message.user])) return false;
    if (session.json) session.printJson(parsed.message);
    else printResult(momentLine(parsed.message, timeZone));
    return true;
  };
  return { topic: session.config.CLOCK_TOPIC, filter: filterOf({ user }), print };
}

async function run(open: Open, _: readonly string[], given: unknown): Promise<void> {
  const { clock, count, ...wanted } = Options.parse(given);
  const isFiltered = [wanted.resource, wanted.change, wanted.kind].some(({ length }) => length > 0);
  if (clock && isFiltered)
    throw new UsageError('--clock cannot be combined with --resource, --change and --kind', 'leave them out');
  const session = await open();
  const tail = (clock ? tailOfClock : tailOfChanges)(session, wanted, localTimeZone());
  const ended = waitForEnd();
  const last = Promise.withResolvers<void>();
  let printed = 0;
  const onMessage = (message: Received): void => {
    if (printed === count || !tail.print(message)) return;
    printed += 1;
    if (printed === count) last.resolve();
  };
  const subscription = await subscribeForNow(
    session.pubsub,
    tail.topic,
    `calendar-mirror-tail-${session.newId()}`,
    tail.filter,
    { onMessage, onError: last.reject },
  );
  try {
    logProgress(`Listening to ${tail.topic}. Press Ctrl-C to stop.`);
    await Promise.race([ended, last.promise]);
  } finally {
    await subscription.end();
  }
}
