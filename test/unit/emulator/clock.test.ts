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

test('the clock cannot be advanced beyond the years of RFC 3339', () => {
  const clock = createClock(() => Date.UTC(9989, 11, 31));
  expect(() => clock.advance(86_400_000)).toThrow(/beyond the year 9989/);
  clock.advance(86_399_999);
  expect(new Date(clock.now()).toISOString()).toBe('9989-12-31T23:59:59.999Z');
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
