import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoff } from '../../functions/backoff.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const LIMITS = [
  ['temporary', MINUTE / 2, HOUR],
  ['resting', 5 * MINUTE, 6 * HOUR],
  ['watchCall', MINUTE, 6 * HOUR],
  ['unpushable', 24 * HOUR, 24 * HOUR],
] as const;

const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test.each(LIMITS)(
  '%s trouble is left alone for %i ms at first and %i ms at most, give or take a quarter',
  (kind, first, longest) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), dice, (failures, random) => {
        const wait = backoff(kind, failures, random);
        expect(wait).toBeGreaterThanOrEqual(0.75 * first);
        expect(wait).toBeLessThanOrEqual(1.25 * longest);
        expect(backoff(kind, 1, random)).toBeLessThanOrEqual(1.25 * first);
        expect(Number.isInteger(wait)).toBe(true);
      }),
    );
  },
);

test.each(LIMITS)('%s trouble that lasts is never looked at more often', (kind) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), dice, (failures, random) => {
      expect(backoff(kind, failures + 1, random)).toBeGreaterThanOrEqual(backoff(kind, failures, random));
    }),
  );
});

test('twice the failures before the bound means twice the wait', () => {
  expect([1, 2, 3, 4].map((failures) => backoff('temporary', failures, 0.5))).toEqual(
    [0.5, 1, 2, 4].map((minutes) => minutes * MINUTE),
  );
});

test('watches with one cause of trouble do not come back together', () => {
  expect(backoff('temporary', 3, 0.9)).toBeGreaterThan(backoff('temporary', 3, 0.1));
});

test('no failure at all counts as one', () => {
  expect(backoff('resting', 0, 0.5)).toBe(backoff('resting', 1, 0.5));
});
