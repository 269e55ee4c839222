import { expect, test } from 'vitest';
import { exponentOf, growthOf, tableOf } from '../../bench/emulator/table.ts';

const sizes = [100, 1_000, 10_000].map((events) => ({
  events,
  ms: { get: [0.5, 0.4, 9], list: [events / 100] },
  memory: { now: 80, peak: 90 },
}));

test('a time that stays the same grows with exponent 0, and one that doubles with the events with 1', () => {
  expect(growthOf(sizes, 'get')).toBeCloseTo(0);
  expect(growthOf(sizes, 'list')).toBeCloseTo(1);
  expect(exponentOf(sizes.map(({ events }) => [events, events ** 2 * 3]))).toBeCloseTo(2);
  expect(growthOf(sizes.slice(0, 1), 'list')).toBeUndefined();
  expect(growthOf(sizes, 'list', 10_000)).toBeUndefined();
  expect(growthOf(sizes, 'list', 1_000)).toBeCloseTo(1);
});

test('an operation has a line for each emulator that has it, and the last lines are of memory', () => {
  const other = sizes.slice(0, 2).map(({ ms: { list }, ...size }) => ({ ...size, ms: { list } }));
  const table = tableOf([
    { name: 'one', sizes },
    { name: 'other', sizes: other },
  ]);
  expect(table.slice(1).map(([operation, name]) => [operation, name])).toEqual([
    ['get', 'one'],
    ['list', 'one'],
    ['list', 'other'],
    [expect.stringContaining('memory'), 'one'],
    [expect.stringContaining('memory'), 'other'],
  ]);
  expect(table[1]).toEqual(['get', 'one', '0.50 / 9.00', '0.50 / 9.00', '0.50 / 9.00', '0.00']);
  expect(table[3]).toEqual(['list', 'other', '1.00 / 1.00', '10 / 10', '', '1.00']);
  for (const line of table) expect(line).toHaveLength(table[0]?.length ?? 0);
});
