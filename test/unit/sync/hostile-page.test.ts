/** Pages of anything at all: what can be mirrored is, exactly; what cannot is named; nothing throws and nothing leaks. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RESOURCES, type Item } from '../../../functions/calendar/resources.ts';
import { changeSchema } from '../../../functions/feed/change.ts';
import { decodeData, encodeData, storedSize } from '../../../functions/mirror/data.ts';
import { fitsPath } from '../../../functions/mirror/ids.ts';
import { etagOf, itemDocument, type MirroredItem } from '../../../functions/mirror/items.ts';
import type { PageInput } from '../../../functions/sync/changes.ts';
import { eventFields } from '../../../functions/sync/event-fields.ts';
import { parts } from '../../../functions/sync/parts.ts';
import { hostileEntry } from '../../support/hostile-items.ts';
import { COLLECTION, takePage } from '../../support/page.ts';
import { SPEC } from '../../support/sample-watch.ts';

const NUMBERING = {
  watchId: 'watch-1',
  target: SPEC,
  sequence: 0,
  occurredAt: '2026-05-04T10:00:00.000Z',
  fieldsOf: (item: Item) => eventFields(item, 'Europe/Zurich'),
};

/** What parsing the text of an answer makes of a value. */
const received = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');

/** Takes a page up as sync does, without Firestore: the mirror after it, and its changes. */
function takeUp(
  page: readonly unknown[],
  mirror: ReadonlyMap<string, MirroredItem>,
  given: Partial<PageInput> = {},
) {
  const { items, setAside, differences } = takePage(page, mirror, given);
  const after = new Map(mirror);
  for (const { itemId, after: now } of differences) {
    if (now === null) after.delete(itemId);
    else after.set(itemId, { ...now, etag: etagOf(now.item) });
  }
  const changes = [...parts(differences, NUMBERING)].flatMap((part) => part.changes);
  return { items, setAside, differences, after, changes };
}

const prototypes = (): unknown =>
  [Object, Array, Map, Function].map(({ prototype }) => Object.getOwnPropertyNames(prototype));

const page = fc.array(hostileEntry, { maxLength: 6 }).map((entries) => entries.map(received));
const kind = fc.record({
  resource: fc.constantFrom(...RESOURCES),
  singleEvents: fc.boolean(),
  initial: fc.boolean(),
});

describe('a page of anything at all', () => {
  test('is mirrored item by item, or set aside by name', () => {
    fc.assert(
      fc.property(page, kind, (entries, given) => {
        const { items, setAside } = takeUp(entries, new Map(), given);
        for (const entry of entries) {
          const id = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
          const possible = typeof id === 'string' && fitsPath(COLLECTION, id);
          expect(possible ? items.has(id) : setAside.size > 0).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('comes back from document and outbox as it was, but for what is named', () => {
    fc.assert(
      fc.property(page, kind, (entries, given) => {
        const { items, differences, changes } = takeUp(entries, new Map(), given);
        expect(changes.map(({ sequence }) => sequence)).toEqual(differences.map((_, index) => index + 1));
        for (const { itemId, after } of differences) {
          if (after === null) throw new Error('nothing was mirrored that could be deleted');
          const { data } = itemDocument(after, 1, undefined);
          expect(isDeepStrictEqual(decodeData(encodeData(after.item), itemId), after.item)).toBe(true);
          expect(storedSize(data)).toBeLessThanOrEqual(1_000_000);
          const original = Object.entries(items.get(itemId) ?? {});
          const kept = original.filter(([name]) => !after.omitted.includes(name.toWellFormed()));
          expect(after.omitted[0] === '*' || isDeepStrictEqual(Object.entries(after.item), kept)).toBe(true);
        }
        const read = changes.map((change) => changeSchema.parse(JSON.parse(JSON.stringify(change))));
        expect(isDeepStrictEqual(read, changes)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('makes no change when it comes again', () => {
    fc.assert(
      fc.property(page, page, kind, (first, second, given) => {
        const { after: mirrored } = takeUp(first, new Map(), given);
        const { after, items } = takeUp([...second, ...first], mirrored, given);
        const again = takeUp([...second, ...first], after, given);
        expect(again.differences.map(({ itemId }) => itemId)).toEqual([]);
        expect(again.items.size).toBe(items.size);
      }),
      { numRuns: 200 },
    );
  });

  test('leaves every prototype as it is', () => {
    const before = prototypes();
    fc.assert(
      fc.property(page, kind, (entries, given) => {
        const { after, changes } = takeUp(entries, new Map(), given);
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
])('a value of 100,000 %s in each other is left out and named', (_, open, close) => {
  const text = `{"id":"deep","abyss":${open.repeat(100_000)}1${close.repeat(100_000)},"summary":"kept"}`;
  const { differences } = takeUp([JSON.parse(text)], new Map());
  expect(differences).toMatchObject([
    { itemId: 'deep', after: { item: { id: 'deep', summary: 'kept' }, omitted: ['abyss'] } },
  ]);
});
