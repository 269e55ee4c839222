import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { broken } from './promises.ts';
import type { Sabotage, Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

/** A short run of what `npm run simulate` does at length. */

const scenario = (seed: number, rest: Partial<Scenario> = {}): Scenario => ({
  seed,
  days: 7,
  watches: Array.from({ length: 10 }, (_, number) => number),
  ...rest,
});

test.each([1, 2, 3])(
  'a week in which everything fails now and then breaks no promise (seed %i)',
  async (seed) => {
    const result = await simulate(scenario(seed));
    expect(broken(result)).toEqual([]);
    expect(result.struck.length).toBeGreaterThan(100);
    expect(result.watches.every(({ changes }) => changes > 0)).toBe(true);
  },
);

test('equal seeds have equal histories', async () => {
  const histories = await Promise.all(
    [1, 2].map(async () => {
      const events: string[] = [];
      await simulate(scenario(4, { days: 3 }), {
        told: (at, watch, text) => events.push(`${String(at)} ${String(watch)} ${text}`),
      });
      return events;
    }),
  );
  expect(histories[0]).toEqual(histories[1]);
});

/** The first of some seeds with which the sabotage shows. */
async function caught(sabotage: Sabotage): Promise<string | undefined> {
  for (let seed = 1; seed <= 10; seed += 1) {
    const [first] = broken(await simulate(scenario(seed, { sabotage })));
    if (first !== undefined) return first.what;
  }
  return undefined;
}

describe('a program that is broken is caught', () => {
  test.each<[string, Sabotage, RegExp]>([
    ['commits whatever has been written meanwhile', 'ignoreVersion', /two different changes|announces again/],
    ['loses changes on the way to the feed', 'dropChange', /never announced|announces again/],
    ['never stops a channel', 'forgetToStop', /channels that nobody knows/],
    ['relies on notifications alone', 'skipPolls', /differs from the calendar|never mirrored|behind/],
  ])('one that %s', async (_, sabotage, what) => {
    expect(await caught(sabotage)).toMatch(what);
  });

  test('and its history is shrunk to the watch, and the days, that it takes', async () => {
    const first = scenario(1, { sabotage: 'dropChange' });
    const watch = broken(await simulate(first)).find((each) => each.watch !== undefined)?.watch;
    const shrunk = await shrink(first, watch, () => {});
    expect(shrunk.scenario.watches).toEqual([watch]);
    expect(shrunk.scenario.days).toBeLessThan(first.days);
    expect(shrunk.violations).not.toEqual([]);
    expect(shrunk.events.some((event) => event.includes('VIOLATION') || event.includes('feed:'))).toBe(true);
  });
});

const run = promisify(execFile);
const main = fileURLToPath(new URL('main.ts', import.meta.url));

async function figures(workers: string): Promise<string> {
  const args = [main, '--days', '1', '--watches', '3', '--workers', workers];
  const { stdout } = await run(process.execPath, args);
  return stdout.split('\n').slice(1).join('\n');
}

describe('the command', () => {
  test('prints figures, the same with any number of threads', async () => {
    const [one, two] = await Promise.all([figures('1'), figures('2')]);
    expect(one).toMatch(/changes lost +0\n/);
    expect(two).toBe(one);
  });

  test.each([
    ['--days', '0'],
    ['--watches', 'many'],
    ['--sabotage', 'everything'],
    ['--unknown', '1'],
  ])('ends with 2 when used wrongly: %s %s', async (...args) => {
    await expect(run(process.execPath, [main, ...args])).rejects.toMatchObject({ code: 2 });
  });
});
