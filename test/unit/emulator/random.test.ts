import { expect, test } from 'vitest';
import { createRandom, randomInteger } from '../../../infra/emulator/state/random.ts';

const draw = (seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: 1000 }, random);
};

test('equal seeds give equal sequences, different seeds different ones', () => {
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5)).not.toEqual(draw(6));
});

test('numbers are spread over [0, 1)', () => {
  const numbers = draw(1);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
});

test('integers include both ends', () => {
  const random = createRandom(1);
  expect(new Set(Array.from({ length: 200 }, () => randomInteger(random, 2, 4)))).toEqual(new Set([2, 3, 4]));
});

test('a source that is reseeded continues where another one stopped', () => {
  const first = createRandom(9);
  first();
  const second = createRandom(1);
  second.reseed(first.seed());
  expect([second(), second()]).toEqual([first(), first()]);
});
