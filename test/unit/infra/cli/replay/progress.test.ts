import { expect, test } from 'vitest';
import { createProgress, formatAdvance, formatBar } from '../../../../../infra/cli/replay/progress.ts';

const advance = { watches: 18, done: 12, part: 0.5, items: 8_120, seconds: 3.5 };

test('progress is a bar with the watches that are done, the items, and items a second', () => {
  expect(formatBar(advance)).toBe(`${'█'.repeat(12)}${'░'.repeat(12)}  12 of 18 watches, 8120 items, 2320/s`);
  expect(formatBar({ ...advance, part: 1.01 })).toContain('█'.repeat(24));
  expect(formatBar({ ...advance, part: 0 })).toContain('░'.repeat(24));
  expect(formatAdvance({ ...advance, watches: 1, done: 0, items: 0, seconds: 0 })).toBe(
    '0 of 1 watch, 0 items, 0/s',
  );
});

/** Returns the progress of a replay of two watches, and what it writes; each event comes a second after the one before. */
function shown(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 };
  return { written, progress: createProgress({ watches: 2, now: () => (now += 1_000), stream }) };
}

test('a terminal has one line that is overwritten, with the part of each watch under way', () => {
  const { written, progress } = shown(true);
  progress.published('a', 50, 100);
  progress.finished('b');
  progress.log('c: passed over');
  progress.published('a', 60, 100);
  progress.clear();
  expect(written).toEqual([
    `\r\u001B[K${'█'.repeat(6)}${'░'.repeat(18)}  0 of 2 watches, 50 items, 50/s`,
    `\r\u001B[K${'█'.repeat(18)}${'░'.repeat(6)}  1 of 2 watches, 50 items, 25/s`,
    '\r\u001B[K',
    'c: passed over\n',
    `\r\u001B[K${'█'.repeat(24)}  1 of 2 watches, 110 items, 37/s`,
    '\r\u001B[K',
  ]);
});

test('elsewhere there is a line every two seconds', () => {
  const { written, progress } = shown(false);
  for (let turn = 0; turn < 5; turn += 1) progress.published('a', 10, 100);
  progress.clear();
  expect(written).toEqual(['0 of 2 watches, 20 items, 10/s\n', '0 of 2 watches, 40 items, 10/s\n']);
});
