import * as z from 'zod';

import { RESOURCES } from '../../../functions/calendar/resources.ts';
import { CHANGES, changeSchema, type Change } from '../../../functions/feed/change.ts';
import { parseMessage, sentenceOf } from '../../../functions/feed/consumer.ts';
import { KINDS } from '../../../functions/feed/kinds.ts';
import type { WatchMessage } from '../../../functions/feed/watch-message.ts';
import { filterOf, subscribeForNow, type Received } from '../subscription.ts';
import { formatWatchMessage } from '../format/watch.ts';
import type { Open } from '../session.ts';
import { waitForEnd } from '../../terminal/signals.ts';
import { printResult, printable, styled, logProgress } from '../../terminal/output.ts';
import { localTimeZone } from '../../terminal/local-zone.ts';
import { clockText } from '../../terminal/times.ts';
import { repeated, number, oneOf, type CommandSpec } from '../declare.ts';

const ALL_KINDS = [...new Set(Object.values(KINDS).flat())];

/** `calendar-mirror tail`: prints changes, and states of watches, as they are published, through a temporary subscription. */
export const tailCommand: CommandSpec = {
  name: 'tail',
  alias: 'listen',
  about: 'Print changes, and states of watches, as they are published, until Ctrl-C.',
  notes:
    'With --change or --kind, changes only; a snapshot has no kind.\nThe subscription that this creates is deleted at the end. After a crash it expires within a day.',
  examples: [
    'tail',
    'tail --resource events --user ada@example.com --change updated,deleted',
    'tail --kind moved,cancelled',
    'tail --json --count 10 | jq .after.summary',
  ],
  declare: (command) =>
    command
      .option('--resource <resource>', `only ${RESOURCES.join(', ')} (comma-separated)`, oneOf(RESOURCES))
      .option('--user <user>', 'only this user; repeatable', repeated)
      .option('--change <change>', `only ${CHANGES.join(', ')} (comma-separated)`, oneOf(CHANGES))
      .option('--kind <kind>', `only ${ALL_KINDS.join(', ')} (comma-separated)`, oneOf(ALL_KINDS))
      .option('--count <number>', 'stop after this many changes', number),
  run,
};

const Options = z.object({
  resource: z.array(z.enum(RESOURCES)).default([]),
  user: z.array(z.string()).default([]),
  change: z.array(changeSchema.shape.change).default([]),
  kind: z.array(z.enum(ALL_KINDS)).default([]),
  count: z.number().optional(),
});
type Wanted = Omit<z.infer<typeof Options>, 'count'>;

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

async function run(open: Open, _: readonly string[], given: unknown): Promise<void> {
  const wanted = Options.parse(given);
  const timeZone = localTimeZone();
  const session = await open();
  const ended = waitForEnd();
  const last = Promise.withResolvers<void>();
  let printed = 0;
  const onMessage = (message: Received): void => {
    const parsed = parseMessage(message);
    if (!parsed.ok) logProgress(`Skipped the message ${message.id}: ${parsed.problem}`);
    if (!parsed.ok || printed === wanted.count) return;
    if (parsed.about === 'watch' && isWanted(wanted, parsed.watch)) {
      if (session.json) session.printJson(parsed.watch);
      else printResult(line(parsed.watch, formatWatchMessage(parsed.watch), parsed.watch.watchId, timeZone));
    }
    if (parsed.about !== 'item' || !isWanted(wanted, parsed.change)) return;
    if (session.json) session.printJson(parsed.change);
    else printResult(changeLine(parsed.change, timeZone));
    printed += 1;
    if (printed === wanted.count) last.resolve();
  };
  const topic = session.config.CHANGES_TOPIC;
  const subscription = await subscribeForNow(
    session.pubsub,
    topic,
    `calendar-mirror-tail-${session.newId()}`,
    subscriptionFilter(wanted),
    { onMessage, onError: last.reject },
  );
  try {
    logProgress(`Listening to ${topic}. Press Ctrl-C to stop.`);
    await Promise.race([ended, last.promise]);
  } finally {
    await subscription.end();
  }
}
