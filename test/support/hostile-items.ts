import * as fc from 'fast-check';

import { anyCharacter } from './any-character.ts';

/** Items that Google never sends, but that are valid JSON, as nothing else passes its parser. */

const REMARKABLE = [
  '',
  '%',
  '.',
  '..',
  '__proto__',
  '__name__',
  'constructor',
  'prototype',
  'toString',
  'toJSON',
];
const FIELDS = ['etag', 'status', 'start', 'end', 'attendees', 'recurrence', 'recurringEventId', 'eventType'];

const LONG = 'x'.repeat(1501);
const key = fc.oneof(
  fc.constantFrom(...REMARKABLE, ...FIELDS, 'then', 'length', 'a.b', '`', '\u0000', '\u{d800}', LONG),
  fc.string({ unit: anyCharacter, maxLength: 8 }),
);
const words = fc.constantFrom(
  '',
  'cancelled',
  'confirmed',
  '2026-02-30',
  '2026-07-01T25:00:00Z',
  '\u{dc00}',
  '\u0000\n',
);
const text = fc.oneof(
  { weight: 20, arbitrary: words },
  { weight: 20, arbitrary: fc.string({ unit: anyCharacter, maxLength: 30 }) },
  { weight: 20, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 700_000 }).map((length) => 'ü'.repeat(length / 2)) },
);
const number = fc.oneof(
  fc.constantFrom(0, -0, 1e308, 5e-324, 2 ** 53, -(2 ** 63), 1e21, Number.POSITIVE_INFINITY),
  fc.double({ noNaN: true }),
  fc.integer(),
);
const leaf = fc.oneof(text, number, fc.boolean(), fc.constant(null));

/** Values nested thousands of levels deep. */
const abyss = fc
  .tuple(
    fc.oneof(fc.integer({ min: 15, max: 25 }), fc.integer({ max: 3_000 })),
    fc.constantFrom('map', 'list', 'both'),
  )
  .map(([depth, kind]) => {
    let value: unknown = 'bottom';
    for (let level = 0; level < depth; level += 1) {
      const list = kind === 'list' || (kind === 'both' && level % 2 === 0);
      value = list ? [value] : { in: value };
    }
    return value;
  });

const { any } = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    { weight: 12, arbitrary: leaf },
    { weight: 1, arbitrary: abyss },
    { weight: 6, arbitrary: fc.array(tie('any'), { maxLength: 5 }) },
    { weight: 9, arbitrary: fc.array(fc.tuple(key, tie('any')), { maxLength: 4 }).map(Object.fromEntries) },
  ),
}));

const boundary = fc.oneof(
  any,
  fc.record({ date: leaf, dateTime: leaf, timeZone: leaf }, { requiredKeys: [], noNullPrototype: true }),
);
const fields = fc
  .tuple(
    fc.array(fc.tuple(key, any), { maxLength: 5 }),
    fc.record(
      { etag: leaf, status: leaf, start: boundary, end: boundary, recurringEventId: leaf, recurrence: any },
      { requiredKeys: [], noNullPrototype: true },
    ),
  )
  .map(([odd, known]): Record<string, unknown> => ({ ...Object.fromEntries(odd), ...known }));

/** An object whose id is a string, which need not be a valid id. */
export const hostileItem = fc
  .tuple(
    fields,
    fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      key.filter((id) => id !== ''),
    ),
  )
  .map(([item, id]) => ({ ...item, id }));

/** Any entry of a page's list of items. */
export const hostileEntry: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileItem },
  fc.tuple(fields, any).map(([item, id]) => ({ ...item, id })),
  any,
);
