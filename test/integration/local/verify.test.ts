import { expect, test } from 'vitest';
import type { FeedMessage } from '../../../infra/local/feed.ts';
import { placeOf, type MirroredItem } from '../../../infra/local/mirror.ts';
import { checkFeed } from '../../../infra/local/verify-feed.ts';
import { compareItems } from '../../../infra/local/verify-mirror.ts';

function mirrored(itemId: string, data: Record<string, unknown>, omitted: string[] = []): MirroredItem {
  const path = `users/ana@example.com/settings/${itemId}`;
  return { user: 'ana@example.com', resource: 'settings', itemId, path, data, sequence: 1, omitted };
}

function message(sequence: number, itemId: string, before: unknown, after: unknown): FeedMessage {
  return {
    watchId: 'w',
    user: 'ana@example.com',
    resource: 'settings',
    calendarId: null,
    itemId,
    occurredAt: '2026-05-04T10:00:00.000Z',
    change: after === null ? 'deleted' : before === null ? 'created' : 'updated',
    sequence,
    before: before === null ? null : { value: before },
    after: after === null ? null : { value: after },
    attributes: { 'ce-id': `w/${sequence}` },
    orderingKey: 'w/0',
  };
}

test('a mirror that holds exactly what the calendar lists has no differences', () => {
  const listed = [{ id: 'a', value: '1', deep: { list: [1, { x: 2 }] } }, { id: 'b' }];
  const copies = [
    mirrored('b', { id: 'b' }),
    mirrored('a', { deep: { list: [1, { x: 2 }] }, value: '1', id: 'a' }),
  ];
  expect(compareItems(listed, copies)).toEqual([]);
});

test.each([
  ['a missing item', [], ['item a is not mirrored']],
  ['a differing field', [mirrored('a', { id: 'a', value: 2 })], ['item a differs in value']],
  ['a field too many', [mirrored('a', { id: 'a', value: 1, more: 1 })], ['item a differs in more']],
  [
    'an item that is gone',
    [mirrored('a', { id: 'a', value: 1 }), mirrored('b', { id: 'b' })],
    ['item b is mirrored, but gone from the calendar'],
  ],
  ['an omitted field', [mirrored('a', { id: 'a' }, ['value'])], []],
])('comparing the mirror with the calendar finds %s', (_name, copies, expected) => {
  expect(compareItems([{ id: 'a', value: 1 }], copies)).toEqual(expected);
});

const HISTORY = [
  message(1, 'a', null, 'one'),
  message(2, 'b', null, 'two'),
  message(3, 'a', 'one', 'three'),
  message(4, 'b', 'two', null),
];
const RESULT = [mirrored('a', { value: 'three' })];

test('a feed that tells the whole history has no differences, also when parts of it come twice', () => {
  expect(checkFeed({ watch: 'w', changes: 4, messages: HISTORY, items: RESULT })).toEqual([]);
  const repeated = [...HISTORY, ...HISTORY.slice(1)];
  expect(checkFeed({ watch: 'w', changes: 4, messages: repeated, items: RESULT })).toEqual([]);
});

test.each([
  [
    'a change that was never announced',
    HISTORY.toSpliced(1, 1),
    RESULT,
    4,
    /1 of 4 changes were not announced: 2/,
  ],
  ['a number that the watch does not count', HISTORY, RESULT, 3, /does not count: 4/],
  [
    'one number for two contents',
    [...HISTORY, message(3, 'a', 'one', 'other')],
    RESULT,
    4,
    /change 3 was announced with two contents/,
  ],
  [
    'changes of an item in the wrong order',
    [HISTORY[2], HISTORY[0], HISTORY[1], HISTORY[3]].flatMap((one) => one ?? []),
    RESULT,
    4,
    /change 1 of item a came after change 3/,
  ],
  [
    'a change that does not follow from the one before',
    [...HISTORY.slice(0, 2), message(3, 'a', 'zero', 'three'), ...HISTORY.slice(3)],
    RESULT,
    4,
    /change 3 of item a starts from something else/,
  ],
  [
    'a replay that differs from the mirror',
    HISTORY,
    [mirrored('a', { value: 'x' })],
    4,
    /item a, rebuilt from the feed/,
  ],
  ['an item that was never announced', HISTORY, [...RESULT, mirrored('c', {})], 4, /never announced: c/],
])('checking the feed finds %s', (_name, messages, items, changes, expected) => {
  expect(checkFeed({ watch: 'w', changes, messages, items }).join('\n')).toMatch(expected);
});

test.each([
  [
    'users/ana@example.com/calendars/c%2Fd/events/%2E%2E',
    { user: 'ana@example.com', resource: 'events', calendarId: 'c/d', itemId: '..' },
  ],
  ['users/me/settings/100%25', { user: 'me', resource: 'settings', calendarId: undefined, itemId: '100%' }],
])('the path %s is read as the item it stands for', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});

test.each([
  'users/me/events/x',
  'users/me/calendars/c/settings/x',
  'watches/w',
  'users/me/calendars/c/other/x',
])('the path %s is refused, because no item is mirrored there', (path) => {
  expect(() => placeOf(path)).toThrow('not the path of a mirrored item');
});
