import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../../../functions/calendar/resources.ts';
import { decodeData, encodeData, fit, shrink, storedSize } from '../../../../functions/mirror/data.ts';

const LARGEST = 1_000_000;

/** A value of `depth` maps inside each other. */
const nested = (depth: number): unknown => (depth === 0 ? 'end' : { in: nested(depth - 1) });

/** A list in a map, `depth` times inside each other. */
const listed = (depth: number): unknown => (depth === 0 ? 'end' : { list: [listed(depth - 1)] });

/** JSON parsing is how items come: keys like `__proto__` are data there. */
const parsed = (json: string): Item => {
  const item: Item = JSON.parse(json);
  return item;
};

const key = fc.oneof(
  fc.string({ unit: fc.constantFrom('_', '%', '.', 'a'), maxLength: 6 }),
  fc.constantFrom('__proto__', '__name__', 'constructor', 'toString', '', '%', 'summary'),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(key, tie('any'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any;
const item = fc
  .tuple(fc.string({ minLength: 1 }), fc.array(fc.tuple(key, value), { maxLength: 6 }))
  .map(([id, fields]): Item => ({ ...Object.fromEntries(fields), id }));

/** Fields of all sizes around the limit. */
const largeItem = fc.array(fc.nat({ max: 600_000 }), { maxLength: 12 }).map((sizes): Item => ({
  id: 'large',
  ...Object.fromEntries(sizes.map((size, index) => [`field${String(index)}`, 'x'.repeat(size)])),
}));

function deepestKeys(data: unknown): string[] {
  if (Array.isArray(data)) return data.flatMap(deepestKeys);
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([name, each]) => [name, ...deepestKeys(each)]);
}

describe('data as it is stored', () => {
  test('is read back as the item that was written, whatever its keys', () => {
    fc.assert(
      fc.property(item, (written) => {
        // Not by `toEqual`, to which a key like `constructor` is more than a key.
        expect(isDeepStrictEqual(decodeData(encodeData(written), written.id), written)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('has no key that Firestore reserves', () => {
    fc.assert(
      fc.property(item, (written) => {
        expect(deepestKeys(encodeData(written)).filter((name) => /^$|^__.*__$/s.test(name))).toEqual([]);
      }),
    );
  });

  test.each([
    ['__proto__', '{"id":"a","__proto__":{"x":1}}', { id: 'a', '%5F%5Fproto%5F%5F': { x: 1 } }],
    ['the empty key', '{"id":"a","":{"":1}}', { id: 'a', '%': { '%': 1 } }],
    ['a per cent sign', '{"id":"a","100%":[{"%":1}]}', { id: 'a', '100%25': [{ '%25': 1 }] }],
  ])('keeps %s as a key and nothing else', (_, json, stored) => {
    const written = parsed(json);
    expect(encodeData(written)).toStrictEqual(stored);
    const read = decodeData(encodeData(written), 'a');
    expect(JSON.parse(JSON.stringify(read))).toStrictEqual(JSON.parse(json));
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  test('gets its id from its document where it has none', () => {
    expect(decodeData({ value: 'x' }, 'locale')).toEqual({ id: 'locale', value: 'x' });
  });
});

describe('an item that is to fit a document', () => {
  test('is unchanged if it fits', () => {
    const event = { id: 'a', attendees: [{ email: 'x' }], extendedProperties: { private: { k: 'v' } } };
    expect(fit(event)).toEqual({ item: event, omitted: [] });
  });

  test('fits, keeps its id, and names the omitted fields', () => {
    fc.assert(
      fc.property(largeItem, (given) => {
        const { item: fitted, omitted } = fit(given);
        expect(storedSize(fitted)).toBeLessThanOrEqual(LARGEST);
        expect(omitted).toEqual(omitted.toSorted());
        expect({ ...fitted, ...Object.fromEntries(omitted.map((name) => [name, given[name]])) }).toEqual(
          given,
        );
        expect(fitted.id).toBe('large');
        expect(omitted.length > 0).toBe(storedSize(given) > LARGEST);
      }),
      { numRuns: 30 },
    );
  });

  test('is deterministic, whatever the order of its fields', () => {
    fc.assert(
      fc.property(largeItem, (given) => {
        const reversed: Item = { ...Object.fromEntries(Object.entries(given).toReversed()), id: given.id };
        expect(fit(given)).toEqual(fit(given));
        expect(storedSize(fit(reversed).item)).toBeLessThanOrEqual(LARGEST);
      }),
      { numRuns: 20 },
    );
  });

  test('fits unchanged once it was made to fit', () => {
    fc.assert(
      fc.property(largeItem, (given) => {
        const { item: fitted } = fit(given);
        expect(fit(fitted)).toEqual({ item: fitted, omitted: [] });
      }),
      { numRuns: 20 },
    );
  });

  test('loses its largest fields first', () => {
    const given = { id: 'a', small: 'x', large: 'x'.repeat(600_000), larger: 'x'.repeat(700_000) };
    const { item: fitted, omitted } = fit(given);
    expect(omitted).toEqual(['larger']);
    expect(Object.keys(fitted)).toEqual(['id', 'small', 'large']);
  });

  test.each([
    ['an array in an array', [[1]]],
    ['an array in an array further down', { deep: [{ list: [1, [2]] }] }],
    ['an array in an array beside what is possible', { fine: 1, list: [[1]] }],
    ['eighteen maps in each other', nested(18)],
    ['nine maps and nine lists in each other', listed(9)],
    ['half of a character', 'a\u{d800}b'],
    ['half of a character in a key', { 'a\u{dc00}': 1 }],
    ['a key of 1,501 bytes', { ['k'.repeat(1501)]: 1 }],
    ['a key of 1,500 bytes that takes more once encoded', { [`${'k'.repeat(1499)}%`]: 1 }],
  ])('loses a field with %s, which no document can hold', (_, bad) => {
    expect(fit({ id: 'a', bad, good: 1 })).toEqual({ item: { id: 'a', good: 1 }, omitted: ['bad'] });
  });

  test.each([
    ['maps in arrays in maps', { list: [{ list: [1] }] }],
    ['seventeen maps in each other', nested(17)],
    ['nine maps and eight lists in each other', { in: listed(8) }],
    ['a key of 1,500 bytes', { ['k'.repeat(1500)]: 1 }],
    ['characters beyond the basic plane', '🎉'],
    ['null', null],
  ])('keeps a field with %s', (_, good) => {
    expect(fit({ id: 'a', good })).toEqual({ item: { id: 'a', good }, omitted: [] });
  });

  test('names omitted fields as well-formed text', () => {
    const given = { id: 'a', 'half \u{d800}': 1, other: '\u{dc00}' };
    expect(fit(given)).toEqual({ item: { id: 'a' }, omitted: ['half \u{fffd}', 'other'] });
  });

  test('names none if there are too many to name', () => {
    const impossible = Array.from({ length: 10_000 }, (_, index) => [`field ${String(index)}`, [[1]]]);
    const given: Item = { ...Object.fromEntries(impossible), id: 'a', good: 1 };
    expect(fit(given)).toEqual({ item: { id: 'a', good: 1 }, omitted: ['*'] });
    const small = Array.from({ length: 60_000 }, (_, index) => [`field ${String(index)}`, 1]);
    const fitted = fit({ ...Object.fromEntries(small), id: 'a' });
    expect(fitted.omitted).toEqual(['*']);
    expect(storedSize(fitted.item)).toBeLessThanOrEqual(LARGEST);
  });

  test('names unstorable and oversized fields in one list', () => {
    const given = { id: 'a', z: [[1]], a: 'x'.repeat(900_000), m: 'x'.repeat(800_000), rest: 1 };
    expect(fit(given).omitted).toEqual(['a', 'z']);
  });
});

describe('the size that a value takes', () => {
  test.each([
    ['text', 6],
    ['ü', 4],
    ['', 2],
    [7, 8],
    [true, 1],
    [null, 1],
  ])('of %j in a map is counted as Firestore counts it', (content, bytes) => {
    // A map of one field named by one character: 32 for the map, 2 for the name.
    const expected = 32 + 2 + (typeof content === 'string' ? Buffer.byteLength(content) + 1 : bytes);
    expect(storedSize({ k: content })).toBe(expected);
  });
});

test('the size of a list is counted as Firestore counts it', () => {
  expect(storedSize([])).toBe(32);
  expect(storedSize([7, 'ü', [true]])).toBe(32 + 8 + 3 + (32 + 1));
});

describe('shrinking to a limit', () => {
  const given = { id: 'x'.repeat(2000), ['n'.repeat(600)]: 1, text: 'x'.repeat(400), rest: true };

  test('omits the largest fields, and no more than necessary', () => {
    const { ['n'.repeat(600)]: _, ...rest } = given;
    expect(shrink(given, storedSize(rest), storedSize)).toEqual({ item: rest, omitted: ['n'.repeat(600)] });
    expect(shrink(given, storedSize(rest) - 1, storedSize)).toEqual({
      item: { id: given.id, rest: true },
      omitted: ['n'.repeat(600), 'text'],
    });
  });

  test('never omits the id, however long', () => {
    expect(shrink(given, 100, storedSize).omitted).toEqual(['n'.repeat(600), 'rest', 'text']);
  });
});

const measure = (each: unknown): number => Buffer.byteLength(JSON.stringify(each));

test('shrinking to a limit uses the given measure of size', () => {
  fc.assert(
    fc.property(item, fc.integer({ min: 200, max: 2000 }), (given, limit) => {
      fc.pre(measure({ id: given.id }) <= limit);
      const { item: small, omitted } = shrink(given, limit, measure);
      expect(measure(small)).toBeLessThanOrEqual(limit);
      expect(omitted.length === 0 || measure(given) > limit).toBe(true);
    }),
  );
});
