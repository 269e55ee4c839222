import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { broken } from './promises.ts';
import type { Sabotage, Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

/** Short runs of what `npm run simulate` does at length. */

const scenario = (seed: number, rest: Partial<Scenario> = {}): Scenario => ({
  seed,
  days: 7,
  watches: Array.from({ length: 10 }, (_, number) => number),
  ...rest,
});

test.each([1, 2, 3])('a week with every kind of fault breaks no promise (seed %i)', async (seed) => {
  const result = await simulate(scenario(seed));
  expect(broken(result)).toEqual([]);
  expect(result.struck.length).toBeGreaterThan(100);
  expect(result.watches.every(({ changes }) => changes > 0)).toBe(true);
});

test('equal seeds have equal histories', async () => {
  const histories = await Promise.all(
    [1, 2].map(async () => {
      const events: string[] = [];
      await simulate(scenario(4, { days: 3 }), {
        onEvent: (at, watch, text) => events.push(`${String(at)} ${String(watch)} ${text}`),
      });
      return events;
    }),
  );
  expect(histories[0]).toEqual(histories[1]);
});

/** Runs seeds until one breaks a promise in the expected way; returns how. */
async function caught(sabotage: Sabotage, expected: RegExp): Promise<string | undefined> {
  for (let seed = 1; seed <= 30; seed += 1) {
    const found = broken(await simulate(scenario(seed, { sabotage }))).find(({ what }) =>
      expected.test(what),
    );
    if (found !== undefined) return found.what;
  }
  return undefined;
}

describe('the simulation catches a program', () => {
  test.each<[string, Sabotage, RegExp]>([
    [
      'commits over writes of others',
      'ignoreVersion',
      /two different changes|announces .* again|was said .*, but it was/,
    ],
    ['loses changes on the way to the feed', 'dropChange', /never announced|announces .* again/],
    ['never stops a channel', 'forgetToStop', /channels that no watch has/],
    ['changes states without a message', 'forgetStates', /was said .*, but it was/],
    ['relies on incremental lists alone', 'neverReconcile', /differs from the calendar/],
    ['relies on notifications alone', 'skipPolls', /differs from the calendar|never mirrored|behind/],
  ])('that %s', async (_, sabotage, what) => {
    expect(await caught(sabotage, what)).toMatch(what);
  });

  test('that waits too long after failures', async () => {
    const watches = Array.from({ length: 40 }, (_, number) => number);
    const result = await simulate(scenario(3, { days: 30, watches, sabotage: 'waitLonger' }));
    const found = broken(result).map(({ what }) => what);
    expect(found.join('\n')).toMatch(
      /(?:was not synced|had no channel) after access had returned for \d+\.\d h/,
    );
  });

  test('that numbers from 1 again when a document is overwritten or its collection passes on', async () => {
    const watches = Array.from({ length: 20 }, (_, number) => number);
    const result = await simulate(scenario(1, { days: 30, watches, sabotage: 'forgetEpochs' }));
    const found = broken(result).map(({ what }) => what);
    expect(found.join('\n')).toMatch(/announced two different changes/);
    expect(found.join('\n')).toMatch(/came after \d+, for the same item/);
  });

  test('and shrinks its history to one watch and fewer days', async () => {
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
  test('prints the same figures with any number of threads', async () => {
    const [one, two] = await Promise.all([figures('1'), figures('2')]);
    expect(one).toMatch(/changes lost +0\n/);
    expect(two).toBe(one);
  });

  test.each([
    ['--days', '0'],
    ['--watches', 'many'],
    ['--sabotage', 'everything'],
    ['--unknown', '1'],
  ])('exits with 2 for invalid options: %s %s', async (...args) => {
    await expect(run(process.execPath, [main, ...args])).rejects.toMatchObject({ code: 2 });
  });
});
