import { describe, expect, test } from 'vitest';
import type { Item } from '../../../functions/calendar/resources.ts';
import type { MirroredItem } from '../../../functions/mirror/items.ts';
import { deletedParents, endedSeries, type PageInput } from '../../../functions/sync/changes.ts';
import { event, mirror, occurrence, SERIES } from '../../support/sample-items.ts';

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

describe('the series that a page ends', () => {
  const single = event('series', { etag: '"2"' });

  test.each<[string, string[], Item, Map<string, MirroredItem>, Partial<PageInput>]>([
    ['are those that became single events', ['series'], single, mirror(SERIES), {}],
    [
      'are those whose rules were all taken away',
      ['series'],
      { ...SERIES, recurrence: [] },
      mirror(SERIES),
      {},
    ],
    ['are not those that go on', [], SERIES, mirror(SERIES), {}],
    ['are not those that are deleted', [], { id: 'series', status: 'cancelled' }, mirror(SERIES), {}],
    ['are not those of which nothing is known', [], single, mirror(), {}],
    ['are not those that never recurred', [], single, mirror(event('series', { recurrence: [] })), {}],
    ['are not those whose rules make no sense', [], single, mirror(event('series', { recurrence: 'x' })), {}],
    [
      'are none where occurrences are events of their own',
      [],
      single,
      mirror(SERIES),
      { singleEvents: true },
    ],
    ['are none among rules', [], single, mirror(SERIES), { resource: 'acl' }],
  ])('%s', (_, expected, item, known, given) => {
    const ended = endedSeries(
      { resource: 'events', singleEvents: false, ...given },
      new Map([[item.id, item]]),
      known,
    );
    expect([...ended]).toEqual(expected);
  });
});

describe('the recurring events that a page deletes', () => {
  const gone = { id: 'series', status: 'cancelled' };

  test.each<[string, string[], Item, Map<string, MirroredItem>, Partial<PageInput>]>([
    ['are those that recurred', ['series'], gone, mirror(SERIES), {}],
    ['are those of which nothing is known', ['series'], gone, mirror(), {}],
    ['are not those that never recurred', [], gone, mirror(event('series')), {}],
    [
      'are those that say nothing sensible of a parent',
      ['series'],
      { ...gone, recurringEventId: 7 },
      mirror(SERIES),
      {},
    ],
    ['are those that name no parent', ['series'], { ...gone, recurringEventId: '' }, mirror(SERIES), {}],
    ['are not those that live', [], SERIES, mirror(SERIES), {}],
    ['are not occurrences', [], occurrence('series_1', { status: 'cancelled' }), mirror(), {}],
    ['are none where occurrences are events of their own', [], gone, mirror(), { singleEvents: true }],
    ['are none among rules', [], { id: 'series', role: 'none' }, mirror(), { resource: 'acl' }],
  ])('%s', (_, expected, item, known, given) => {
    expect(parents([item], known, given)).toEqual(expected);
  });
});
