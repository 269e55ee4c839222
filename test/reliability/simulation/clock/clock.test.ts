import { describe, expect, test } from 'vitest';

import { broken } from '../promises.ts';
import { RATES, type FaultKind, type Sabotage, type Scenario } from '../scenario.ts';
import { simulate, type Result } from '../simulate.ts';
import { createSubject } from '../subject.ts';
import { NO_FIGURES, sumOf } from './judge.ts';

/** Weeks of watches with a clock: events move close to their moments, while everything fails. */

const clocked = (count: number): readonly number[] =>
  Array.from({ length: 10 * count }, (_, number) => number)
    .filter((number) => createSubject(1, number).hasClock)
    .slice(0, count);

const scenario = (seed: number, rest: Partial<Scenario> = {}): Scenario => ({
  seed,
  days: 20,
  watches: clocked(12),
  ...rest,
});

const isKind = (name: string): name is FaultKind => name in RATES;

const figuresOf = ({ watches }: Result) => watches.reduce((sum, { clock }) => sumOf(sum, clock), NO_FIGURES);

test.each([1, 7])(
  'twenty days with every kind of fault publish each moment in time, and none of an event that has moved (seed %i)',
  async (seed) => {
    const result = await simulate(scenario(seed));
    expect(broken(result)).toEqual([]);
    const { published, lateAfterFaults, lateInTrouble } = figuresOf(result);
    expect(published).toBeGreaterThan(800);
    // Of all moments, few meet a fault in the minutes before.
    expect(lateAfterFaults + lateInTrouble).toBeLessThan(published / 50);
  },
);

test('without faults, outages and wrong clocks, no moment is late, early or wrong', async () => {
  const result = await simulate(
    scenario(1, { days: 10, without: new Set(Object.keys(RATES).filter(isKind)) }),
  );
  expect(broken(result)).toEqual([]);
  const { published, copies, learnedLate, ...others } = figuresOf(result);
  expect(published).toBeGreaterThan(300);
  // An edit close to a moment may have it published again, and may come too late for it.
  expect(copies + learnedLate).toBeLessThan(published / 50);
  expect(new Set(Object.values(others))).toEqual(new Set([0]));
});

describe('the simulation catches a clock', () => {
  // Each row ends with the first seed that exposes its fault.
  test.each<[string, Sabotage, RegExp, number]>([
    ['that does not notice changed events', 'forgetMoments', /is missing: due/, 1],
    ['that runs two minutes too late', 'lateClock', /is late: published/, 1],
    ['that runs five minutes ahead', 'earlyClock', /is early: published/, 1],
    ['that goes by an old agenda', 'staleAgenda', /is wrong: published/, 1],
    ['that gives copies ids of their own', 'newMomentIds', /the ce-id of a message is/, 1],
    ['that drops moments without a word', 'dropSilently', /is missing: due/, 9],
  ])('%s', async (_, sabotage, expected, firstSeed) => {
    const problemsOf = async (seed: number): Promise<string> =>
      broken(await simulate(scenario(seed, { sabotage, watches: clocked(6) })))
        .map(({ what }) => what)
        .join('\n');
    let found = '';
    for (let seed = firstSeed; seed < firstSeed + 10 && !expected.test(found); seed += 1)
      found = await problemsOf(seed);
    expect(found).toMatch(expected);
  });
});
