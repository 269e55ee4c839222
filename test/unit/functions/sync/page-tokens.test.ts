/** Lists whose page tokens repeat, and lists that are just long. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Traversal } from '../../../../functions/watches/status.ts';
import { isRepeated, nextMark } from '../../../../functions/sync/page-tokens.ts';
import { TRAVERSAL } from '../../../support/sample-watch.ts';

/** Reads a list whose n-th page names `tokenAfter(n)` as the next. Returns the page at which a cycle is detected. */
function read(tokenAfter: (page: number) => string, maxPages: number): number | undefined {
  const { pageToken: _, tokenMark: __, ...first } = { ...TRAVERSAL, tokenMark: undefined };
  let traversal: Traversal = { ...first, stepsCommitted: 0 };
  for (let position = 1; position <= maxPages; position += 1) {
    const token = tokenAfter(position);
    if (isRepeated(traversal, token)) return position;
    traversal = {
      ...traversal,
      ...nextMark(traversal, position, token),
      stepsCommitted: position,
      pageToken: token,
    };
  }
  return undefined;
}

test('a page that names itself as the next one is detected at once', () => {
  expect(read(() => 'A', 10)).toBe(2);
});

test('a cycle of page tokens is detected within four times its pages and those before it', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.integer({ min: 1, max: 200 }), (before, length) => {
      const tokenAfter = (page: number): string =>
        page <= before ? `before ${String(page)}` : `cycle ${String((page - before) % length)}`;
      const found = read(tokenAfter, 10_000);
      expect(found).toBeGreaterThan(before + length - 1);
      expect(found).toBeLessThanOrEqual(4 * (before + length) + 2);
    }),
  );
});

test('a long list whose tokens differ is read to its end', () => {
  expect(read((page) => `page ${String(page)}`, 20_000)).toBeUndefined();
});
