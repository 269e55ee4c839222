/** The estimate of the time that instances are billed for, against requests that are played one by one. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../infra/emulator/state/random.ts';
import { billedSeconds, billedTogether, probabilityOfMore } from '../../bench/prices.ts';

/** Returns the seconds for which instances run, for each of the requests that begin at these moments. */
function played(starts: readonly number[], seconds: number, concurrency: number): number {
  const changes = starts
    .flatMap((start) => [[start, 1] as const, [start + seconds, -1] as const])
    .toSorted(([a], [b]) => a - b);
  let [running, busy, before] = [0, 0, 0];
  for (const [at, change] of changes) {
    busy += Math.ceil(running / concurrency) * (at - before);
    running += change;
    before = at;
  }
  return busy / starts.length;
}

/** Returns moments that are as independent as those of strangers' edits. */
function independent(count: number, perSecond: number, seed: number): readonly number[] {
  const random = createRandom(seed);
  let now = 0;
  return Array.from({ length: count }, () => {
    now += -Math.log(1 - random()) / perSecond;
    return now;
  });
}

describe('billed time', () => {
  test('of a request that runs alone is rounded up to 100 ms', () => {
    expect(billedSeconds(1e-9, 0.32, 8)).toBeCloseTo(0.4, 5);
    expect(billedSeconds(1e-9, 0.03, 80)).toBeCloseTo(0.1, 5);
    expect(billedTogether(1e-9, 0.26, 8)).toBeCloseTo(0.3, 5);
  });

  test.each([
    [0.3, 8],
    [2, 8],
    [5, 80],
    [12, 80],
  ])('is that of requests played one by one: %d at once on average, up to %i', (mean, concurrency) => {
    const seconds = 0.3;
    const perSecond = mean / seconds;
    const starts = independent(60_000, perSecond, 7);
    const estimate = billedSeconds(perSecond, seconds, concurrency);
    expect(estimate / played(starts, seconds, concurrency)).toBeCloseTo(1, 1);
  });

  test('never exceeds that of requests one by one, and never falls below full instances', () => {
    const positive = fc.double({ min: 0.001, max: 40, noNaN: true });
    fc.assert(
      fc.property(positive, fc.double({ min: 0.01, max: 2, noNaN: true }), (mean, seconds) => {
        const billed = billedSeconds(mean / seconds, seconds, 8);
        expect(billed).toBeLessThanOrEqual(Math.ceil(seconds * 10 + 1e-6) / 10 + 1e-6);
        expect(billed).toBeGreaterThanOrEqual(seconds / 8 - 1e-9);
      }),
    );
  });

  test('of requests that arrive together is that of their rounds', () => {
    // 16 on average: two or three rounds of eight.
    const rounds = (billedTogether(16, 0.3, 8) * 16) / 0.3;
    expect(rounds).toBeGreaterThan(2);
    expect(rounds).toBeLessThan(3);
    expect(billedTogether(16, 0.3, 1)).toBeCloseTo(0.3, 5);
  });

  test('knows how likely more requests run at once', () => {
    expect(probabilityOfMore(1, 0)).toBeCloseTo(1 - 1 / Math.E, 9);
    expect(probabilityOfMore(1, 1)).toBeCloseTo(1 - 2 / Math.E, 9);
    expect(probabilityOfMore(0, 0)).toBe(0);
  });
});
