import * as z from 'zod';

import { RESOURCES } from '../calendar/resources.ts';
import { changeSchema, type Change } from '../feed/change.ts';
import { filterOf, subscribeForNow, type Received } from '../feed/subscription.ts';
import { changeWords } from './change-words.ts';
import type { Open } from './session.ts';
import { askedToEnd } from './signals.ts';
import { print, printable, styled, tell } from './terminal.ts';

/** `calendar-mirror tail`: the change feed as it comes, on a subscription of its own that ends with it. */

const Options = z.object({
  resource: z.array(z.enum(RESOURCES)).default([]),
  user: z.array(z.string()).default([]),
  change: z.array(changeSchema.shape.change).default([]),
  count: z.number().optional(),
});
type Wanted = z.infer<typeof Options>;

const among = (values: readonly string[], value: string): boolean =>
  values.length === 0 || values.includes(value);

/** Filters are also checked here: Pub/Sub's have room for a few values only. */
const isWanted = (wanted: Wanted, change: Change): boolean =>
  among(wanted.resource, change.resource) &&
  among(wanted.user, change.user) &&
  among(wanted.change, change.change);

const COLOURS = { created: 'green', updated: 'yellow', deleted: 'red', snapshot: 'dim' } as const;

function line(change: Change): string {
  const { occurredAt, user, resource, calendarId, change: kind } = change;
  const where = calendarId === null || calendarId === user ? resource : `${resource} of ${calendarId}`;
  const time = styled('dim', new Date(occurredAt).toISOString().slice(11, 19));
  return `${time}  ${printable(user)}  ${printable(where)}  ${styled(COLOURS[kind], kind)}  ${changeWords(change)}`;
}

function read({ id, data }: Received): Change | undefined {
  try {
    return changeSchema.parse(JSON.parse(data.toString()));
  } catch {
    tell(`The message ${id} is no change of this version's; left out.`);
    return undefined;
  }
}

/** Settles when nobody reads the output any more. */
const unread = (): Promise<void> => new Promise((resolve) => process.stdout.once('error', () => resolve()));

export async function run(open: Open, _: readonly string[], given: unknown): Promise<void> {
  const wanted = Options.parse(given);
  const { resource, user, change } = wanted;
  const session = await open();
  const ended = Promise.race([askedToEnd(), unread()]);
  const last = Promise.withResolvers<void>();
  let shown = 0;
  const onMessage = (message: Received): void => {
    const told = read(message);
    if (told === undefined || !isWanted(wanted, told) || shown === wanted.count) return;
    if (session.json) session.printJson(told);
    else print(line(told));
    shown += 1;
    if (shown === wanted.count) last.resolve();
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
    tell(`Following ${topic}. Ctrl-C ends it.`);
    await Promise.race([ended, last.promise]);
  } finally {
    await subscription.end();
  }
}
