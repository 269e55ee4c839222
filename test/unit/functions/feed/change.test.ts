import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeMessage, changeSchema, shardOf, type Change } from '../../../../functions/feed/change.ts';
import { deadLetterMessage } from '../../../../functions/feed/dead-letter.ts';
import { anyCharacter } from '../../../support/any-character.ts';

const CHANGE: Change = {
  watchId: 'watch-1',
  user: 'ana@example.com',
  resource: 'events',
  calendarId: 'team@example.com',
  itemId: 'event-1',
  change: 'updated',
  kinds: ['renamed'],
  sequence: 12,
  before: { id: 'event-1', summary: 'a' },
  after: { id: 'event-1', summary: 'b' },
  occurredAt: '2026-05-04T10:00:00.000Z',
};
const PATH = 'users/ana@example.com/calendars/team@example.com/events/event-1';

describe('the shard of an item', () => {
  test('is a constant integer from 0 to 15', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (id) => {
        const shard = shardOf(id);
        expect(Number.isInteger(shard) && shard >= 0 && shard <= 15).toBe(true);
        expect(shardOf(id)).toBe(shard);
      }),
    );
  });

  test('takes each of the sixteen values over many items', () => {
    const shards = new Set(Array.from({ length: 1000 }, (_, index) => shardOf(`event-${String(index)}`)));
    expect(shards.size).toBe(16);
  });
});

describe('the message of a change', () => {
  test('has the attributes of a CloudEvent, and plain ones to filter on', () => {
    const message = changeMessage(CHANGE, PATH);
    expect(message.attributes).toEqual({
      'ce-specversion': '1.0',
      'ce-dataschema': 'urn:calendar-mirror:change:1',
      'ce-id': 'watch-1/12',
      'ce-type': 'calendar.events.updated',
      'ce-source': '//calendar-mirror/watches/watch-1',
      'ce-subject': PATH,
      'ce-time': CHANGE.occurredAt,
      'content-type': 'application/json',
      watch: 'watch-1',
      user: 'ana@example.com',
      resource: 'events',
      calendar: 'team@example.com',
      item: 'event-1',
      change: 'updated',
      sequence: '12',
      kind_renamed: 'true',
    });
    expect(message.orderingKey).toBe(`watch-1/${String(shardOf('event-1'))}`);
    expect(JSON.parse(message.data.toString())).toEqual(CHANGE);
  });

  test('has no calendar attribute without a calendar', () => {
    const { attributes, data } = changeMessage({ ...CHANGE, resource: 'settings', calendarId: null }, PATH);
    expect(attributes).not.toHaveProperty('calendar');
    expect(JSON.parse(data.toString())).toHaveProperty('calendarId', null);
  });

  test.each([
    ['x'.repeat(1024), true],
    ['x'.repeat(1025), false],
    ['ü'.repeat(512), true],
    ['ü'.repeat(513), false],
  ])('has the item id as an attribute only if Pub/Sub accepts its length', (itemId, there) => {
    const { attributes, data } = changeMessage({ ...CHANGE, itemId }, `${PATH}${itemId}`);
    expect('item' in attributes).toBe(there);
    expect(attributes).not.toHaveProperty('ce-subject');
    expect(JSON.parse(data.toString())).toHaveProperty('itemId', itemId);
  });

  test('has no attribute that Pub/Sub would reject, for any ids', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 1200 });
    fc.assert(
      fc.property(text, text, text, (user, calendarId, itemId) => {
        const { attributes } = changeMessage({ ...CHANGE, user, calendarId, itemId }, PATH + itemId);
        for (const value of Object.values(attributes))
          expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1024);
      }),
    );
  });
});

describe('the data of a change', () => {
  test.each<[string, Change]>([
    ['an update', CHANGE],
    ['a new item', { ...CHANGE, change: 'created', before: null }],
    ['a deletion', { ...CHANGE, change: 'deleted', after: null }],
    ['the first change of all', { ...CHANGE, sequence: 1, change: 'snapshot' }],
    ['a setting', { ...CHANGE, resource: 'settings', calendarId: null }],
    ['a rule', { ...CHANGE, resource: 'acl' }],
    ['a calendar of the list', { ...CHANGE, resource: 'calendarList', calendarId: null }],
    ['an item that is too large', { ...CHANGE, before: null, omitted: ['before', 'description'] }],
  ])('is parsed as it was written: %s', (_, change) => {
    expect(changeSchema.parse(JSON.parse(changeMessage(change, PATH).data.toString()))).toEqual(change);
  });

  test.each([
    ['watchId', undefined],
    ['user', undefined],
    ['resource', 'tasks'],
    ['calendarId', undefined],
    ['itemId', undefined],
    ['change', 'moved'],
    ['sequence', 0],
    ['sequence', 1.5],
    ['before', 'text'],
    ['after', undefined],
    ['occurredAt', undefined],
    ['omitted', [7]],
  ])('is rejected with the %s %j', (field, value) => {
    const issues = changeSchema.safeParse({ ...CHANGE, [field]: value }).error?.issues ?? [];
    expect(issues.map(({ path }) => path[0])).toEqual([field]);
  });
});

describe('a dead letter', () => {
  const TIME = '2026-05-04T10:00:00.000Z';

  test('has the reason and the original message', () => {
    const letter = { attributes: { watch: 'a/b' }, text: '{"x":1}', messageId: '17' };
    const message = deadLetterMessage(letter, 'an invalid watch id', TIME);
    expect(message.attributes).toEqual({
      'ce-specversion': '1.0',
      'ce-dataschema': 'urn:calendar-mirror:dead-letter:1',
      'ce-id': 'dead-letter/17',
      'ce-type': 'calendar.notification.refused',
      'ce-source': '//calendar-mirror/sync',
      'ce-time': TIME,
      'content-type': 'application/json',
      reason: 'an invalid watch id',
    });
    expect(message.orderingKey).toBe('dead-letters');
    expect(JSON.parse(message.data.toString())).toEqual({
      reason: 'an invalid watch id',
      messageId: '17',
      attributes: { watch: 'a/b' },
      data: '{"x":1}',
      refusedAt: TIME,
    });
  });

  test('is accepted by Pub/Sub, however large the original message is', () => {
    const letter = { attributes: undefined, text: 'ü'.repeat(5_000_000), messageId: undefined };
    const { attributes, data } = deadLetterMessage(letter, 'ü'.repeat(5000), TIME);
    expect(attributes['ce-id']).toBe('dead-letter/unknown');
    for (const value of Object.values(attributes)) expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1024);
    expect(data.length).toBeLessThan(1_000_000);
  });
});
