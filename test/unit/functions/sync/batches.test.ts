import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../../../functions/calendar/resources.ts';
import type { Difference } from '../../../../functions/sync/changes.ts';
import { batches, type BatchOptions, type CommitBatch } from '../../../../functions/sync/batches.ts';
import { SPEC } from '../../../support/sample-watch.ts';

const LIMIT = 50_000;
const OPTIONS: BatchOptions = {
  watchId: 'watch-1',
  target: SPEC,
  sequence: 41,
  occurredAt: '2026-05-04T10:00:00.000Z',
  fieldsOf: () => ({}),
};

const jsonSize = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const batchesOf = (differences: readonly Difference[]): CommitBatch[] => [
  ...batches(differences, OPTIONS, LIMIT),
];
const changeOf = (difference: Difference) => {
  const [batch, ...more] = batchesOf([difference]);
  expect(more).toEqual([]);
  expect(batch?.changes).toHaveLength(1);
  return batch?.changes[0];
};

const item = (id: string, ...sizes: readonly number[]): Item => ({
  ...Object.fromEntries(sizes.map((size, index) => [`field${String(index)}`, 'x'.repeat(size)])),
  id,
});
const created = (id: string, size: number): Difference => ({
  itemId: id,
  change: 'created',
  kinds: [],
  before: null,
  after: { item: item(id, size), omitted: [] },
});
/** A smaller limit is as good for properties, and many times as fast. */
const SMALL_LIMIT = 24_000;
const smallBatchesOf = (differences: readonly Difference[]): CommitBatch[] => [
  ...batches(differences, OPTIONS, SMALL_LIMIT),
];
const sizes = fc.array(fc.nat({ max: SMALL_LIMIT }), { maxLength: 6 });
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
    kinds: [],
    before: change === 'updated' || change === 'deleted' ? item(id, ...before) : null,
    after: change === 'deleted' ? null : { item: item(id, ...after), omitted: [] },
  }));

describe('the batches of a page', () => {
  test('are none without differences', () => {
    expect(batchesOf([])).toEqual([]);
  });

  test('number changes from the last sequence on, without a gap, in page order', () => {
    fc.assert(
      fc.property(fc.array(difference, { maxLength: 12 }), (page) => {
        const changes = smallBatchesOf(page).flatMap((batch) => batch.changes);
        expect(changes.map(({ sequence }) => sequence)).toEqual(page.map((_, index) => 42 + index));
        expect(changes.map(({ itemId, change }) => [itemId, change])).toEqual(
          page.map(({ itemId, change }) => [itemId, change]),
        );
      }),
    );
  });

  test('fit an outbox entry each', () => {
    fc.assert(
      fc.property(fc.array(difference, { minLength: 1, maxLength: 12 }), (page) => {
        for (const { changes } of smallBatchesOf(page)) {
          expect(changes.length).toBeGreaterThan(0);
          expect(jsonSize(changes)).toBeLessThanOrEqual(SMALL_LIMIT);
        }
      }),
    );
  });

  test('write each item with the sequence of its change', () => {
    fc.assert(
      fc.property(fc.array(difference, { maxLength: 10 }), (page) => {
        for (const { changes, writes } of smallBatchesOf(page)) {
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

  test('write the whole item even if its change omits fields', () => {
    const large = item('a', LIMIT, 10);
    const [batch] = batchesOf([
      { itemId: 'a', change: 'created', kinds: [], before: null, after: { item: large, omitted: [] } },
    ]);
    expect(batch?.changes[0]?.omitted).toEqual(['field0']);
    expect(batch?.writes[0]?.document).toMatchObject({ data: large });
  });

  test('fit a Firestore request each, even if documents are larger than their changes', () => {
    const page = Array.from({ length: 30 }, (_, index): Difference => {
      const id = `item-${String(index)}`;
      return {
        itemId: id,
        change: 'created',
        kinds: [],
        before: null,
        after: { item: item(id, 900_000), omitted: [] },
      };
    });
    const all = batchesOf(page);
    expect(all.flatMap(({ writes }) => writes)).toHaveLength(30);
    for (const { writes } of all) expect(jsonSize(writes)).toBeLessThan(4_000_000);
  });

  test('fill an outbox entry to the byte', () => {
    const empty = jsonSize(changeOf(created('a', 0)));
    // Two brackets, and a comma between the changes.
    const [one, other] = [20_000, LIMIT - 20_000 - 2 * empty - 3];
    const [full, ...more] = batchesOf([created('a', one), created('b', other)]);
    expect(jsonSize(full?.changes)).toBe(LIMIT);
    expect(more).toEqual([]);
    expect(batchesOf([created('a', one), created('b', other + 1)])).toHaveLength(2);
  });

  test('hold many small changes', () => {
    const page = Array.from({ length: 100 }, (_, index): Difference => {
      const id = `item-${String(index)}`;
      return { itemId: id, change: 'created', kinds: [], before: null, after: { item: { id }, omitted: [] } };
    });
    expect(batchesOf(page)).toHaveLength(1);
  });
});

const updated = (before: Item, after: Item): Difference => ({
  itemId: 'a',
  change: 'updated',
  kinds: ['other'],
  before,
  after: { item: after, omitted: [] },
});

describe('a change', () => {
  test('that fits is complete', () => {
    expect(changeOf(updated(item('a', 10), item('a', 20)))).toEqual({
      watchId: 'watch-1',
      kinds: ['other'],
      ...SPEC,
      itemId: 'a',
      change: 'updated',
      sequence: 42,
      before: item('a', 10),
      after: item('a', 20),
      occurredAt: OPTIONS.occurredAt,
    });
  });

  test('omits nothing up to the size of an outbox entry, to the byte', () => {
    const longest = LIMIT - 8000 - jsonSize(changeOf(created('a', 0)));
    expect(changeOf(created('a', longest))).not.toHaveProperty('omitted');
    expect(changeOf(created('a', longest + 1))).toMatchObject({ omitted: ['field0'] });
  });

  test('that is slightly too large omits only its largest field', () => {
    expect(changeOf(updated(item('a', 10), item('a', 25_000, 20_000)))).toMatchObject({
      after: { id: 'a', field1: 'x'.repeat(20_000) },
      omitted: ['before', 'field0'],
    });
  });

  test('that is too large omits `before` first', () => {
    const change = changeOf(updated(item('a', 25_000), item('a', 25_000)));
    expect(change).toMatchObject({ before: null, after: item('a', 25_000), omitted: ['before'] });
  });

  test('that is still too large omits its largest fields', () => {
    const change = changeOf(updated(item('a', 10), item('a', 100, 60_000, 50_000, 200)));
    expect(change?.before).toBeNull();
    expect(Object.keys(change?.after ?? {}).toSorted()).toEqual(['field0', 'field3', 'id']);
    expect(change?.omitted).toEqual(['before', 'field1', 'field2']);
  });

  test('that deletes a large item omits `before`', () => {
    const change = changeOf({
      itemId: 'a',
      change: 'deleted',
      kinds: [],
      before: item('a', 60_000),
      after: null,
    });
    expect(change).toMatchObject({ before: null, after: null, omitted: ['before'] });
  });

  test.each([
    ['existed', item('a', 10), ['before', '*']],
    ['is new', null, ['*']],
  ])('with thousands of tiny fields keeps only the id of an item that %s', (_, before, omitted) => {
    const tiny: Item = { ...item('a', ...Array.from({ length: 20_000 }, () => 1)), etag: '"1"' };
    const change = changeOf({
      itemId: 'a',
      change: before === null ? 'created' : 'updated',
      kinds: [],
      before,
      after: { item: tiny, omitted: [] },
    });
    expect(change).toMatchObject({ before: null, after: { id: 'a' }, omitted });
    expect(Object.keys(change?.after ?? {})).toEqual(['id']);
  });

  test('also names the fields that the document omits', () => {
    const change = changeOf({
      itemId: 'a',
      change: 'created',
      kinds: [],
      before: null,
      after: { item: item('a', 10), omitted: ['description'] },
    });
    expect(change?.omitted).toEqual(['description']);
  });
});
