import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoff } from '../../../../functions/runtime/backoff.ts';

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
  'a %s failure is retried after %i ms at first and after %i ms at most, within a quarter',
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

test.each(LIMITS)('the wait after a further %s failure is never shorter', (kind) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), dice, (failures, random) => {
      expect(backoff(kind, failures + 1, random)).toBeGreaterThanOrEqual(backoff(kind, failures, random));
    }),
  );
});

test.each([
  ['temporary', 75 * MINUTE],
  ['resting', 7.5 * HOUR],
  ['watchCall', 7.5 * HOUR],
] as const)('a %s failure is retried within %i ms of its end, however long it lasted', (kind, bound) => {
  // Renew runs once a minute, and sync may have to wait.
  const lateness = 3 * MINUTE;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), dice, (failures, random) => {
      expect(backoff(kind, failures, random) + lateness).toBeLessThanOrEqual(bound);
    }),
  );
});

test('the wait doubles with each failure until it reaches the longest', () => {
  expect([1, 2, 3, 4].map((failures) => backoff('temporary', failures, 0.5))).toEqual(
    [0.5, 1, 2, 4].map((minutes) => minutes * MINUTE),
  );
});

test('watches that fail for the same cause are not retried together', () => {
  expect(backoff('temporary', 3, 0.9)).toBeGreaterThan(backoff('temporary', 3, 0.1));
});

test('zero failures count as one', () => {
  expect(backoff('resting', 0, 0.5)).toBe(backoff('resting', 1, 0.5));
});
