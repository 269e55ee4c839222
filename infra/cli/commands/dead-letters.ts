import type { Command } from 'commander';
import * as z from 'zod';

import { isName, nameRule } from '../../../functions/feed/names.ts';
import { createReader, type Held, type Reader } from '../subscription.ts';
import { Failure, UsageError } from '../failure.ts';
import { originalOf, type Original } from '../dead-letters/original.ts';
import type { Orphaned } from '../dead-letters/orphaned.ts';
import type { Open, Session } from '../session.ts';
import { cut, printResult, printable, table, logProgress } from '../../terminal/output.ts';
import { fromNow, iso } from '../../terminal/times.ts';
import { confirm } from '../confirm.ts';
import { number, type CommandGroup } from '../declare.ts';

/** `calendar-mirror dead-letters`: lists, replays or deletes the notifications that sync could not process. */
export const deadLettersCommand: CommandGroup = {
  name: 'dead-letters',
  about: 'List, replay or delete the notifications that sync could not process.',
  commands: [
    {
      name: 'list',
      isDefault: true,
      about: 'List dead letters with the reason of each. All of them stay.',
      examples: ['dead-letters list', 'dead-letters list --json'],
      declare: readOptions,
      run: list,
    },
    {
      name: 'replay [messages...]',
      about:
        'Publish dead letters again, all or those named, once the cause is fixed. Those that cannot be replayed stay.',
      examples: ['dead-letters replay', 'dead-letters replay 12345 12346'],
      declare: readOptions,
      run: replay,
    },
    {
      name: 'purge [messages...]',
      about: 'Delete dead letters, all or those named. Asks first.',
      examples: ['dead-letters purge 12345', 'dead-letters purge --yes'],
      declare: (command) => readOptions(command).option('--yes', 'do not ask for confirmation'),
      run: purge,
    },
  ],
};

function readOptions(command: Command): Command {
  return command
    .option(
      '--subscription <name>',
      'subscription to read, by its short or full name (DEAD_LETTERS_SUBSCRIPTION)',
    )
    .option('--limit <number>', 'read at most this many', number, 1_000);
}

const Options = z.object({
  subscription: z.string().optional(),
  limit: z.number().default(1_000),
  yes: z.boolean().default(false),
});

interface DeadLetters {
  readonly session: Session;
  readonly held: readonly Held[];
  /** Acknowledges dead letters, which deletes them. The others stay. */
  readonly forget: (letters: readonly Held[]) => Promise<void>;
}

const NOT_FOUND = 5;

/** @throws {UsageError} if it is not a subscription's short or full name */
function checkSubscription(given: string | undefined): void {
  if (given === undefined || isName('subscriptions', given)) return;
  throw new UsageError(
    `${JSON.stringify(given)} is not a valid subscription name (${nameRule('subscriptions')})`,
    'see calendar-mirror dead-letters --help',
  );
}

/** Pulls the dead letters and holds them until Pub/Sub's deadline. @throws {Failure} if the subscription does not exist */
async function hold(
  reader: Reader,
  subscription: string,
  limit: number,
  { GOOGLE_CLOUD_PROJECT: project, DEAD_LETTERS_TOPIC: topic }: Session['config'],
): Promise<readonly Held[]> {
  try {
    return await reader.hold(limit);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === NOT_FOUND)) throw cause;
    throw new Failure(
      `the subscription ${subscription} does not exist`,
      `run gcloud pubsub subscriptions create ${subscription} --topic=${topic} --ack-deadline=60 --message-retention-duration=31d --expiration-period=never --project=${project}`,
      { cause },
    );
  }
}

/** Runs `work` with all dead letters, or those of `ids`. Those that it does not forget stay. */
async function withHeld(
  open: Open,
  ids: readonly string[],
  given: unknown,
  work: (letters: DeadLetters) => Promise<void>,
): Promise<void> {
  checkSubscription(Options.parse(given).subscription);
  const session = await open();
  const { config } = session;
  const { subscription = config.DEAD_LETTERS_SUBSCRIPTION, limit } = Options.parse(given);
  const reader = createReader(session.pubsub, subscription);
  const kept = new Set(await hold(reader, subscription, limit, config));
  const all = [...kept];
  const forget = async (letters: readonly Held[]): Promise<void> => {
    await reader.acknowledge(letters);
    for (const letter of letters) kept.delete(letter);
  };
  try {
    const missing = ids.filter((id) => !all.some((letter) => letter.id === id));
    if (missing.length > 0) {
      throw new Failure(
        `no dead letter has the id ${missing.join(', ')}`,
        'run calendar-mirror dead-letters list',
      );
    }
    if (all.length === 0) logProgress('There are no dead letters.');
    if (all.length === limit) logProgress(`There may be more than ${String(limit)}; see --limit.`);
    const held = ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id));
    if (held.length > 0) await work({ session, held, forget });
  } finally {
    await reader.release([...kept]);
  }
}

function letterJson(letter: Held, { attributes, reason, text }: Original, { watches }: Orphaned): object {
  const { watch = null } = attributes;
  return {
    id: letter.id,
    publishedAt: iso(letter.publishedAt),
    watch,
    watchIsGone: watch !== null && watches.has(watch),
    reason,
    attributes,
    data: text,
  };
}

const LONGEST_CELL = 120;

function letterTable(
  letters: readonly (readonly [Held, Original])[],
  { watches }: Orphaned,
  now: number,
): string {
  const rows = letters.map(([letter, { attributes, reason }]) => {
    const { watch = '', reason: notification = '' } = attributes;
    const named = watches.has(watch) ? `${watch} (no longer exists)` : watch;
    const cells = [letter.id, fromNow(letter.publishedAt, now), named, notification, reason];
    return cells.map((cell) => cut(printable(cell), LONGEST_CELL));
  });
  return table([['message', 'dead since', 'watch', 'notification', 'reason'], ...rows]);
}

/** `dead-letters list` */
async function list(open: Open, _: readonly string[], given: unknown): Promise<void> {
  const { formatOrphaned, orphanedOf } = await import('../dead-letters/orphaned.ts');
  await withHeld(open, [], given, async ({ session, held }) => {
    const orphaned = await orphanedOf(session, held);
    const letters = held.map((letter) => [letter, originalOf(letter)] as const);
    if (session.json)
      for (const [letter, original] of letters) session.printJson(letterJson(letter, original, orphaned));
    else printResult(letterTable(letters, orphaned, session.now()));
    const hint = formatOrphaned(orphaned);
    if (hint) logProgress(`${hint.problem}: run ${hint.fix}`);
  });
}

/** `dead-letters replay`: publishes the original notifications, and forgets each one that is published. */
async function replay(open: Open, ids: readonly string[], given: unknown): Promise<void> {
  await withHeld(open, ids, given, async ({ session, held, forget }) => {
    const left: string[] = [];
    for (const letter of held) {
      const { replay: message, problem, reason } = originalOf(letter);
      if (message === undefined) {
        left.push(letter.id);
        logProgress(`${letter.id} stays: ${problem ?? reason}`);
        continue;
      }
      await session.publishNotification(message);
      // At once: a failure of the next one must not replay this one twice.
      await forget([letter]);
      if (session.json) session.printJson({ id: letter.id, replayed: true });
      else printResult(letter.id);
    }
    logProgress(`${String(held.length - left.length)} of ${String(held.length)} replayed.`);
    if (left.length === 0) return;
    throw new Failure(
      `${String(left.length)} cannot be replayed`,
      `run calendar-mirror dead-letters purge ${left.slice(0, 5).join(' ')} to delete them`,
    );
  });
}

/** `dead-letters purge` */
async function purge(open: Open, ids: readonly string[], given: unknown): Promise<void> {
  // Before they are held: the answer may take longer than Pub/Sub's deadline.
  const which = ids.length === 0 ? 'all dead letters' : `the dead letters ${ids.join(', ')}`;
  await confirm(`Delete ${which}?`, Options.parse(given).yes);
  await withHeld(open, ids, given, async ({ session, held, forget }) => {
    await forget(held);
    for (const { id } of held) {
      if (session.json) session.printJson({ id, purged: true });
      else printResult(id);
    }
    logProgress(`${String(held.length)} deleted.`);
  });
}
