import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

import * as z from 'zod';

/**
 * A file for each replay of several watches, with which `--resume` continues it: one line of JSON about the replay, and one for each watch
 * that is done. It is removed when the replay is complete.
 */

const headSchema = z.object({
  project: z.string(),
  database: z.string(),
  topic: z.string(),
  watches: z.array(z.string()).readonly(),
});

type Head = z.infer<typeof headSchema>;

const doneSchema = z.object({ done: z.string() });

/** A replay that was begun, and the watches that are left. */
export type Begun = Omit<Head, 'watches'> & { readonly left: readonly string[]; readonly of: number };

/** Returns the folder of the files. https://specifications.freedesktop.org/basedir-spec/latest/ */
export function recordFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_STATE_HOME: given = '' } = env;
  const state = isAbsolute(given) ? given : join(homedir(), '.local', 'state');
  return join(state, 'calendar-mirror', 'replays');
}

function linesOf(text: string): unknown[] {
  return text.split('\n').flatMap((line): unknown[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      // Empty, or cut short by a crash: the watch of that line is replayed again.
      return [];
    }
  });
}

export function createRecords(folder: string) {
  const fileOf = (replay: string): string => join(folder, `${replay}.jsonl`);
  return {
    /** Records a replay before its first message. @throws {Error} if the file cannot be written */
    begin: async (replay: string, head: Head): Promise<void> => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Readable by the owner only, because ids of watches contain names of users.
      await writeFile(fileOf(replay), `${JSON.stringify(head)}\n`, { mode: 0o600 });
    },
    /** Records that a watch is done. */
    done: (replay: string, watch: string): Promise<void> =>
      appendFile(fileOf(replay), `${JSON.stringify({ done: watch })}\n`),
    /** Returns a replay that was begun and is not complete, undefined if there is none. */
    find: async (replay: string): Promise<Begun | undefined> => {
      const text = await readFile(fileOf(replay), 'utf8').catch(() => '');
      const [first, ...rest] = linesOf(text);
      const head = headSchema.safeParse(first);
      if (!head.success) return undefined;
      const done = new Set(rest.map((line) => doneSchema.safeParse(line).data?.done));
      const { watches, ...others } = head.data;
      return { ...others, left: watches.filter((id) => !done.has(id)), of: watches.length };
    },
    /** Forgets a replay that is complete, or is continued as another. */
    remove: (replay: string): Promise<void> => rm(fileOf(replay), { force: true }),
  };
}

export type Records = ReturnType<typeof createRecords>;
