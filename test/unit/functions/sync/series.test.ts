import { describe, expect, test } from 'vitest';
import type { Item } from '../../../../functions/calendar/resources.ts';
import type { MirroredItem } from '../../../../functions/mirror/items.ts';
import { findEndings, type CompareOptions } from '../../../../functions/sync/changes.ts';
import { endsBefore } from '../../../../functions/sync/lost-series.ts';
import { event, mirror, occurrence, SERIES } from '../../../support/sample-items.ts';

const endings = (item: Item, known: Map<string, MirroredItem>, given: Partial<CompareOptions>) =>
  findEndings({ resource: 'events', singleEvents: false, ...given }, new Map([[item.id, item]]), known);

describe('the series that a page ends', () => {
  const single = event('series', { etag: '"2"' });

  test.each<[string, string[], Item, Map<string, MirroredItem>, Partial<CompareOptions>]>([
    ['are those that became single events', ['series'], single, mirror(SERIES), {}],
    ['are those whose rules were removed', ['series'], { ...SERIES, recurrence: [] }, mirror(SERIES), {}],
    ['are not those that still recur', [], SERIES, mirror(SERIES), {}],
    ['are not those that are deleted', [], { id: 'series', status: 'cancelled' }, mirror(SERIES), {}],
    ['are not those that are not mirrored', [], single, mirror(), {}],
    ['are not those that never recurred', [], single, mirror(event('series', { recurrence: [] })), {}],
    ['are not those with invalid rules', [], single, mirror(event('series', { recurrence: 'x' })), {}],
    ['are none with singleEvents', [], single, mirror(SERIES), { singleEvents: true }],
    ['are none among ACL rules', [], single, mirror(SERIES), { resource: 'acl' }],
  ])('%s', (_, expected, item, known, given) => {
    expect([...endings(item, known, given).endedSeries]).toEqual(expected);
  });
});

describe('the recurring events that a page deletes', () => {
  const gone = { id: 'series', status: 'cancelled' };

  test.each<[string, string[], Item, Map<string, MirroredItem>, Partial<CompareOptions>]>([
    ['are those that recurred', ['series'], gone, mirror(SERIES), {}],
    ['are those that are not mirrored', ['series'], gone, mirror(), {}],
    ['are not those that never recurred', [], gone, mirror(event('series')), {}],
    [
      'are those with an invalid recurringEventId',
      ['series'],
      { ...gone, recurringEventId: 7 },
      mirror(SERIES),
      {},
    ],
    [
      'are those with an empty recurringEventId',
      ['series'],
      { ...gone, recurringEventId: '' },
      mirror(SERIES),
      {},
    ],
    ['are not those that exist', [], SERIES, mirror(SERIES), {}],
    ['are not occurrences', [], occurrence('series_1', { status: 'cancelled' }), mirror(), {}],
    ['are none with singleEvents', [], gone, mirror(), { singleEvents: true }],
    ['are none among ACL rules', [], { id: 'series', role: 'none' }, mirror(), { resource: 'acl' }],
  ])('%s', (_, expected, item, known, given) => {
    expect([...endings(item, known, given).deletedParents]).toEqual(expected);
  });
});

const series = (...recurrence: readonly string[]) => event('series', { recurrence });
const at = (dateTime: string) => occurrence('series_1', { originalStartTime: { dateTime } });
const on = (date: string) => occurrence('series_1', { originalStartTime: { date } });

describe('a series ends before an occurrence', () => {
  test.each([
    [
      'that starts after its UNTIL',
      true,
      ['RRULE:FREQ=DAILY;UNTIL=20300110T090000Z'],
      at('2030-01-10T10:00:01+01:00'),
    ],
    [
      'but not one that starts at its UNTIL',
      false,
      ['RRULE:FREQ=DAILY;UNTIL=20300110T090000Z'],
      at('2030-01-10T10:00:00+01:00'),
    ],
    ['on a later day', true, ['RRULE:UNTIL=20300110;FREQ=DAILY'], on('2030-01-11')],
    ['but not one on its last day', false, ['RRULE:FREQ=DAILY;UNTIL=20300110'], on('2030-01-10')],
    [
      'but not one on its last day, in any time zone',
      false,
      ['RRULE:FREQ=DAILY;UNTIL=20300110'],
      at('2030-01-10T23:00:00-12:00'),
    ],
    [
      'but not if one of its rules has no UNTIL',
      false,
      ['RRULE:FREQ=DAILY;UNTIL=20300110', 'RRULE:FREQ=DAILY'],
      on('2031-01-01'),
    ],
    [
      'but not if it has extra dates',
      false,
      ['RRULE:FREQ=DAILY;UNTIL=20300110', 'RDATE:20310101'],
      on('2031-01-01'),
    ],
    ['but not if it has no rule', false, [], on('2031-01-01')],
    ['but not one without an original start', false, ['RRULE:FREQ=DAILY;UNTIL=20300110'], occurrence('x')],
  ])('%s', (_, expected, recurrence, item) => {
    expect(endsBefore(series(...recurrence), item)).toBe(expected);
  });
});
