import { expect, test } from 'vitest';
import { memoryAtOnce } from './memory-at-once.ts';
import { memoryOver } from './memory.ts';

test('the memory of a full sync and of a sweep is measured', async () => {
  const rows = await memoryOver(600, () => {});
  expect(rows.map(({ items, changes, listCalls }) => ({ items, changes, listCalls }))).toEqual([
    { items: 0, changes: 0, listCalls: 0 },
    { items: 600, changes: 600, listCalls: 2 },
    // The invalid token costs a list call, and each deleted item a number.
    { items: 540, changes: 60, listCalls: 3 },
  ]);
  for (const { peakMiB } of rows) expect(peakMiB).toBeGreaterThan(10);
});

test('the memory of several full syncs at once is measured when all are complete', async () => {
  const { items, peakMiB } = await memoryAtOnce(3, 60);
  expect(items).toBe(180);
  expect(peakMiB).toBeGreaterThan(10);
});
