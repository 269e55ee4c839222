import { describe, expect, test } from 'vitest';
import { etagOf } from '../../../../functions/mirror/items.ts';

describe('the etag of an item', () => {
  test.each([
    ['"3181161784712000"', '"3181161784712000"'],
    ['x'.repeat(1024), 'x'.repeat(1024)],
    ['x'.repeat(1025), null],
    ['', ''],
    [7, null],
    [null, null],
    [undefined, null],
    [{}, null],
  ])('%j is told as it is where it can be one', (etag, told) => {
    expect(etagOf({ id: 'a', etag })).toBe(told);
  });
});
