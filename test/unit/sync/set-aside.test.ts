import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameOf, withoutSetAside, withSetAside } from '../../../functions/sync/set-aside.ts';
import { SYNCED } from '../../support/sample-watch.ts';

const found = (...names: readonly string[]) => new Map(names.map((name) => [name, `${name} is bad`]));
const names = (sync: typeof SYNCED): readonly string[] => (sync.setAside ?? []).map(({ item }) => item);

describe('the list of items that are set aside', () => {
  test('names each with its latest reason, the latest last', () => {
    const first = withSetAside(SYNCED, found('a', 'b'));
    const second = withSetAside(first, new Map([['a', 'still bad']]));
    expect(second).toEqual({
      ...SYNCED,
      setAside: [
        { item: 'b', reason: 'b is bad' },
        { item: 'a', reason: 'still bad' },
      ],
    });
  });

  test('is left alone when nothing is found, and nothing on it is fine', () => {
    const listed = withSetAside(SYNCED, found('a'));
    expect(withSetAside(listed, new Map())).toEqual(listed);
    expect(withoutSetAside(listed, ['b'])).toEqual(listed);
    expect(withoutSetAside(SYNCED, ['a'])).toEqual(SYNCED);
  });

  test('loses what is fine, and goes when it is empty', () => {
    const listed = withSetAside(SYNCED, found('a', 'b', nameOf('x'.repeat(1000))));
    expect(names(withoutSetAside(listed, ['a', 'x'.repeat(1000)]))).toEqual(['b']);
    expect(withoutSetAside(listed, ['a', 'b', 'x'.repeat(1000)])).toEqual(SYNCED);
  });

  test('holds the latest twenty, in text that a document can hold, however many and long they are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 500 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 30 }), (all) => {
        const { setAside = [] } = withSetAside(SYNCED, new Map(all.map(([id, why]) => [nameOf(id), why])));
        expect(setAside.length).toBeLessThanOrEqual(20);
        for (const { item, reason } of setAside) {
          expect([item, reason].map((each) => each.isWellFormed())).toEqual([true, true]);
          expect(item.length + reason.length).toBeLessThanOrEqual(400);
        }
      }),
    );
    expect(names(withSetAside(SYNCED, found(...Array.from({ length: 30 }, (_, at) => String(at)))))[0]).toBe(
      '10',
    );
  });
});
