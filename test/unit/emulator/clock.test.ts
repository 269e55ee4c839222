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

test('a clock can start behind the system, continue at an offset, and returns to its start', () => {
  const clock = createClock(() => 1000, -400);
  expect(clock.now()).toBe(600);
  clock.advance(50);
  expect(clock.offset()).toBe(-350);
  clock.setOffset(70);
  expect(clock.now()).toBe(1070);
  clock.reset();
  expect(clock.now()).toBe(600);
});
