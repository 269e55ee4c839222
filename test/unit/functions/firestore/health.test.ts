/** Calls to Firestore that have no answer, and when a process gives up. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withDeadlines } from '../../../../functions/firestore/health.ts';
import { createLog } from '../../../../functions/runtime/log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const failing = (code: number): Promise<string> =>
  Promise.reject(Object.assign(new Error(`code ${String(code)}`), { code }));

function subject() {
  const lines: string[] = [];
  let ended = 0;
  const calls = { run: (work: () => Promise<string>): Promise<string> => work() };
  const bounded = withDeadlines(
    calls,
    createLog((line) => lines.push(line)),
    () => (ended += 1),
  );
  return {
    lines,
    ended: () => ended,
    /** Runs calls one after the other. Returns how each ended. */
    run: async (...works: readonly (() => Promise<string>)[]): Promise<readonly string[]> => {
      const outcomes: string[] = [];
      for (const work of works) {
        const outcome = bounded.run(work).catch((error: unknown) => String(error));
        await vi.advanceTimersByTimeAsync(60_000);
        outcomes.push(await outcome);
      }
      return outcomes;
    },
  };
}

const answered = () => Promise.resolve('a document');
const silent = () => new Promise<string>(() => undefined);

test('a call without an answer fails after a minute, and other results are passed on', async () => {
  const { run, ended } = subject();
  expect(await run(answered, silent, () => failing(5))).toEqual([
    'a document',
    'Error: no answer from Firestore in time',
    'Error: code 5',
  ]);
  expect(ended()).toBe(0);
});

test('the process ends once after three calls in a row without an answer, and says why', async () => {
  const { run, ended, lines } = subject();
  await run(silent, () => failing(14));
  expect(ended()).toBe(0);
  await run(() => failing(4));
  expect(ended()).toBe(1);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { severity: 'ERROR', message: 'no answer from Firestore, this instance ends', calls: 3 },
  ]);
  await run(silent, silent, silent);
  expect(ended()).toBe(1);
});

test.each([
  ['a result', answered],
  ['any other error', () => failing(10)],
])('%s in between starts the count anew', async (_, work) => {
  const { run, ended } = subject();
  await run(silent, silent, work, silent, silent);
  expect(ended()).toBe(0);
  await run(silent);
  expect(ended()).toBe(1);
});
