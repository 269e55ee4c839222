import type { Command } from 'commander';
import * as z from 'zod';

import { isName, nameRule } from '../../../functions/feed/names.ts';
import type { Held } from '../subscription.ts';
import { Failure, UsageError } from '../failure.ts';
import { withDeadLetters, type HeldLetters } from '../dead-letters/hold.ts';
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

/** Maximum number of ids in the hint that names what cannot be replayed. */
const MOST_NAMED = 5;

/** @throws {UsageError} if it is not a subscription's short or full name */
function checkSubscription(given: string | undefined): void {
  if (given === undefined || isName('subscriptions', given)) return;
  throw new UsageError(
    `${JSON.stringify(given)} is not a valid subscription name (${nameRule('subscriptions')})`,
    'see calendar-mirror dead-letters --help',
  );
}

/** Runs `work` with all dead letters, or those of `ids`, unless there are none. Those that it does not forget stay. */
async function withHeld(
  open: Open,
  ids: readonly string[],
  given: unknown,
  work: (session: Session, letters: HeldLetters) => Promise<void>,
): Promise<void> {
  const { subscription, limit } = Options.parse(given);
  checkSubscription(subscription);
  const session = await open();
  await withDeadLetters(session, { ids, subscription, limit }, async (letters) => {
    if (letters.read === 0) logProgress('There are no dead letters.');
    if (letters.read === limit) logProgress(`There may be more than ${String(limit)}; see --limit.`);
    if (letters.held.length > 0) await work(session, letters);
  });
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
  await withHeld(open, [], given, async (session, { held }) => {
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
  const { replayLetters } = await import('../dead-letters/replay.ts');
  await withHeld(open, ids, given, async (session, letters) => {
    const left: string[] = [];
    for await (const result of replayLetters(session, letters)) {
      if (!result.replayed) {
        left.push(result.id);
        logProgress(`${result.id} stays: ${result.problem}`);
      } else if (session.json) session.printJson(result);
      else printResult(result.id);
    }
    const all = letters.held.length;
    logProgress(`${String(all - left.length)} of ${String(all)} replayed.`);
    if (left.length === 0) return;
    throw new Failure(
      `${String(left.length)} cannot be replayed`,
      `run calendar-mirror dead-letters purge ${left.slice(0, MOST_NAMED).join(' ')} to delete them`,
    );
  });
}

/** `dead-letters purge` */
async function purge(open: Open, ids: readonly string[], given: unknown): Promise<void> {
  // Before they are held: the answer may take longer than Pub/Sub's deadline.
  const which = ids.length === 0 ? 'all dead letters' : `the dead letters ${ids.join(', ')}`;
  await confirm(`Delete ${which}?`, Options.parse(given).yes);
  await withHeld(open, ids, given, async (session, { held, forget }) => {
    await forget(held);
    for (const { id } of held) {
      if (session.json) session.printJson({ id, purged: true });
      else printResult(id);
    }
    logProgress(`${String(held.length)} deleted.`);
  });
}
