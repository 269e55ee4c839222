import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyOf, integer, isTooDeep, mergePatch, parseBody } from '../../../infra/emulator/protocol/body.ts';
import { EventBody } from '../../../infra/emulator/state/event-fields.ts';

describe('a patch', () => {
  test.each([
    ['replaces a field', { a: 1, b: 2 }, { a: 3 }, { a: 3, b: 2 }],
    ['removes fields that it sets to null', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['merges objects', { a: { x: 1, y: 2 } }, { a: { y: null, z: 3 } }, { a: { x: 1, z: 3 } }],
    ['replaces lists as a whole', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['drops nulls in new objects', {}, { a: { x: null, y: 1 } }, { a: { y: 1 } }],
  ])('%s', (_, target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });

  test('is idempotent, and an empty patch changes nothing', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (a, b) => {
          expect(mergePatch(a, {})).toEqual(a);
          const once = mergePatch(a, b);
          expect(mergePatch(once, b)).toEqual(once);
        },
      ),
    );
  });

  test('cannot pollute the prototype', () => {
    mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
    expect('polluted' in {}).toBe(false);
  });
});

test.each([[undefined], [null], ['text'], [[]], [7]])('%j is not a valid body', (body) => {
  expect(() => bodyOf(body)).toThrowError(expect.objectContaining({ status: 400 }));
});

test('a field of the wrong type is rejected, and the error names it', () => {
  expect(() =>
    parseBody(EventBody, { reminders: { overrides: [{ method: 'pigeon', minutes: 1 }] } }),
  ).toThrowError(
    expect.objectContaining({
      status: 400,
      detail: expect.objectContaining({ reason: 'invalid', location: 'reminders.overrides.0.method' }),
    }),
  );
});

describe('an integer', () => {
  test.each([[7], ['7'], ['007']])('may be %j', (given) => {
    expect(integer(0, 10).parse(given)).toBe(7);
  });

  test.each([['7.5'], [7.5], ['seven'], [''], [' 7'], ['11'], [-1], [true], [[7]]])('is not %j', (given) => {
    expect(integer(0, 10).safeParse(given).success).toBe(false);
  });
});

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

describe('nesting', () => {
  test('is accepted in a hundred levels, and no more', () => {
    expect([isTooDeep(nested(100)), isTooDeep(nested(101)), isTooDeep(nested(50_000))]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('without an end is found, also of a value that contains itself twice', () => {
    const endless: unknown[] = [];
    endless.push(endless, [endless]);
    expect(isTooDeep(endless)).toBe(true);
  });
});
