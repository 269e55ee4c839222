/** The computed flood of new watches. */
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../infra/emulator/state/random.ts';
import { drain, type Flood } from '../../bench/flood.ts';

const FLOOD: Flood = {
  watches: 10_000,
  places: 80,
  syncSeconds: 1,
  backoff: { first: 1, longest: 600 },
  random: () => 0.5,
};

describe('a flood of new watches', () => {
  test('is accepted at once where there is a place for each', () => {
    const { attempts, seconds } = drain({ ...FLOOD, watches: 80 });
    expect(new Set(attempts)).toEqual(new Set([1]));
    expect(seconds).toBeCloseTo(1, 0);
  });

  test('that is one watch too large has one second attempt', () => {
    const { attempts } = drain({ ...FLOOD, watches: 81 });
    expect(attempts.toSorted((a, b) => a - b).slice(-2)).toEqual([1, 2]);
  });

  test.each([1, 2, 3])('of 10,000 on ten instances needs few of a hundred attempts, seed %i', (seed) => {
    const { attempts, seconds } = drain({ ...FLOOD, random: createRandom(seed) });
    // No faster than the instances can work.
    expect(seconds).toBeGreaterThan(10_000 / 80);
    expect(Math.max(...attempts)).toBeGreaterThan(5);
    expect(Math.max(...attempts)).toBeLessThan(20);
  });

  test('would need more than a hundred if each rejected push came again after a second', () => {
    const { attempts } = drain({ ...FLOOD, backoff: { first: 1, longest: 1 }, random: createRandom(1) });
    expect(Math.max(...attempts)).toBeGreaterThan(100);
  });
});
