import { describe, expect, test } from 'vitest';
import { cameAndWent, deletions, readPage } from '../../../functions/sync/changes.ts';
import { event, mirror } from '../../support/sample-items.ts';

const COLLECTION = 'users/ana@example.com/calendars/team@example.com/events';

describe('a page', () => {
  test.each([
    ['no id', { summary: 'x' }, '(no id)', 'the item has no id'],
    ['an empty id', { id: '' }, '(no id)', 'the item has no id'],
    ['a number for an id', { id: 7 }, '(no id)', 'the item has no id'],
    ['an id of 1,501 bytes', { id: 'x'.repeat(1501) }, 'x'.repeat(100), 'the id is too long for Firestore'],
    ['half of a character for an id', { id: 'a\u{d800}' }, 'a\u{fffd}', 'the id is no proper text'],
    [
      'an over-long id cut within a character',
      { id: `${'x'.repeat(99)}🎉${'x'.repeat(1500)}` },
      `${'x'.repeat(99)}\u{fffd}`,
      'the id is too long for Firestore',
    ],
    ['nothing', null, '(no id)', 'the item has no id'],
    ['text', 'x', '(no id)', 'the item has no id'],
  ])('with %s for an item is mirrored but for that, which is named', (_, odd, name, reason) => {
    const { items, setAside } = readPage(COLLECTION, [event('a'), odd, event('b')]);
    expect([...items.keys()]).toEqual(['a', 'b']);
    expect([...setAside]).toEqual([[name, reason]]);
  });
});

describe('what came and went between two syncs', () => {
  test.each([
    ['a deleted event that was never mirrored', { id: 'a', status: 'cancelled' }, [], 1],
    ['a deleted event that is mirrored', { id: 'a', status: 'cancelled' }, [{ id: 'a' }], 0],
    ['a new event', { id: 'a', status: 'confirmed' }, [], 0],
  ])('is counted: %s', (_, item, mirrored, expected) => {
    expect(cameAndWent('events', new Map([[item.id, item]]), mirror(...mirrored))).toBe(expected);
  });
});

test('what a sweep finds gone is deleted', () => {
  expect(deletions(mirror(event('a'), event('b')))).toEqual([
    { itemId: 'a', change: 'deleted', before: event('a'), after: null },
    { itemId: 'b', change: 'deleted', before: event('b'), after: null },
  ]);
});
