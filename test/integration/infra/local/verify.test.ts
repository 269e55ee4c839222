import { expect, test } from 'vitest';
import type { AboutWatch, FeedMessage } from '../../../../infra/local/feed.ts';
import { placeOf, type MirroredItem } from '../../../../infra/local/mirror.ts';
import { checkNumbers, checkReplay, checkStates } from '../../../../infra/local/verify-feed.ts';
import { compareItems } from '../../../../infra/local/verify-mirror.ts';

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
    kinds: [],
    sequence,
    before: before === null ? null : { value: before },
    after: after === null ? null : { value: after },
    attributes: { 'ce-id': `w/${sequence}` },
    orderingKey: 'w/0',
  };
}

type Checked = Parameters<typeof checkNumbers>[0] & { readonly items: readonly MirroredItem[] };

const checkFeed = ({ items, ...feed }: Checked): string[] => [
  ...checkNumbers(feed),
  ...checkReplay(feed.messages, items),
];

/** Returns the message with another sequence, and optionally of another change or watch. */
const as = (sequence: number, given: FeedMessage, change = given.change, watchId = 'w'): FeedMessage => ({
  ...given,
  sequence,
  change,
  watchId,
  attributes: { 'ce-id': `${watchId}/${sequence}` },
});

test('a mirror with exactly the listed items has no differences', () => {
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
  ['an additional field', [mirrored('a', { id: 'a', value: 1, more: 1 })], ['item a differs in more']],
  [
    'an item that is not listed',
    [mirrored('a', { id: 'a', value: 1 }), mirrored('b', { id: 'b' })],
    ['item b is mirrored, but not in the calendar'],
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

test('a complete feed has no differences, even if some messages are delivered twice', () => {
  expect(checkFeed({ watch: 'w', changes: 4, messages: HISTORY, items: RESULT })).toEqual([]);
  const repeated = [...HISTORY, ...HISTORY.slice(1)];
  expect(checkFeed({ watch: 'w', changes: 4, messages: repeated, items: RESULT })).toEqual([]);
});

test.each([
  [
    'a change that was never published',
    HISTORY.toSpliced(1, 1),
    RESULT,
    4,
    /1 changes up to 4 were not published: 2/,
  ],
  ['a sequence beyond that of the watch', HISTORY, RESULT, 3, /beyond the watch's sequence 3 .*: 4/],
  [
    'one sequence with two contents',
    [...HISTORY, message(3, 'a', 'one', 'other')],
    RESULT,
    4,
    /change 3 was published with two contents/,
  ],
  [
    'changes of an item in the wrong order',
    [HISTORY[2], HISTORY[0], HISTORY[1], HISTORY[3]].flatMap((one) => one ?? []),
    RESULT,
    4,
    /change 1 of item a arrived after change 3/,
  ],
  [
    'a change that does not continue the previous one',
    [...HISTORY.slice(0, 2), message(3, 'a', 'zero', 'three'), ...HISTORY.slice(3)],
    RESULT,
    4,
    /"before" of change 3 of item a differs/,
  ],
  [
    'a replay that differs from the mirror',
    HISTORY,
    [mirrored('a', { value: 'x' })],
    4,
    /item a, rebuilt from the feed/,
  ],
  ['an item that was never published', HISTORY, [...RESULT, mirrored('c', {})], 4, /never published: c/],
])('checking the feed finds %s', (_name, messages, items, changes, expected) => {
  expect(checkFeed({ watch: 'w', changes, messages, items }).join('\n')).toMatch(expected);
});

test.each([
  [
    'users/ana@example.com/calendars/c%2Fd/events/%2E%2E',
    { user: 'ana@example.com', resource: 'events', calendarId: 'c/d', itemId: '..' },
  ],
  ['users/me/settings/100%25', { user: 'me', resource: 'settings', calendarId: undefined, itemId: '100%' }],
])('the path %s is parsed and decoded', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});

test.each([
  'users/me/events/x',
  'users/me/calendars/c/settings/x',
  'watches/w',
  'users/me/calendars/c/other/x',
])('the path %s is rejected, because it is not the path of an item', (path) => {
  expect(() => placeOf(path)).toThrow('not the path of a mirrored item');
});

const EPOCH = 1_000_000_000;
const AGAIN = as(EPOCH + 1, message(1, 'a', null, 'three'), 'snapshot');
const EDITED = as(EPOCH + 2, message(2, 'a', 'three', 'four'));

test('sequences may continue in a new epoch, which starts with snapshots of the items', () => {
  const messages = [...HISTORY, AGAIN, EDITED];
  const items = [mirrored('a', { value: 'four' })];
  expect(checkFeed({ watch: 'w', changes: EPOCH + 2, messages, items })).toEqual([]);
  const hole = [...HISTORY, AGAIN].filter(({ sequence }) => sequence !== 2);
  expect(checkFeed({ watch: 'w', changes: EPOCH + 2, messages: hole, items }).join('\n')).toMatch(
    /2 changes up to 1000000002 were not published: 1000000002, 2/,
  );
});

test('a collection with two successive watches is replayed from both, ignoring stale changes', () => {
  const others = [as(EPOCH + 1, AGAIN, 'snapshot', 'x'), as(EPOCH + 2, EDITED, 'updated', 'x')];
  const [late, ...rest] = HISTORY.toReversed();
  if (late === undefined) throw new Error('the feed has no changes');
  const messages = [...rest.toReversed(), ...others, late];
  expect(checkReplay(messages, [mirrored('a', { value: 'four' })])).toEqual([]);
});

const startingAt = (dateTime: string) => ({ start: { dateTime }, value: 'one' });

test('the same moments with other offsets, as after a change of time zone, are not a difference', () => {
  const [berlin, tokyo] = [startingAt('2030-01-01T10:00:00+01:00'), startingAt('2030-01-01T18:00:00+09:00')];
  const created = { ...message(1, 'a', null, ''), after: berlin };
  const edited = { ...message(2, 'a', '', ''), before: tokyo, after: { ...tokyo, value: 'two' } };
  expect(checkReplay([created], [mirrored('a', tokyo)])).toEqual([]);
  expect(checkReplay([created, edited], [mirrored('a', { ...berlin, value: 'two' })])).toEqual([]);
  const later = startingAt('2030-01-01T18:30:00+09:00');
  expect(checkReplay([created], [mirrored('a', later)])).toEqual([
    'item a, rebuilt from the feed, differs from the mirror',
  ]);
  expect(checkReplay([created, { ...edited, before: later }], [mirrored('a', edited.after)])).toEqual([
    '"before" of change 2 of item a differs from "after" of its previous change',
  ]);
});

/** A message about the watch `w`. */
const about = (number: number, state: AboutWatch['state'], sequence = 1): AboutWatch => ({
  watchId: 'w',
  user: 'ana@example.com',
  resource: 'settings',
  calendarId: null,
  state,
  sequence,
  occurredAt: '2026-05-04T10:00:00.000Z',
  attributes: { 'ce-id': `w/${state}/${number}` },
  orderingKey: 'w',
});
const STATED = [about(8, 'active'), about(9, 'gone'), about(10, 'pending')];

test('the state of a watch is that of its latest message by number, in whatever order they arrive', () => {
  const watch = { state: 'pending', changes: 1 };
  expect(checkStates(watch, [])).toEqual([]);
  expect(checkStates(watch, STATED)).toEqual([]);
  expect(checkStates(watch, [...STATED.toReversed(), ...STATED])).toEqual([]);
});

test.each<[string, AboutWatch[], string]>([
  ['a state that is not announced', STATED.slice(0, 2), 'the watch is pending, and gone in the feed'],
  [
    'a message with two contents',
    [...STATED, { ...about(9, 'gone'), reason: 'notFound' }],
    'message w/gone/9 about the watch was published with two contents',
  ],
  [
    'a message from the future',
    [...STATED, about(11, 'pending', 2)],
    'a message about the watch has a number beyond its sequence 1',
  ],
])('of messages about a watch, %s is reported', (_, messages, difference) => {
  expect(checkStates({ state: 'pending', changes: 1 }, messages)).toEqual([difference]);
});
