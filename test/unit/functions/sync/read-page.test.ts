import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { deletions, unseenDeletions } from '../../../../functions/sync/changes.ts';
import {
  readPage,
  shortId,
  withoutSkippedItems,
  withSkippedItems,
} from '../../../../functions/sync/read-page.ts';
import { event, mirror } from '../../../support/sample-items.ts';
import { anyCharacter } from '../../../support/any-character.ts';
import { SYNCED } from '../../../support/sample-watch.ts';

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
  expect(deletions('events', mirror(event('a'), event('b')))).toEqual([
    { itemId: 'a', change: 'deleted', kinds: ['cancelled'], before: event('a'), after: null },
    { itemId: 'b', change: 'deleted', kinds: ['cancelled'], before: event('b'), after: null },
  ]);
});

const found = (...names: readonly string[]) => new Map(names.map((name) => [name, `${name} is bad`]));
const names = (sync: typeof SYNCED): readonly string[] => (sync.skippedItems ?? []).map(({ item }) => item);

describe('the list of skipped items', () => {
  test('has each item with its latest reason, the latest last', () => {
    const first = withSkippedItems(SYNCED, found('a', 'b'));
    const second = withSkippedItems(first, new Map([['a', 'still bad']]));
    expect(second).toEqual({
      ...SYNCED,
      skippedItems: [
        { item: 'b', reason: 'b is bad' },
        { item: 'a', reason: 'still bad' },
      ],
    });
  });

  test('is unchanged if no item is skipped or resolved', () => {
    const listed = withSkippedItems(SYNCED, found('a'));
    expect(withSkippedItems(listed, new Map())).toEqual(listed);
    expect(withoutSkippedItems(listed, ['b'])).toEqual(listed);
    expect(withoutSkippedItems(SYNCED, ['a'])).toEqual(SYNCED);
  });

  test('drops resolved items, and is deleted when it is empty', () => {
    const listed = withSkippedItems(SYNCED, found('a', 'b', shortId('x'.repeat(1000))));
    expect(names(withoutSkippedItems(listed, ['a', 'x'.repeat(1000)]))).toEqual(['b']);
    expect(withoutSkippedItems(listed, ['a', 'b', 'x'.repeat(1000)])).toEqual(SYNCED);
  });

  test('holds the latest twenty as well-formed text, however many and long they are', () => {
    const text = fc.string({ unit: anyCharacter, maxLength: 500 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 30 }), (all) => {
        const { skippedItems = [] } = withSkippedItems(
          SYNCED,
          new Map(all.map(([id, why]) => [shortId(id), why])),
        );
        expect(skippedItems.length).toBeLessThanOrEqual(20);
        for (const { item, reason } of skippedItems) {
          expect([item, reason].map((each) => each.isWellFormed())).toEqual([true, true]);
          expect(item.length + reason.length).toBeLessThanOrEqual(400);
        }
      }),
    );
    expect(
      names(withSkippedItems(SYNCED, found(...Array.from({ length: 30 }, (_, at) => String(at)))))[0],
    ).toBe('10');
  });
});
