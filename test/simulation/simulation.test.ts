import { expect, test } from 'vitest';

import { broken } from './promises.ts';
import type { Sabotage } from './scenario.ts';
import { shardsOf, simulateAll } from './shards.ts';

/** A short run of what `npm run simulate` does for months: everything goes wrong, and every promise is kept. */

const run = (seed: number, days: number, watches: number, sabotage?: Sabotage) => {
  const numbers = Array.from({ length: watches }, (_, number) => number);
  return simulateAll(shardsOf({ seed, days, watches: numbers, sabotage }), 1, () => {});
};

test.each([1, 2, 3])('five days of faults with seed %i break no promise', async (seed) => {
  expect(broken(await run(seed, 5, 8))).toEqual([]);
});

test.each<[Sabotage, number, number]>([
  ['dropChange', 10, 40],
  ['forgetToStop', 5, 8],
  ['skipPolls', 5, 8],
])('a program that does this is caught: %s', async (sabotage, days, watches) => {
  expect(broken(await run(1, days, watches, sabotage))).not.toEqual([]);
});
