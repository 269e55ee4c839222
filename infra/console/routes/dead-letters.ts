/** The notifications that sync could not process: what `calendar-mirror dead-letters` lists, replays and purges. */
import * as z from 'zod';

import { withDeadLetters, type HeldLetters } from '../../cli/dead-letters/hold.ts';
import { originalOf } from '../../cli/dead-letters/original.ts';
import { formatOrphaned, orphanedOf } from '../../cli/dead-letters/orphaned.ts';
import { replayLetters } from '../../cli/dead-letters/replay.ts';
import type { ConsoleContext } from '../context.ts';
import {
  deadLetterCommand,
  type DeadLetterBody,
  type DeadLetterList,
  type ReplayedLetters,
} from '../model/dead-letter.ts';
import { RouteError, type Routes } from '../server/exchange.ts';
import { asCommand, requireWritable } from './writable.ts';

/** Dead letters that are read at most. */
const LIMIT = 500;

/** None: all. */
const Ids = z.object({ ids: z.array(z.string()) });

/**
 * Returns the routes: `GET /api/dead-letters`, `GET /api/dead-letters/<message>` (of the latest list), `POST …/replay` and
 * `POST …/purge` (`{ ids }`, none for all).
 */
export function deadLetterRoutes({ session, about }: ConsoleContext): Routes {
  let bodies: ReadonlyMap<string, DeadLetterBody> = new Map();
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: a letter that is held by one request is invisible to the next. */
  function inTurn<T>(ids: readonly string[], work: (letters: HeldLetters) => Promise<T>): Promise<T> {
    const run = last.then(() => asCommand(() => withDeadLetters(session, { ids, limit: LIMIT }, work)));
    // The caller gets the error; the next one only waits.
    last = run.catch(() => undefined);
    return run;
  }

  return {
    'GET /api/dead-letters': (): Promise<DeadLetterList> =>
      inTurn([], async ({ held, read }) => {
        const orphaned = await orphanedOf(session, held);
        const letters = held.map((letter) => ({ letter, original: originalOf(letter) }));
        bodies = new Map(
          letters.map(({ letter, original: { attributes, text } }) => [letter.id, { attributes, text }]),
        );
        return {
          subscription: session.config.DEAD_LETTERS_SUBSCRIPTION,
          letters: letters
            .map(({ letter, original: { attributes, reason, problem } }) => ({
              id: letter.id,
              deadSince: letter.publishedAt,
              watch: attributes['watch'] ?? null,
              watchIsGone: orphaned.watches.has(attributes['watch'] ?? ''),
              notification: attributes['reason'] ?? null,
              reason,
              problem: problem ?? null,
            }))
            .toSorted((a, b) => a.deadSince - b.deadSince),
          more: read === LIMIT,
          orphaned: formatOrphaned(orphaned) ?? null,
        };
      }),

    'GET /api/dead-letters/*': (_request, [id = '']): DeadLetterBody => {
      const body = bodies.get(id);
      if (body === undefined)
        throw new RouteError(404, 'this dead letter is not in the latest list: refresh it');
      return body;
    },

    'POST /api/dead-letters/replay': ({ body }) => {
      requireWritable(about);
      const { ids } = Ids.parse(body);
      return inTurn(ids, async (letters): Promise<ReplayedLetters> => {
        const [replayed, left]: [string[], { id: string; problem: string }[]] = [[], []];
        for await (const result of replayLetters(session, letters)) {
          if (result.replayed) replayed.push(result.id);
          else left.push({ id: result.id, problem: result.problem });
        }
        return { replayed, left, command: deadLetterCommand('replay', ids) };
      });
    },

    'POST /api/dead-letters/purge': ({ body }) => {
      requireWritable(about);
      const { ids } = Ids.parse(body);
      return inTurn(ids, async ({ held, forget }) => {
        await forget(held);
        return { purged: held.map(({ id }) => id), command: deadLetterCommand('purge', ids) };
      });
    },
  };
}
