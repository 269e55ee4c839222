import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { logEntryOf } from '../../../../infra/local/function.ts';
import { formatHop, hopOfJournal, hopOfLog } from '../../../../infra/local/hops.ts';

function request(httpMethod: string, method: string) {
  return hopOfJournal({
    kind: 'request',
    id: 'request-1',
    time: 0,
    method,
    httpMethod,
    path: '/calendar/v3/calendars/ana%40example.com/events/e1',
    query: {},
    user: 'ana@example.com',
    status: 200,
    ms: 3,
  });
}

test('an edit is a hop with the user, the method and the event', () => {
  const hop = request('PATCH', 'calendar.events.patch');
  expect(hop).toMatchObject({ hop: 'calendar', of: 'ana@example.com', ms: 3 });
  expect(hop?.text).toBe('events.patch /calendars/ana@example.com/events/e1 → 200');
});

test.each([
  ['GET', 'calendar.events.list'],
  ['POST', 'calendar.events.watch'],
  ['POST', 'calendar.channels.stop'],
  ['POST', 'calendar.freebusy.query'],
])('%s by %s is not a hop', (httpMethod, method) => {
  expect(request(httpMethod, method)).toBeUndefined();
});

test.each([
  [
    {
      severity: 'INFO',
      message: 'notification published',
      watch: 'w',
      state: 'exists',
      number: 7,
      channel: 'c1',
      ms: 4,
    },
    'exists #7 on channel c1 published',
  ],
  [
    {
      severity: 'INFO',
      message: 'synced',
      watch: 'w',
      reason: 'push',
      kind: 'full',
      pages: 1,
      changes: 2,
      sequence: 9,
    },
    'full sync (push): 1 page, 2 changes, sequence 9',
  ],
  [
    { severity: 'WARNING', message: 'watch paused', watch: 'w', reason: 'x' },
    'warning: watch paused {"reason":"x"}',
  ],
  [{ severity: 'INFO', message: 'something else' }, undefined],
])('a log entry is a hop if it is about a change or a warning: %j', (line, text) => {
  expect(hopOfLog(logEntryOf('sync', JSON.stringify(line)))?.text).toBe(text);
});

test('output that is not a log entry is a hop with the output as text', () => {
  expect(hopOfLog(logEntryOf('sync', 'TypeError: x'))?.text).toContain('TypeError: x');
});

test('a hop is formatted as one line with time, part, watch and duration', () => {
  const hop = {
    at: Date.UTC(2026, 4, 1, 9, 30),
    hop: 'sync',
    of: 'ana-events',
    text: 'done',
    ms: 12.4,
  } as const;
  const line = formatHop(hop, 'Asia/Kathmandu');
  expect(stripVTControlCharacters(line)).toMatch(
    /^15:15:00\.000 \+05:45 {2}sync {6}ana-events +done {2}12 ms$/,
  );
});
