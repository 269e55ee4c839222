import * as z from 'zod';

import { RESOURCES } from '../../../functions/calendar/resources.ts';
import { CHANGES, changeSchema, type Change } from '../../../functions/feed/change.ts';
import { parseMessage } from '../../../functions/feed/consumer.ts';
import type { WatchMessage } from '../../../functions/feed/watch-message.ts';
import { filterOf, subscribeForNow, type Received } from '../subscription.ts';
import { formatChange } from '../format/change.ts';
import { formatWatchMessage } from '../format/watch.ts';
import type { Open } from '../session.ts';
import { waitForEnd } from '../../terminal/signals.ts';
import { printResult, printable, styled, logProgress } from '../../terminal/output.ts';
import { localTimeZone } from '../../terminal/local-zone.ts';
import { clockText } from '../../terminal/times.ts';
import { repeated, number, oneOf, type CommandSpec } from '../declare.ts';

/** `calendar-mirror tail`: prints changes, and states of watches, as they are published, through a temporary subscription. */
export const tailCommand: CommandSpec = {
  name: 'tail',
  alias: 'listen',
  about: 'Print changes, and states of watches, as they are published, until Ctrl-C.',
  notes:
    'With --change, changes only. The subscription that this creates is deleted at the end. After a crash it expires within a day.',
  examples: [
    'tail',
    'tail --resource events --user ada@example.com --change updated,deleted',
    'tail --json --count 10 | jq .after.summary',
  ],
  declare: (command) =>
    command
      .option('--resource <resource>', `only ${RESOURCES.join(', ')} (comma-separated)`, oneOf(RESOURCES))
      .option('--user <user>', 'only this user; repeatable', repeated)
      .option('--change <change>', `only ${CHANGES.join(', ')} (comma-separated)`, oneOf(CHANGES))
      .option('--count <number>', 'stop after this many changes', number),
  run,
};

const Options = z.object({
  resource: z.array(z.enum(RESOURCES)).default([]),
  user: z.array(z.string()).default([]),
  change: z.array(changeSchema.shape.change).default([]),
  count: z.number().optional(),
});
type Wanted = z.infer<typeof Options>;

const among = (values: readonly string[], value: string): boolean =>
  values.length === 0 || values.includes(value);

/** The filters are checked here too: those of Pub/Sub are limited to 256 bytes. A message about a watch has no change. */
const isWanted = (wanted: Wanted, { resource, user }: Change | WatchMessage, change = ''): boolean =>
  among(wanted.resource, resource ?? '') && among(wanted.user, user ?? '') && among(wanted.change, change);

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
  const what = `${styled(COLOURS[change.change], change.change)}  ${formatChange(change, timeZone)}`;
  return line(change, what, `${change.watchId}/${String(change.sequence)}`, timeZone);
}

async function run(open: Open, _: readonly string[], given: unknown): Promise<void> {
  const wanted = Options.parse(given);
  const { resource, user, change } = wanted;
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
    if (parsed.about !== 'item' || !isWanted(wanted, parsed.change, parsed.change.change)) return;
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
    filterOf({ resource, user, change }),
    { onMessage, onError: last.reject },
  );
  try {
    logProgress(`Listening to ${topic}. Press Ctrl-C to stop.`);
    await Promise.race([ended, last.promise]);
  } finally {
    await subscription.end();
  }
}
