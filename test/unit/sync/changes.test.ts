import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../../functions/calendar/resources.ts';
import type { MirroredItem } from '../../../functions/mirror/items.ts';
import {
  cameAndWent,
  compare,
  deletedParents,
  endedSeries,
  deletions,
  readPage,
  type PageInput,
} from '../../../functions/sync/changes.ts';

const COLLECTION = 'users/ana@example.com/calendars/team@example.com/events';

/** What the mirror has of items, as sync would have put it there. */
function mirror(...items: readonly Item[]): Map<string, MirroredItem> {
  return new Map(
    items.map((item) => {
      const etag = typeof item['etag'] === 'string' ? item['etag'] : null;
      return [item.id, { item, etag, omitted: [] }];
    }),
  );
}

/** The differences between a page and the mirror, found as sync finds them. */
function differences(
  page: readonly unknown[],
  mirrored: Map<string, MirroredItem>,
  given: Partial<PageInput> = {},
) {
  const input: PageInput = {
    resource: 'events',
    collection: COLLECTION,
    items: page,
    initial: false,
    singleEvents: false,
    deletedParents: new Set(),
    ...given,
  };
  const { items } = readPage(COLLECTION, page);
  const parents = deletedParents(input, items, mirrored);
  return compare(input, items, mirrored, parents, endedSeries(input, items, mirrored));
}

/** The same in short: which item, and what happened to it. */
const short = (...given: Parameters<typeof differences>): string[] =>
  differences(...given).map(({ itemId, change }) => `${itemId} ${change}`);

const event = (id: string, more: object = {}): Item => ({ id, etag: '"1"', status: 'confirmed', ...more });
const SERIES = event('series', { recurrence: ['RRULE:FREQ=DAILY'] });
const occurrence = (id: string, more: object = {}): Item =>
  event(id, { recurringEventId: 'series', ...more });

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
    const large = (more: object = {}): Item => event('a', { description: 'x'.repeat(1_100_000), ...more });
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

  test('does not go when another event is deleted', () => {
    expect(short([{ id: 'other', status: 'cancelled' }], mirror(SERIES, cancelled))).toEqual([]);
  });
});

const parents = (
  items: readonly Item[],
  known: Map<string, MirroredItem>,
  given: Partial<PageInput> = {},
) => [
  ...deletedParents(
    { resource: 'events', singleEvents: false, ...given },
    new Map(items.map((each) => [each.id, each])),
    known,
  ),
];

describe('the recurring events that a page deletes', () => {
  const gone = { id: 'series', status: 'cancelled' };

  test.each<[string, string[], Item, Map<string, MirroredItem>, Partial<PageInput>]>([
    ['are those that recurred', ['series'], gone, mirror(SERIES), {}],
    ['are those of which nothing is known', ['series'], gone, mirror(), {}],
    ['are not those that never recurred', [], gone, mirror(event('series')), {}],
    ['are not those that live', [], SERIES, mirror(SERIES), {}],
    ['are not occurrences', [], occurrence('series_1', { status: 'cancelled' }), mirror(), {}],
    ['are none where occurrences are events of their own', [], gone, mirror(), { singleEvents: true }],
    ['are none among rules', [], { id: 'series', role: 'none' }, mirror(), { resource: 'acl' }],
  ])('%s', (_, expected, item, known, given) => {
    expect(parents([item], known, given)).toEqual(expected);
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

describe('a page', () => {
  test.each([
    ['no id', { summary: 'x' }, '(no id)'],
    ['an empty id', { id: '' }, '(no id)'],
    ['a number for an id', { id: 7 }, '(no id)'],
    ['an id of 1,501 bytes', { id: 'x'.repeat(1501) }, 'x'.repeat(100)],
    ['half of a character for an id', { id: 'a\u{d800}' }, 'a\u{fffd}'],
    [
      'an over-long id cut within a character',
      { id: `${'x'.repeat(99)}🎉${'x'.repeat(1500)}` },
      `${'x'.repeat(99)}\u{fffd}`,
    ],
    ['nothing', null, '(no id)'],
    ['text', 'x', '(no id)'],
  ])('with %s for an item is mirrored but for that, which is named', (_, odd, name) => {
    const { items, setAside } = readPage(COLLECTION, [event('a'), odd, event('b')]);
    expect([...items.keys()]).toEqual(['a', 'b']);
    expect([...setAside.keys()]).toEqual([name]);
    expect(setAside.get(name)).toMatch(/id/);
  });
});

test('what a sweep finds gone is deleted', () => {
  expect(deletions(mirror(event('a'), event('b')))).toEqual([
    { itemId: 'a', change: 'deleted', before: event('a'), after: null },
    { itemId: 'b', change: 'deleted', before: event('b'), after: null },
  ]);
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
