/** Pages of arbitrary values: items are mirrored exactly, or skipped and named; nothing throws and nothing leaks. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seriesEnd } from '../../../../functions/calendar/recurrence/occurrences.ts';
import { RESOURCES, type Item } from '../../../../functions/calendar/resources.ts';
import { changeSchema } from '../../../../functions/feed/change.ts';
import { decodeData, encodeData, storedSize } from '../../../../functions/mirror/data.ts';
import { isStorableId } from '../../../../functions/firestore/paths.ts';
import { etagOf, itemDocument, type MirroredItem } from '../../../../functions/mirror/items.ts';
import type { CompareOptions } from '../../../../functions/sync/changes.ts';
import { eventFields } from '../../../../functions/sync/event-fields.ts';
import { batches } from '../../../../functions/sync/batches.ts';
import { hostileEntry } from '../../../support/hostile-items.ts';
import { COLLECTION, comparePage } from '../../../support/page.ts';
import { SPEC } from '../../../support/sample-watch.ts';

const NUMBERING = {
  watchId: 'watch-1',
  target: SPEC,
  sequence: 0,
  occurredAt: '2026-05-04T10:00:00.000Z',
  fieldsOf: (item: Item) => eventFields(item, 'Europe/Zurich', seriesEnd),
};

/** Returns a value as it is parsed from a response. */
const received = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');

/** Applies a page as sync does, without Firestore. Returns the mirror after it, and its changes. */
function applyPage(
  page: readonly unknown[],
  mirror: ReadonlyMap<string, MirroredItem>,
  given: Partial<CompareOptions> = {},
) {
  const { items, skipped, differences } = comparePage(page, mirror, given);
  const after = new Map(mirror);
  for (const { itemId, after: now } of differences) {
    if (now === null) after.delete(itemId);
    else after.set(itemId, { ...now, etag: etagOf(now.item), sequence: 1, beside: {} });
  }
  const changes = [...batches(differences, NUMBERING)].flatMap((batch) => batch.changes);
  return { items, skipped, differences, after, changes };
}

const prototypes = (): unknown =>
  [Object, Array, Map, Function].map(({ prototype }) => Object.getOwnPropertyNames(prototype));

const page = fc.array(hostileEntry, { maxLength: 6 }).map((entries) => entries.map(received));
const kind = fc.record({
  resource: fc.constantFrom(...RESOURCES),
  singleEvents: fc.boolean(),
  initial: fc.boolean(),
});

describe('a page of arbitrary values', () => {
  test('is mirrored, except for items that are skipped and named', () => {
    fc.assert(
      fc.property(page, kind, (entries, given) => {
        const { items, skipped } = applyPage(entries, new Map(), given);
        for (const entry of entries) {
          const id = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
          const possible = typeof id === 'string' && isStorableId(COLLECTION, id);
          expect(possible ? items.has(id) : skipped.size > 0).toBe(true);
        }
      }),
      { numRuns: 80 },
    );
  });

  test('is read back from documents and outbox, except for omitted fields', () => {
    fc.assert(
      fc.property(page, kind, (entries, given) => {
        const { items, differences, changes } = applyPage(entries, new Map(), given);
        expect(changes.map(({ sequence }) => sequence)).toEqual(differences.map((_, index) => index + 1));
        for (const { itemId, after } of differences) {
          if (after === null) throw new Error('a deletion, though nothing is mirrored');
          const { data } = itemDocument(after, 1, {});
          expect(isDeepStrictEqual(decodeData(encodeData(after.item), itemId), after.item)).toBe(true);
          expect(storedSize(data)).toBeLessThanOrEqual(1_000_000);
          const original = Object.entries(items.get(itemId) ?? {});
          const kept = original.filter(([name]) => !after.omitted.includes(name.toWellFormed()));
          expect(after.omitted[0] === '*' || isDeepStrictEqual(Object.entries(after.item), kept)).toBe(true);
        }
        const read = changes.map((change) => changeSchema.parse(JSON.parse(JSON.stringify(change))));
        expect(isDeepStrictEqual(read, changes)).toBe(true);
      }),
      { numRuns: 80 },
    );
  });

  test('makes no change when it is listed again', () => {
    fc.assert(
      fc.property(page, page, kind, (first, second, given) => {
        const { after: mirrored } = applyPage(first, new Map(), given);
        const { after, items } = applyPage([...second, ...first], mirrored, given);
        const again = applyPage([...second, ...first], after, given);
        expect(again.differences.map(({ itemId }) => itemId)).toEqual([]);
        expect(again.items.size).toBe(items.size);
      }),
      { numRuns: 80 },
    );
  });

  test('does not pollute prototypes', () => {
    const before = prototypes();
    fc.assert(
      fc.property(page, kind, (entries, given) => {
        const { after, changes } = applyPage(entries, new Map(), given);
        expect(prototypes()).toEqual(before);
        for (const { item } of after.values()) expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
        for (const { after: item } of changes) {
          expect([null, Object.prototype]).toContain(item === null ? null : Object.getPrototypeOf(item));
        }
      }),
    );
  });
});

test.each([
  ['maps', '{"in":', '}'],
  ['lists', '[', ']'],
])('a value of 100,000 nested %s is omitted and named', (_, open, close) => {
  const text = `{"id":"deep","abyss":${open.repeat(100_000)}1${close.repeat(100_000)},"summary":"kept"}`;
  const { differences } = applyPage([JSON.parse(text)], new Map());
  expect(differences).toMatchObject([
    { itemId: 'deep', after: { item: { id: 'deep', summary: 'kept' }, omitted: ['abyss'] } },
  ]);
});
