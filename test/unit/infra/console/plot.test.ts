/** Where the lines and bars of the console's charts are. */
import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import {
  barPath,
  indexAt,
  labelled,
  linePath,
  MARGIN,
  scaleFor,
  xOf,
  yOf,
} from '../../../../infra/console/model/plot.ts';

const size = { width: 100 + MARGIN.left + MARGIN.right, height: 100 + MARGIN.top + MARGIN.bottom };

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [18, [0, 5, 10, 15, 20]],
  [970, [0, 500, 1_000]],
  [1_200_000, [0, 500_000, 1_000_000, 1_500_000]],
])('a scale for %d is round and starts at 0', (highest, scale) => {
  expect(scaleFor(highest)).toEqual(scale);
});

test('every scale has room for its value, and few lines', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (highest) => {
      const scale = scaleFor(highest);
      expect(scale.at(-1)).toBeGreaterThanOrEqual(highest);
      expect(scale.length).toBeLessThanOrEqual(6);
    }),
  );
});

test('the index under the pointer is that of the x which is drawn there', () => {
  for (const index of [0, 7, 59]) expect(indexAt(xOf(index, 60, size), 60, size)).toBe(index);
  expect([indexAt(MARGIN.left - 1, 60, size), indexAt(size.width, 60, size)]).toEqual([null, null]);
});

describe('a line', () => {
  test('goes from the foot to the top of its scale', () => {
    expect([yOf(0, 4, size), yOf(4, 4, size)]).toEqual([size.height - MARGIN.bottom, MARGIN.top]);
    expect(linePath([0, 4], 4, size)).toBe(`M${MARGIN.left + 25},110L${MARGIN.left + 75},10`);
  });

  test('has gaps where there is no value, and a ring for one between gaps', () => {
    const path = linePath([null, 1, null, 2, 2, null], 4, size);
    expect(path.match(/[MLm]/g)).toEqual(['M', 'm', 'M', 'L']);
    expect(linePath([null, null], 4, size)).toBe('');
  });
});

test('bars are drawn for what is there', () => {
  expect(barPath([0, null], 4, size)).toBe('');
  expect(barPath([4, 0, 2], 4, size).match(/M/g)).toHaveLength(2);
});

test('as many x have a label as there is room for, the last one always', () => {
  expect(labelled(8, size, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(labelled(60, size, 25)).toEqual([14, 29, 44, 59]);
  expect(labelled(0, size, 25)).toEqual([]);
});
