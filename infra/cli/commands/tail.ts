import * as z from 'zod';

import { RESOURCES } from '../../../functions/calendar/resources.ts';
import { CHANGES, changeSchema, type Change } from '../../../functions/feed/change.ts';
import { filterOf, subscribeForNow, type Received } from '../subscription.ts';
import { formatChange } from '../format/change.ts';
import type { Open } from '../session.ts';
import { waitForEnd } from '../../terminal/signals.ts';
import { printResult, printable, styled, logProgress } from '../../terminal/output.ts';
import { localTimeZone } from '../../terminal/local-zone.ts';
import { clockText } from '../../terminal/times.ts';
import { repeated, number, oneOf, type CommandSpec } from '../declare.ts';

/** `calendar-mirror tail`: prints changes as they are published, through a temporary subscription. */
export const tailCommand: CommandSpec = {
  name: 'tail',
  alias: 'listen',
  about: 'Print changes as they are published, until Ctrl-C.',
  notes: 'The subscription that this creates is deleted at the end. After a crash it expires within a day.',
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

/** The filters are checked here too: those of Pub/Sub are limited to 256 bytes. */
const isWanted = (wanted: Wanted, change: Change): boolean =>
  among(wanted.resource, change.resource) &&
  among(wanted.user, change.user) &&
  among(wanted.change, change.change);

const COLOURS = { created: 'green', updated: 'yellow', deleted: 'red', snapshot: 'dim' } as const;

function line(change: Change, timeZone: string): string {
  const { occurredAt, user, resource, calendarId, change: kind, watchId, sequence } = change;
  const where = calendarId === null || calendarId === user ? resource : `${resource} of ${calendarId}`;
  const time = styled('dim', clockText(Date.parse(occurredAt), timeZone));
  const id = styled('dim', `${printable(watchId)}/${String(sequence)}`);
  return `${time}  ${printable(user)}  ${printable(where)}  ${styled(COLOURS[kind], kind)}  ${formatChange(change, timeZone)}  ${id}`;
}

function read({ id, data }: Received): Change | undefined {
  try {
    return changeSchema.parse(JSON.parse(data.toString()));
  } catch {
    logProgress(`The message ${id} does not match the Change schema of this version; skipped.`);
    return undefined;
  }
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
    const received = read(message);
    if (received === undefined || !isWanted(wanted, received) || printed === wanted.count) return;
    if (session.json) session.printJson(received);
    else printResult(line(received, timeZone));
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
