import { expect, test } from 'vitest';
import { isLogLevel, logLine } from '../../../infra/emulator/command/log.ts';
import type { NotificationEntry, RequestEntry } from '../../../infra/emulator/journal/journal.ts';

const request: Omit<RequestEntry, 'id'> = {
  kind: 'request',
  time: Date.parse('2030-01-01T00:00:00Z'),
  method: 'calendar.events.list',
  httpMethod: 'GET',
  path: '/calendar/v3/calendars/primary/events',
  query: { q: 'secret' },
  user: 'ada@example.com',
  status: 200,
  ms: 1.6,
};
const notification: NotificationEntry = {
  kind: 'notification',
  time: request.time,
  channelId: 'c1',
  resourceId: 'r',
  resource: 'events',
  user: 'ada@example.com',
  number: 7,
  state: 'exists',
  attempt: 1,
  status: 204,
  fate: 'delivered',
  ms: 3,
};
const of = (fields: Partial<RequestEntry>) => logLine({ id: 'x', ...request, ...fields }, 'requests');

test('a request has its method, status, user and time', () => {
  expect(of({})).toBe('2030-01-01T00:00:00.000Z  calendar.events.list  200  ada@example.com  2 ms');
});

test.each([
  [
    'a rejected request has its reason',
    { status: 410, reason: 'fullSyncRequired' },
    '  410 fullSyncRequired  ',
  ],
  ['a connection that was dropped has no status', { status: 0 }, '  no answer  '],
  ['an unknown method has its path', { method: 'unknown' }, '  GET /calendar/v3/calendars/primary/events  '],
  ['a token that is not an address is not printed', { user: 'ya29.real' }, '  -  '],
])('%s', (_name, fields, part) => {
  expect(of(fields)).toContain(part);
  expect(of(fields)).not.toMatch(/secret|ya29/);
});

test('a notification has its resource, outcome and channel, at the level all alone', () => {
  expect(logLine(notification, 'all')).toBe(
    '2030-01-01T00:00:00.000Z  notification events exists  delivered 204  ada@example.com  channel c1 #7  3 ms',
  );
  expect(logLine(notification, 'requests')).toBeUndefined();
  expect(logLine({ id: 'x', ...request }, 'none')).toBeUndefined();
  expect(['none', 'requests', 'all', 'much'].map(isLogLevel)).toEqual([true, true, true, false]);
});
