import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../../functions/calendar/resources.ts';
import type { Difference } from '../../../functions/sync/changes.ts';
import { parts, type Numbering, type Part } from '../../../functions/sync/parts.ts';
import { SPEC } from '../../support/sample-watch.ts';

const LIMIT = 50_000;
const NUMBERING: Numbering = {
  watchId: 'watch-1',
  target: SPEC,
  sequence: 41,
  occurredAt: '2026-05-04T10:00:00.000Z',
  fieldsOf: () => undefined,
};

const jsonSize = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const cut = (differences: readonly Difference[]): Part[] => [...parts(differences, NUMBERING, LIMIT)];
const only = (difference: Difference) => {
  const [part, ...more] = cut([difference]);
  expect(more).toEqual([]);
  expect(part?.changes).toHaveLength(1);
  return part?.changes[0];
};

const item = (id: string, ...sizes: readonly number[]): Item => ({
  ...Object.fromEntries(sizes.map((size, index) => [`field${String(index)}`, 'x'.repeat(size)])),
  id,
});
const created = (id: string, size: number): Difference => ({
  itemId: id,
  change: 'created',
  before: null,
  after: { item: item(id, size), omitted: [] },
});
const sizes = fc.array(fc.nat({ max: LIMIT }), { maxLength: 6 });
const difference = fc
  .record({
    id: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }),
    change: fc.constantFrom('created' as const, 'updated' as const, 'deleted' as const, 'snapshot' as const),
    before: sizes,
    after: sizes,
  })
  .map(({ id, change, before, after }): Difference => ({
    itemId: id,
    change,
    before: change === 'updated' || change === 'deleted' ? item(id, ...before) : null,
    after: change === 'deleted' ? null : { item: item(id, ...after), omitted: [] },
  }));

describe('the parts of a page', () => {
  test('are none where there are no differences', () => {
    expect(cut([])).toEqual([]);
  });

  test('number the changes on from the last number, without a gap, in the order of the page', () => {
    fc.assert(
      fc.property(fc.array(difference, { maxLength: 12 }), (page) => {
        const changes = cut(page).flatMap((part) => part.changes);
        expect(changes.map(({ sequence }) => sequence)).toEqual(page.map((_, index) => 42 + index));
        expect(changes.map(({ itemId, change }) => [itemId, change])).toEqual(
          page.map(({ itemId, change }) => [itemId, change]),
        );
      }),
    );
  });

  test('each fit an outbox entry', () => {
    fc.assert(
      fc.property(fc.array(difference, { minLength: 1, maxLength: 12 }), (page) => {
        for (const { changes } of cut(page)) {
          expect(changes.length).toBeGreaterThan(0);
          expect(jsonSize(changes)).toBeLessThanOrEqual(LIMIT);
        }
      }),
    );
  });

  test('write each item with the number of its change', () => {
    fc.assert(
      fc.property(fc.array(difference, { maxLength: 10 }), (page) => {
        for (const { changes, writes } of cut(page)) {
          expect(writes.map(({ itemId }) => itemId)).toEqual(changes.map(({ itemId }) => itemId));
          for (const [index, { document }] of writes.entries()) {
            const change = changes[index];
            expect(document === null).toBe(change?.change === 'deleted');
            expect(document?.['sequence'] ?? change?.sequence).toBe(change?.sequence);
          }
        }
      }),
    );
  });

  test('write the whole item, also where the change had to leave something out', () => {
    const large = item('a', LIMIT, 10);
    const [part] = cut([
      { itemId: 'a', change: 'created', before: null, after: { item: large, omitted: [] } },
    ]);
    expect(part?.changes[0]?.omitted).toEqual(['field0']);
    expect(part?.writes[0]?.document).toMatchObject({ data: large });
  });

  test('each fit a request to Firestore, also where the changes left out what the documents hold', () => {
    const page = Array.from({ length: 30 }, (_, index): Difference => {
      const id = `item-${String(index)}`;
      return { itemId: id, change: 'created', before: null, after: { item: item(id, 900_000), omitted: [] } };
    });
    const all = cut(page);
    expect(all.flatMap(({ writes }) => writes)).toHaveLength(30);
    for (const { writes } of all) expect(jsonSize(writes)).toBeLessThan(4_000_000);
  });

  test('hold as much as an outbox entry can, to the byte', () => {
    const empty = jsonSize(only(created('a', 0)));
    // A byte each is for what stands between changes.
    const [one, other] = [20_000, LIMIT - 20_000 - 2 * (empty + 1)];
    expect(cut([created('a', one), created('b', other)])).toHaveLength(1);
    expect(cut([created('a', one), created('b', other + 1)])).toHaveLength(2);
  });

  test('hold many small changes each', () => {
    const page = Array.from({ length: 100 }, (_, index): Difference => {
      const id = `item-${String(index)}`;
      return { itemId: id, change: 'created', before: null, after: { item: { id }, omitted: [] } };
    });
    expect(cut(page)).toHaveLength(1);
  });
});

const updated = (before: Item, after: Item): Difference => ({
  itemId: 'a',
  change: 'updated',
  before,
  after: { item: after, omitted: [] },
});

describe('a change', () => {
  test('that fits says everything, and omits nothing', () => {
    expect(only(updated(item('a', 10), item('a', 20)))).toEqual({
      watchId: 'watch-1',
      ...SPEC,
      itemId: 'a',
      change: 'updated',
      sequence: 42,
      before: item('a', 10),
      after: item('a', 20),
      occurredAt: NUMBERING.occurredAt,
    });
  });

  test('that is large says everything up to what an outbox entry has room for, to the byte', () => {
    const longest = LIMIT - 8000 - jsonSize(only(created('a', 0)));
    expect(only(created('a', longest))).not.toHaveProperty('omitted');
    expect(only(created('a', longest + 1))).toMatchObject({ omitted: ['field0'] });
  });

  test('that is a little too large loses its largest field, and not everything', () => {
    expect(only(updated(item('a', 10), item('a', 25_000, 20_000)))).toMatchObject({
      after: { id: 'a', field1: 'x'.repeat(20_000) },
      omitted: ['before', 'field0'],
    });
  });

  test('that is too large loses what was before first', () => {
    const change = only(updated(item('a', 25_000), item('a', 25_000)));
    expect(change).toMatchObject({ before: null, after: item('a', 25_000), omitted: ['before'] });
  });

  test('that is too large even so loses its largest fields', () => {
    const change = only(updated(item('a', 10), item('a', 100, 60_000, 50_000, 200)));
    expect(change?.before).toBeNull();
    expect(Object.keys(change?.after ?? {}).toSorted()).toEqual(['field0', 'field3', 'id']);
    expect(change?.omitted).toEqual(['before', 'field1', 'field2']);
  });

  test('that deletes something large says only that it is gone', () => {
    const change = only({ itemId: 'a', change: 'deleted', before: item('a', 60_000), after: null });
    expect(change).toMatchObject({ before: null, after: null, omitted: ['before'] });
  });

  test.each([
    ['was there before', item('a', 10), ['before', '*']],
    ['is new', null, ['*']],
  ])('of thousands of tiny fields says only that the item %s', (_, before, omitted) => {
    const tiny: Item = { ...item('a', ...Array.from({ length: 20_000 }, () => 1)), etag: '"1"' };
    const change = only({
      itemId: 'a',
      change: before === null ? 'created' : 'updated',
      before,
      after: { item: tiny, omitted: [] },
    });
    expect(change).toMatchObject({ before: null, after: { id: 'a' }, omitted });
    expect(Object.keys(change?.after ?? {})).toEqual(['id']);
  });

  test('names what the document leaves out as well', () => {
    const change = only({
      itemId: 'a',
      change: 'created',
      before: null,
      after: { item: item('a', 10), omitted: ['description'] },
    });
    expect(change?.omitted).toEqual(['description']);
  });
});
