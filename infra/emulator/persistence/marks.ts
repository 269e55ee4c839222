import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { TokenMarks } from '../state/tokens.ts';

export interface SaveMarks extends TokenMarks {
  /** Notes a change of the state. */
  changed(): void;
  /** Notes that the state is about to be written as it is now. Returns what to write with it. */
  saving(): SavedMarks;
}

export const SavedMarks = z.object({
  run: z.string(),
  save: z.int(),
  /** Earlier runs on the file, each with the number of the last save that a later run read. */
  past: z.array(z.tuple([z.string(), z.int()])),
});
export type SavedMarks = z.infer<typeof SavedMarks>;

/** Runs that are remembered. Tokens of earlier ones are answered 410, as are tokens of lost changes. */
const MAX_RUNS = 1_000;

/**
 * Returns the marks of the sync tokens that a run issues. A mark says after which save a token was issued, and whether there had been
 * changes by then. If the process is killed, the changes after its last save are lost: a token that may have seen one must not be
 * read as if it referred to another change that gets the same number later.
 */
export function createMarks(saved: SavedMarks | undefined): SaveMarks {
  const run = randomBytes(6).toString('base64url');
  const past: SavedMarks['past'] = saved ? [...saved.past, [saved.run, saved.save]] : [];
  past.splice(0, past.length - MAX_RUNS);
  const lastSaves = new Map(past);
  let save = 0;
  let changed = true;
  return {
    changed() {
      changed = true;
    },
    saving() {
      save += 1;
      changed = false;
      return { run, save, past };
    },
    mark: () => `${run}.${save}${changed ? '+' : ''}`,
    isLost(mark) {
      const [, issuedIn = '', number = '', after = ''] = /^(.*)\.(\d+)(\+?)$/.exec(mark) ?? [];
      if (issuedIn === run) return false;
      const last = lastSaves.get(issuedIn);
      if (last === undefined) return true;
      return Number(number) > last || (Number(number) === last && after !== '');
    },
  };
}
