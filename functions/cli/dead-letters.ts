import * as z from 'zod';

import { createReader, type Held, type Reader } from '../feed/subscription.ts';
import { Failure } from './failure.ts';
import { originalOf, type Original } from './original.ts';
import type { Open, Run, Session } from './session.ts';
import { print, printable, table, tell } from './terminal.ts';
import { fromNow, iso } from './times.ts';
import { confirm } from './confirm.ts';

/** `calendar-mirror dead-letters`: what sync could not process, to be seen, processed after all, or forgotten. */

const Options = z.object({
  subscription: z.string().optional(),
  limit: z.number().default(1_000),
  yes: z.boolean().default(false),
});

interface DeadLetters {
  readonly session: Session;
  readonly held: readonly Held[];
  /** Acknowledges letters: Pub/Sub forgets them. All others stay. */
  readonly forget: (letters: readonly Held[]) => Promise<void>;
}

const NOT_FOUND = 5;

/** All dead letters, each held for a while. @throws {Failure} without a subscription to read them from. */
async function hold(reader: Reader, subscription: string, limit: number): Promise<readonly Held[]> {
  try {
    return await reader.hold(limit);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === NOT_FOUND)) throw cause;
    throw new Failure(
      `there is no subscription ${subscription}`,
      `run gcloud pubsub subscriptions create ${subscription} --topic=calendar-dead-letters --ack-deadline=60 --expiration-period=never`,
      { cause },
    );
  }
}

/** Runs `work` with the dead letters, those of `ids` where some are named; what it does not forget stays. */
async function withHeld(
  open: Open,
  ids: readonly string[],
  given: unknown,
  work: (letters: DeadLetters) => Promise<void>,
): Promise<void> {
  const session = await open();
  const { subscription = session.config.DEAD_LETTERS_SUBSCRIPTION, limit } = Options.parse(given);
  const reader = createReader(session.pubsub, subscription);
  const kept = new Set(await hold(reader, subscription, limit));
  const all = [...kept];
  const forget = async (letters: readonly Held[]): Promise<void> => {
    await reader.acknowledge(letters);
    for (const letter of letters) kept.delete(letter);
  };
  try {
    const missing = ids.filter((id) => !all.some((letter) => letter.id === id));
    if (missing.length > 0) {
      throw new Failure(
        `there is no dead letter ${missing.join(', ')}`,
        'run calendar-mirror dead-letters list',
      );
    }
    if (all.length === 0) tell('There are no dead letters.');
    if (all.length === limit) tell(`There may be more than ${String(limit)}: see --limit.`);
    const held = ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id));
    if (held.length > 0) await work({ session, held, forget });
  } finally {
    await reader.release([...kept]);
  }
}

function letterJson(letter: Held, { attributes, reason, text }: Original): object {
  return {
    id: letter.id,
    publishedAt: iso(letter.publishedAt),
    watch: attributes['watch'] ?? null,
    reason,
    attributes,
    data: text,
  };
}

const LONGEST_CELL = 120;

function letterTable(letters: readonly (readonly [Held, Original])[], now: number): string {
  const rows = letters.map(([letter, { attributes, reason }]) => {
    const { watch = '', reason: notification = '' } = attributes;
    const cells = [letter.id, fromNow(letter.publishedAt, now), watch, notification, reason];
    return cells.map((cell) => printable(cell).slice(0, LONGEST_CELL));
  });
  return table([['message', 'dead since', 'watch', 'notification', 'why'], ...rows]);
}

/** `list`: all of them; each stays where it is. */
export const list: Run = (open, _, given) =>
  withHeld(open, [], given, ({ session, held }) => {
    const letters = held.map((letter) => [letter, originalOf(letter)] as const);
    if (session.json)
      for (const [letter, original] of letters) session.printJson(letterJson(letter, original));
    else print(letterTable(letters, session.now()));
    return Promise.resolve();
  });

/** `replay`: publishes what they were made of once more, and forgets each that is published. */
export const replay: Run = (open, ids, given) =>
  withHeld(open, ids, given, async ({ session, held, forget }) => {
    const refused: string[] = [];
    for (const letter of held) {
      const { replay: message, problem, reason } = originalOf(letter);
      if (message === undefined) {
        refused.push(letter.id);
        tell(`${letter.id} stays: ${problem ?? reason}`);
        continue;
      }
      await session.publishNotification(message);
      // At once, so that whatever happens to the next, this one is not replayed twice.
      await forget([letter]);
      if (session.json) session.printJson({ id: letter.id, replayed: true });
      else print(letter.id);
    }
    tell(`${String(held.length - refused.length)} of ${String(held.length)} replayed.`);
    if (refused.length === 0) return;
    throw new Failure(
      `${String(refused.length)} cannot be replayed`,
      `run calendar-mirror dead-letters purge ${refused.slice(0, 5).join(' ')} to forget them`,
    );
  });

/** `purge`: forgets them for good. */
export const purge: Run = async (open, ids, given) => {
  // Asked before they are held: nobody has to answer within Pub/Sub's deadline.
  const which = ids.length === 0 ? 'all dead letters' : `the dead letters ${ids.join(', ')}`;
  await confirm(`Forget ${which} for good?`, Options.parse(given).yes);
  await withHeld(open, ids, given, async ({ session, held, forget }) => {
    await forget(held);
    for (const { id } of held) {
      if (session.json) session.printJson({ id, purged: true });
      else print(id);
    }
    tell(`${String(held.length)} purged.`);
  });
};
