import { expect, test } from 'vitest';
import {
  append,
  deliveriesOf,
  filterOf,
  KEPT,
  matchesFilter,
  statusTone,
} from '../../../../infra/emulator/page/app/state/journal.ts';
import { sampleNotification, sampleRequest as request } from '../../../support/emulator/sample-entries.ts';
import { formatRoute, parseRoute } from '../../../../infra/emulator/page/app/state/route.ts';
import type { Fate, NotificationEntry, RequestEntry } from '../../../../infra/emulator/journal/journal.ts';

const notification = (number: number, attempt: number, fate: Fate, channelId = 'c1') =>
  sampleNotification({ time: number * 10 + attempt, channelId, number, state: 'exists', attempt, fate });
const numbered = (entries: readonly (RequestEntry | NotificationEntry)[]) =>
  entries.map((entry, index) => ({ id: String(index), entry }));

test.each([
  [{}, true],
  [{ kind: 'request' }, true],
  [{ kind: 'notification' }, false],
  [{ method: 'EVENTS.list' }, true],
  [{ method: 'watch' }, false],
  [{ user: 'ada@example.com' }, true],
  [{ user: 'grace@example.com' }, false],
  [{ status: '2xx' }, true],
  [{ status: '4xx' }, false],
  [{ status: '200' }, true],
  [{ status: '20' }, false],
])('a request to list events matches %o: %s', (query, expected) => {
  expect(matchesFilter(request(), filterOf(query))).toBe(expected);
});

test('a notification is found by its channel and by what happened to it', () => {
  const entry = notification(7, 1, 'dropped', 'sync-worker');
  expect(matchesFilter(entry, filterOf({ method: 'worker' }))).toBe(true);
  expect(matchesFilter(entry, filterOf({ method: 'drop' }))).toBe(true);
  expect(matchesFilter(entry, filterOf({ status: '2xx' }))).toBe(false);
});

test('the latest entries are kept', () => {
  const many = numbered(Array.from({ length: KEPT }, () => request()));
  const one = { id: 'last', entry: request({ status: 500 }) };
  const all = append(many, [one]);
  expect(all).toHaveLength(KEPT);
  expect(all.at(-1)).toBe(one);
  expect(all[0]).toBe(many[1]);
});

test('the attempts of a notification are put together, the latest notification first', () => {
  const entries = numbered([
    notification(1, 1, 'delivered'),
    notification(5, 1, 'retrying'),
    notification(5, 1, 'delivered', 'c2'),
    request(),
    notification(5, 2, 'delivered'),
  ]);
  expect(
    deliveriesOf(entries, 'c1').map(({ number, attempts }) => [number, attempts.map(({ fate }) => fate)]),
  ).toEqual([
    [5, ['retrying', 'delivered']],
    [1, ['delivered']],
  ]);
});

test('a dropped connection is as bad as an error of the server', () => {
  expect([200, 304, 404, 500, 0].map(statusTone)).toEqual(['good', 'calm', 'warn', 'bad', 'bad']);
});

test('what is shown is in the address, and an unknown address shows the calendar', () => {
  const route = { view: 'journal', query: { user: 'ada+1@example.com', status: '4xx' } } as const;
  expect(parseRoute(formatRoute(route))).toEqual(route);
  expect(formatRoute({ view: 'faults', query: { user: '' } })).toBe('#/faults');
  expect(parseRoute('#/nowhere?x=1')).toEqual({ view: 'calendar', query: { x: '1' } });
  expect(parseRoute('')).toEqual({ view: 'calendar', query: {} });
});
