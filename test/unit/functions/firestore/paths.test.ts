import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  collectionPath,
  decodeId,
  decodeKey,
  encodeId,
  encodeKey,
  isStorableId,
  itemPath,
} from '../../../../functions/firestore/paths.ts';
import { anyCharacter } from '../../../support/any-character.ts';

/** Strings of the characters that matter here, and of any others. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('_', '.', '/', '%', '2', '5', 'F', 'f', 'a', ' '), maxLength: 8 }),
  fc.string({ unit: anyCharacter }),
);

describe('an id in a path', () => {
  test.each([
    ['plain-Id_1@example.com', 'plain-Id_1@example.com'],
    ['a/b', 'a%2Fb'],
    ['100%', '100%25'],
    ['%2F', '%252F'],
    ['.', '%2E'],
    ['..', '%2E%2E'],
    ['...', '...'],
    ['a.b', 'a.b'],
    ['__x__', '%5F%5Fx%5F%5F'],
    ['____', '%5F%5F%5F%5F'],
    ['__a/b__', '%5F%5Fa%2Fb%5F%5F'],
    ['__\n__', '%5F%5F\n%5F%5F'],
    ['___', '___'],
    ['__x', '__x'],
    ['_x_', '_x_'],
    ['a__x__', 'a__x__'],
    ['__x__a', '__x__a'],
    ['en.german#holiday@group.v.calendar.google.com', 'en.german#holiday@group.v.calendar.google.com'],
    ['Zoë Ø 日本 🎉', 'Zoë Ø 日本 🎉'],
  ])('%j is written %j', (id, encoded) => {
    expect(encodeId(id)).toBe(encoded);
    expect(decodeId(encoded)).toBe(id);
  });

  test('is decoded to itself, so that no two ids share a document', () => {
    fc.assert(
      fc.property(text, (id) => {
        expect(decodeId(encodeId(id))).toBe(id);
      }),
      { numRuns: 1000 },
    );
  });

  test('is accepted by Firestore, whatever it was', () => {
    fc.assert(
      fc.property(text, (id) => {
        const encoded = encodeId(id);
        expect(encoded).not.toMatch(/\/|^\.\.?$|^__.*__$/s);
        expect(encoded === '').toBe(id === '');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a key inside a document', () => {
  test.each([
    ['summary', 'summary'],
    ['', '%'],
    ['%', '%25'],
    ['%25', '%2525'],
    ['__name__', '%5F%5Fname%5F%5F'],
    ['__proto__', '%5F%5Fproto%5F%5F'],
    ['a.b', 'a.b'],
    ['a/b', 'a/b'],
    ['`a`[0]*~', '`a`[0]*~'],
  ])('%j is written %j', (key, encoded) => {
    expect(encodeKey(key)).toBe(encoded);
    expect(decodeKey(encoded)).toBe(key);
  });

  test('is decoded to itself, and is never reserved by Firestore', () => {
    fc.assert(
      fc.property(text, (key) => {
        const encoded = encodeKey(key);
        expect(decodeKey(encoded)).toBe(key);
        expect(encoded).not.toMatch(/^$|^__.*__$/s);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the path of an item', () => {
  test.each([
    [
      { user: 'ana@example.com', resource: 'events', calendarId: 'a/b' },
      'users/ana@example.com/calendars/a%2Fb/events',
    ],
    [{ user: 'me', resource: 'acl', calendarId: '.' }, 'users/me/calendars/%2E/acl'],
    [{ user: 'a/b@x', resource: 'calendarList', calendarId: null }, 'users/a%2Fb@x/calendarList'],
    [{ user: 'me', resource: 'settings', calendarId: null }, 'users/me/settings'],
  ] as const)('of %j begins with %s', (target, collection) => {
    expect(collectionPath(target)).toBe(collection);
    expect(itemPath(collection, 'x/y')).toBe(`${collection}/x%2Fy`);
  });

  test('has as many parts as Firestore expects, whatever the ids are', () => {
    fc.assert(
      fc.property(text, text, text, (user, calendarId, itemId) => {
        const path = itemPath(collectionPath({ user, resource: 'events', calendarId }), itemId);
        expect(path.split('/')).toHaveLength(6);
      }),
    );
  });
});

describe('whether an item fits a path', () => {
  test.each([
    ['an ordinary id', 'users/me/settings', 'locale', true],
    ['no id', 'users/me/settings', '', false],
    ['an id of 1,500 bytes', 'users/me/settings', 'x'.repeat(1500), true],
    ['an id of 1,501 bytes', 'users/me/settings', 'x'.repeat(1501), false],
    ['an id of 1,500 bytes in 750 characters', 'users/me/settings', 'ü'.repeat(750), true],
    ['an id of 1,502 bytes in 751 characters', 'users/me/settings', 'ü'.repeat(751), false],
    ['an id that is too long only once encoded', 'users/me/settings', '/'.repeat(501), false],
    ['a path of 6,000 bytes', 'c'.repeat(4999), 'x'.repeat(1000), true],
    ['a path of 6,001 bytes', 'c'.repeat(5000), 'x'.repeat(1000), false],
    ['half of a character', 'users/me/settings', 'a\u{d800}', false],
  ])('is clear for %s', (_, collection, itemId, fits) => {
    expect(isStorableId(collection, itemId)).toBe(fits);
  });
});
