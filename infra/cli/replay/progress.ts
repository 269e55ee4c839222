import { watchCount } from '../format/watch.ts';

/** The progress of a replay on stderr: a bar on a terminal, else a line from time to time. */

/** What is shown. */
export interface Advance {
  /** How many watches the replay has. */
  readonly watches: number;
  /** How many of them are done. */
  readonly done: number;
  /** The part that is done, 0 to 1. */
  readonly part: number;
  readonly items: number;
  /** Since the replay began. */
  readonly seconds: number;
}

const WIDTH = 24;

const rate = ({ items, seconds }: Advance): string => String(Math.round(items / Math.max(seconds, 0.001)));

/** Formats progress as text. */
export const formatAdvance = (advance: Advance): string =>
  `${String(advance.done)} of ${watchCount(advance.watches)}, ${String(advance.items)} items, ${rate(advance)}/s`;

/** Formats progress as a bar and text. */
export function formatBar(advance: Advance): string {
  const filled = Math.floor(Math.min(1, Math.max(0, advance.part)) * WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}  ${formatAdvance(advance)}`;
}

const INTERVAL_MS = { terminal: 100, lines: 2_000 };

interface ProgressOptions {
  readonly watches: number;
  readonly now: () => number;
  readonly stream?: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };
}

/** Starts to show the progress of a replay. */
export function createProgress({ watches, now, stream = process.stderr }: ProgressOptions) {
  const isTerminal = stream.isTTY === true;
  const startedAt = now();
  let shownAt = startedAt;
  let done = 0;
  let items = 0;
  /** The parts of the watches under way, by id. */
  const parts = new Map<string, number>();
  const clear = (): void => {
    if (isTerminal) stream.write('\r\u001B[K');
  };
  const show = (): void => {
    const at = now();
    if (at - shownAt < (isTerminal ? INTERVAL_MS.terminal : INTERVAL_MS.lines)) return;
    shownAt = at;
    const under = [...parts.values()].reduce((sum, part) => sum + part, 0);
    const seconds = (at - startedAt) / 1000;
    const advance = { watches, done, part: (done + under) / Math.max(1, watches), items, seconds };
    stream.write(isTerminal ? `\r\u001B[K${formatBar(advance)}` : `${formatAdvance(advance)}\n`);
  };
  return {
    /** Counts items of a watch that were published, of about as many as it has. */
    published: (id: string, count: number, of: number): void => {
      items += count;
      parts.set(id, Math.min(1, (parts.get(id) ?? 0) + count / Math.max(1, of)));
      show();
    },
    /** Counts a watch that needs no more work. */
    finished: (id: string): void => {
      parts.delete(id);
      done += 1;
      show();
    },
    /** Prints a line above the bar. */
    log: (line: string): void => {
      clear();
      stream.write(`${line}\n`);
    },
    /** Removes the bar, until there is progress again. */
    clear,
    seconds: (): number => (now() - startedAt) / 1000,
  };
}
