import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../../../functions/calendar/resources.ts';
import { comparePage } from '../../../support/page.ts';
import { event, mirror, occurrence, SERIES } from '../../../support/sample-items.ts';

/** Returns the differences between a page and the mirror. */
const differences = (...given: Parameters<typeof comparePage>) => comparePage(...given).differences;

/** Returns the differences in short: the item and its change. */
const short = (...given: Parameters<typeof differences>): string[] =>
  differences(...given).map(({ itemId, change }) => `${itemId} ${change}`);

/** Returns the kinds of each difference. */
const kinds = (...given: Parameters<typeof differences>) => differences(...given).map((each) => each.kinds);

const large = (more: object = {}): Item => event('a', { description: 'x'.repeat(1_100_000), ...more });

describe('an item on a page', () => {
  test('that is not mirrored is created, or a snapshot in the first full sync', () => {
    const [difference] = differences([event('a')], mirror());
    expect(difference).toEqual({
      itemId: 'a',
      change: 'created',
      kinds: [],
      before: null,
      after: { item: event('a'), omitted: [] },
    });
    expect(short([event('a')], mirror(), { initial: true })).toEqual(['a snapshot']);
  });

  test('that is unchanged makes no difference, whatever the order of its keys', () => {
    expect(short([event('a', { x: { y: [1] } })], mirror({ x: { y: [1] }, ...event('a') }))).toEqual([]);
  });

  test.each([
    ['only another etag', { etag: '"2"' }],
    ['another reminder under the same etag', { reminders: { useDefault: true } }],
    ['one field less', { etag: '"1"', status: undefined }],
  ])('that has %s is updated', (_, more) => {
    const after: Item = JSON.parse(JSON.stringify(event('a', more)));
    const [difference] = differences([after], mirror(event('a')));
    expect(difference).toMatchObject({ change: 'updated', before: event('a'), after: { item: after } });
  });

  test('that is repeated counts in its last form', () => {
    const page = [event('a', { summary: 'first' }), event('b'), event('a', { summary: 'last' })];
    const found = differences(page, mirror());
    expect(found.map(({ itemId }) => itemId)).toEqual(['a', 'b']);
    expect(found[0]?.after?.item['summary']).toBe('last');
  });

  test('with a sequence of an earlier epoch is announced again as a snapshot', () => {
    const base = 1_000_000_000;
    const before = mirror(event('a'), event('b', { etag: '"0"' }));
    before.set('c', { item: event('c'), etag: '"1"', omitted: [], sequence: base + 1, beside: {} });
    const page = [event('a'), event('b'), event('c'), { id: 'd', status: 'cancelled' }];
    before.set('d', { item: event('d'), etag: '"1"', omitted: [], sequence: base, beside: {} });
    expect(short(page, before, { base })).toEqual(['a snapshot', 'b snapshot', 'd deleted']);
    expect(differences([event('b')], before, { base })[0]?.before).toBeNull();
    expect(short([event('a'), event('c')], before)).toEqual([]);
  });

  test('that is too large is updated only if its kept or omitted fields change', () => {
    const before = mirror(event('a'));
    before.set('a', { item: event('a'), etag: '"1"', omitted: ['description'], sequence: 1, beside: {} });
    expect(short([large()], before)).toEqual([]);
    expect(short([large({ etag: '"2"' })], before)).toEqual(['a updated']);
    expect(short([event('a')], before)).toEqual(['a updated']);
  });

  test('that is too large has the kinds of its whole content, and none of what the mirror omits', () => {
    const before = mirror(event('a'));
    expect(kinds([large()], before)).toEqual([['description']]);
    before.set('a', { item: event('a'), etag: '"1"', omitted: ['description'], sequence: 1, beside: {} });
    expect(kinds([large({ summary: 'B', etag: '"2"' })], before)).toEqual([['renamed']]);
    expect(kinds([event('a', { location: 'B2', etag: '"2"' })], before)).toEqual([['location']]);
    // The description may have changed, or nothing.
    expect(kinds([large({ etag: '"2"' })], before)).toEqual([['other']]);
    expect(kinds([event('a')], before)).toEqual([['other']]);
  });

  test.each([
    ['events', 'touched'],
    ['acl', 'role'],
    ['calendarList', 'other'],
    ['settings', 'value'],
  ] as const)('of %s whose document has another etag is updated with a kind', (resource, kind) => {
    const before = mirror({ id: 'a', value: 1 });
    before.set('a', { item: { id: 'a', value: 1 }, etag: '"edited"', omitted: [], sequence: 1, beside: {} });
    expect(kinds([{ id: 'a', value: 1 }], before, { resource })).toEqual([[kind]]);
  });
});

describe('a deleted item', () => {
  test.each([
    ['events', { id: 'a', status: 'cancelled' }, 'cancelled'],
    ['acl', { id: 'a', role: 'none' }, 'revoked'],
    ['calendarList', { id: 'a', deleted: true }, 'removed'],
  ] as const)('of %s is deleted if it is mirrored', (resource, tombstone, kind) => {
    const before = mirror({ id: 'a', value: 1 });
    expect(differences([tombstone], before, { resource })).toEqual([
      { itemId: 'a', change: 'deleted', kinds: [kind], before: { id: 'a', value: 1 }, after: null },
    ]);
    expect(short([tombstone], mirror(), { resource })).toEqual([]);
  });

  test('does not exist among settings', () => {
    const odd = { id: 'a', status: 'cancelled', role: 'none', deleted: true };
    expect(short([odd], mirror(), { resource: 'settings' })).toEqual(['a created']);
  });
});

describe('a cancelled occurrence of a recurring event', () => {
  const cancelled = occurrence('series_1', { status: 'cancelled', etag: '"2"' });

  test('is kept while its series exists', () => {
    expect(short([cancelled], mirror(SERIES))).toEqual(['series_1 created']);
    expect(short([cancelled], mirror(SERIES, occurrence('series_1')))).toEqual(['series_1 updated']);
    expect(short([cancelled], mirror(SERIES, cancelled))).toEqual([]);
  });

  test('is deleted with singleEvents', () => {
    const before = mirror(occurrence('series_1'));
    expect(short([cancelled], before, { singleEvents: true })).toEqual(['series_1 deleted']);
  });

  test('is deleted with its series, whether or not Google lists it', () => {
    const gone = { id: 'series', status: 'cancelled' };
    const before = mirror(SERIES, cancelled, occurrence('series_2'));
    const all = ['series deleted', 'series_1 deleted', 'series_2 deleted'];
    expect(short([gone], before)).toEqual(all);
    expect(short([gone, cancelled, occurrence('series_2', { status: 'cancelled' })], before)).toEqual(all);
    expect(short([cancelled, gone], before).toSorted()).toEqual(all);
  });

  test('is not mirrored if its series was deleted on an earlier page', () => {
    expect(short([cancelled], mirror(), { deletedParents: new Set(['series']) })).toEqual([]);
  });

  test('is deleted with a series that is not mirrored', () => {
    expect(short([{ id: 'series', status: 'cancelled' }], mirror(cancelled))).toEqual(['series_1 deleted']);
  });

  test('is deleted when its series becomes a single event, and others stay', () => {
    const before = mirror(SERIES, cancelled, occurrence('series_2'));
    const single = event('series', { etag: '"2"' });
    expect(short([single], before)).toEqual(['series updated', 'series_1 deleted']);
    expect(short([single, cancelled], before)).toEqual(['series updated', 'series_1 deleted']);
    expect(short([single], before, { singleEvents: true })).toEqual(['series updated']);
  });

  test.each([7, ''])('is a single event if its recurringEventId is %j', (recurringEventId) => {
    const odd = event('a', { recurringEventId, status: 'cancelled' });
    expect(short([odd], mirror(event('a')))).toEqual(['a deleted']);
  });

  test('stays when another event is deleted', () => {
    expect(short([{ id: 'other', status: 'cancelled' }], mirror(SERIES, cancelled))).toEqual([]);
  });
});

test('a page makes no differences once its differences are applied', () => {
  const anyItem = fc
    .record({
      id: fc.constantFrom('a', 'b', 'series', 'series_1', 'series_2'),
      etag: fc.constantFrom('"1"', '"2"'),
      status: fc.constantFrom('confirmed', 'cancelled'),
    })
    .map(({ id, ...rest }) => {
      if (id === 'series') return { ...SERIES, ...rest };
      return id.startsWith('series_') ? occurrence(id, rest) : event(id, rest);
    });
  fc.assert(
    fc.property(fc.array(anyItem), fc.array(anyItem), fc.boolean(), (page, known, singleEvents) => {
      const before = mirror(...known);
      const after = new Map(before);
      for (const { itemId, after: now } of differences(page, before, { singleEvents })) {
        if (now === null) after.delete(itemId);
        else for (const [key, value] of mirror(now.item)) after.set(key, value);
      }
      expect(short(page, after, { singleEvents })).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
