import { describe, expect, test } from 'vitest';
import { deletions, unseenDeletions } from '../../../../functions/sync/changes.ts';
import { readPage } from '../../../../functions/sync/read-page.ts';
import { event, mirror } from '../../../support/sample-items.ts';

const COLLECTION = 'users/ana@example.com/calendars/team@example.com/events';

describe('a page', () => {
  test.each([
    ['an item without an id', { summary: 'x' }, '(no id)', 'the item has no id'],
    ['an item with an empty id', { id: '' }, '(no id)', 'the item has no id'],
    ['an item with a numeric id', { id: 7 }, '(no id)', 'the item has no id'],
    ['an id of 1,501 bytes', { id: 'x'.repeat(1501) }, 'x'.repeat(100), 'the id is too long for Firestore'],
    ['half a surrogate pair as an id', { id: 'a\u{d800}' }, 'a\u{fffd}', 'the id is not well-formed Unicode'],
    [
      'a long id that is cut within a character',
      { id: `${'x'.repeat(99)}🎉${'x'.repeat(1500)}` },
      `${'x'.repeat(99)}\u{fffd}`,
      'the id is too long for Firestore',
    ],
    ['null', null, '(no id)', 'the item has no id'],
    ['text instead of an item', 'x', '(no id)', 'the item has no id'],
  ])('with %s is mirrored without it, and names it', (_, odd, name, reason) => {
    const { items, skipped } = readPage(COLLECTION, [event('a'), odd, event('b')]);
    expect([...items.keys()]).toEqual(['a', 'b']);
    expect([...skipped]).toEqual([[name, reason]]);
  });
});

describe('unseen deletions', () => {
  test.each([
    ['include a deleted event that was never mirrored', { id: 'a', status: 'cancelled' }, [], 1],
    ['exclude a deleted event that is mirrored', { id: 'a', status: 'cancelled' }, [{ id: 'a' }], 0],
    ['exclude a new event', { id: 'a', status: 'confirmed' }, [], 0],
  ])('%s', (_, item, mirrored, expected) => {
    expect(unseenDeletions('events', new Map([[item.id, item]]), mirror(...mirrored))).toBe(expected);
  });
});

test('a sweep deletes the mirrored items that are gone', () => {
  expect(deletions(mirror(event('a'), event('b')))).toEqual([
    { itemId: 'a', change: 'deleted', before: event('a'), after: null },
    { itemId: 'b', change: 'deleted', before: event('b'), after: null },
  ]);
});
