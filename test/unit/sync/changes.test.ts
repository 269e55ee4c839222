import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../../functions/calendar/resources.ts';
import { takePage } from '../../support/page.ts';
import { event, mirror, occurrence, SERIES } from '../../support/sample-items.ts';

/** The differences between a page and the mirror. */
const differences = (...given: Parameters<typeof takePage>) => takePage(...given).differences;

/** The same in short: which item, and what happened to it. */
const short = (...given: Parameters<typeof differences>): string[] =>
  differences(...given).map(({ itemId, change }) => `${itemId} ${change}`);

const large = (more: object = {}): Item => event('a', { description: 'x'.repeat(1_100_000), ...more });

describe('an item on a page', () => {
  test('that is not mirrored is created, and a snapshot while the mirror is first filled', () => {
    const [difference] = differences([event('a')], mirror());
    expect(difference).toEqual({
      itemId: 'a',
      change: 'created',
      before: null,
      after: { item: event('a'), omitted: [] },
    });
    expect(short([event('a')], mirror(), { initial: true })).toEqual(['a snapshot']);
  });

  test('that is mirrored as it is makes no difference, whatever the order of its keys', () => {
    expect(short([event('a', { x: { y: [1] } })], mirror({ x: { y: [1] }, ...event('a') }))).toEqual([]);
  });

  test.each([
    ['another etag alone', { etag: '"2"' }],
    ['another reminder under the same etag', { reminders: { useDefault: true } }],
    ['a field less', { etag: '"1"', status: undefined }],
  ])('that has %s is updated', (_, more) => {
    const after: Item = JSON.parse(JSON.stringify(event('a', more)));
    const [difference] = differences([after], mirror(event('a')));
    expect(difference).toMatchObject({ change: 'updated', before: event('a'), after: { item: after } });
  });

  test('that comes twice counts as it came last', () => {
    const page = [event('a', { summary: 'first' }), event('b'), event('a', { summary: 'last' })];
    const found = differences(page, mirror());
    expect(found.map(({ itemId }) => itemId)).toEqual(['a', 'b']);
    expect(found[0]?.after?.item['summary']).toBe('last');
  });

  test('that is too large is changed only when what is left of it, or what is left out, has changed', () => {
    const before = mirror(event('a'));
    before.set('a', { item: event('a'), etag: '"1"', omitted: ['description'] });
    expect(short([large()], before)).toEqual([]);
    expect(short([large({ etag: '"2"' })], before)).toEqual(['a updated']);
    expect(short([event('a')], before)).toEqual(['a updated']);
  });
});

describe('what Google says is gone', () => {
  test.each([
    ['events', { id: 'a', status: 'cancelled' }],
    ['acl', { id: 'a', role: 'none' }],
    ['calendarList', { id: 'a', deleted: true }],
  ] as const)('among %s is deleted, where it was mirrored', (resource, tombstone) => {
    const before = mirror({ id: 'a', value: 1 });
    expect(differences([tombstone], before, { resource })).toEqual([
      { itemId: 'a', change: 'deleted', before: { id: 'a', value: 1 }, after: null },
    ]);
    expect(short([tombstone], mirror(), { resource })).toEqual([]);
  });

  test('is nothing among settings, which have no such form', () => {
    const odd = { id: 'a', status: 'cancelled', role: 'none', deleted: true };
    expect(short([odd], mirror(), { resource: 'settings' })).toEqual(['a created']);
  });
});

describe('a cancelled occurrence of a recurring event', () => {
  const cancelled = occurrence('series_1', { status: 'cancelled', etag: '"2"' });

  test('is kept for as long as its parent lives', () => {
    expect(short([cancelled], mirror(SERIES))).toEqual(['series_1 created']);
    expect(short([cancelled], mirror(SERIES, occurrence('series_1')))).toEqual(['series_1 updated']);
    expect(short([cancelled], mirror(SERIES, cancelled))).toEqual([]);
  });

  test('is deleted where occurrences are events of their own', () => {
    const before = mirror(occurrence('series_1'));
    expect(short([cancelled], before, { singleEvents: true })).toEqual(['series_1 deleted']);
  });

  test('goes with its parent, whether Google says so or not', () => {
    const gone = { id: 'series', status: 'cancelled' };
    const before = mirror(SERIES, cancelled, occurrence('series_2'));
    const all = ['series deleted', 'series_1 deleted', 'series_2 deleted'];
    expect(short([gone], before)).toEqual(all);
    expect(short([gone, cancelled, occurrence('series_2', { status: 'cancelled' })], before)).toEqual(all);
    expect(short([cancelled, gone], before).toSorted()).toEqual(all);
  });

  test('is not kept when its parent was deleted on an earlier page', () => {
    expect(short([cancelled], mirror(), { deletedParents: new Set(['series']) })).toEqual([]);
  });

  test('goes when nothing is known of the parent but that it is deleted', () => {
    expect(short([{ id: 'series', status: 'cancelled' }], mirror(cancelled))).toEqual(['series_1 deleted']);
  });

  test('goes when the series becomes a single event, and what still stands of the series stays', () => {
    const before = mirror(SERIES, cancelled, occurrence('series_2'));
    const single = event('series', { etag: '"2"' });
    expect(short([single], before)).toEqual(['series updated', 'series_1 deleted']);
    expect(short([single, cancelled], before)).toEqual(['series updated', 'series_1 deleted']);
    expect(short([single], before, { singleEvents: true })).toEqual(['series updated']);
  });

  test.each([7, ''])('is a plain event when %j is all that it says of its parent', (recurringEventId) => {
    const odd = event('a', { recurringEventId, status: 'cancelled' });
    expect(short([odd], mirror(event('a')))).toEqual(['a deleted']);
  });

  test('does not go when another event is deleted', () => {
    expect(short([{ id: 'other', status: 'cancelled' }], mirror(SERIES, cancelled))).toEqual([]);
  });
});

test('applying the differences of any page once leaves nothing for the same page to change', () => {
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
