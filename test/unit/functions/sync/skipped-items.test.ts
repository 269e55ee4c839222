import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shortId, withoutSkippedItems, withSkippedItems } from '../../../../functions/sync/skipped-items.ts';
import { anyCharacter } from '../../../support/any-character.ts';
import { SYNCED } from '../../../support/sample-watch.ts';

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
