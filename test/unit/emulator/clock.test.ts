import { expect, test } from 'vitest';
import { createClock } from '../../../infra/emulator/state/clock.ts';

test('the clock follows the system’s and can be advanced', () => {
  let system = 1000;
  const clock = createClock(() => system);
  clock.advance(500);
  system = 1001;
  expect(clock.now()).toBe(1501);
  clock.reset();
  expect(clock.now()).toBe(1001);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('the clock cannot be advanced by %d', (ms) => {
  expect(() => createClock().advance(ms)).toThrowError(RangeError);
});
