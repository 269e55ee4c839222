import { expect, test } from 'vitest';
import { differencesOf } from '../../../../infra/emulator/compare/difference.ts';
import type { Played } from '../../../../infra/emulator/compare/play.ts';

const played = (status: number, body?: unknown, rules = {}): Played => ({
  call: { method: 'GET', path: '/calendars/c%40g/events/e1?syncToken=abc' },
  answer: { status, body },
  rules,
});
const failed = (status: number, reason: string) =>
  played(status, {
    error: { code: status, message: 'No', errors: [{ domain: 'global', reason, message: 'No' }] },
  });

test.each([
  ['ids and titles', { id: 'a', summary: 'One' }, { id: 'b', summary: 'Two' }],
  [
    'etags and times',
    { etag: '"1"', updated: '2026-01-01T00:00:00.000Z' },
    { etag: '"22"', updated: '2027-02-02T01:01:01.111Z' },
  ],
  ['the number of items', { items: [{ id: 'a' }] }, { items: [{ id: 'b' }, { id: 'c' }] }],
  ['items of which one side has none', { items: [{ id: 'a' }] }, { items: [] }],
  ['the keys of a map', { calendars: { 'a@x': { busy: true } } }, { calendars: { 'b@y': { busy: true } } }],
  ['the order of fields', { a: 1, b: true }, { b: true, a: 2 }],
])('%s make no difference', (_, left, right) => {
  expect(differencesOf('step', played(200, left), played(200, right))).toEqual([]);
});

test.each([
  ['status', played(200, {}), played(204), [{ kind: 'status', left: 200, right: 204 }]],
  [
    'reason',
    failed(400, 'invalid'),
    failed(400, 'required'),
    [{ kind: 'reason', left: 'invalid', right: 'required' }],
  ],
  [
    'field on the left only',
    played(200, { items: [{ id: 'a', hidden: true }] }),
    played(200, { items: [{ id: 'a' }] }),
    [{ kind: 'field', of: 'items[].hidden', left: 'boolean' }],
  ],
  [
    'field on the right only, with a word',
    played(200, { a: 1 }),
    played(200, { a: 1, status: 'confirmed' }),
    [{ kind: 'field', of: 'status', right: 'text' }],
  ],
  [
    'type',
    played(200, { n: 1 }),
    played(200, { n: '1' }),
    [{ kind: 'type', of: 'n', left: 'number', right: 'digits' }],
  ],
  [
    'form of a time',
    played(200, { start: '2026-01-01T00:00:00Z' }),
    played(200, { start: '2026-01-01T01:00:00+01:00' }),
    [{ kind: 'type', of: 'start', left: 'time in UTC', right: 'time with an offset' }],
  ],
  [
    'word of the API',
    played(200, { status: 'confirmed' }),
    played(200, { status: 'cancelled' }),
    [{ kind: 'value', of: 'status', left: 'confirmed', right: 'cancelled' }],
  ],
  [
    'rule',
    played(200, {}, { 'changes the etag': true }),
    played(200, {}, { 'changes the etag': false }),
    [{ kind: 'rule', of: 'changes the etag', left: true, right: false }],
  ],
  [
    'success on one side only, without its fields',
    played(200, { id: 'a', kind: 'calendar#event' }, { rule: 1 }),
    failed(403, 'forbidden'),
    [
      { kind: 'status', left: 200, right: 403 },
      { kind: 'reason', right: 'forbidden' },
    ],
  ],
  [
    'error in another form',
    failed(400, 'invalid'),
    played(400, { error: { code: 400, message: 'No', errors: [{ reason: 'invalid', message: 'No' }] } }),
    [{ kind: 'field', of: 'error.errors[].domain', left: 'text' }],
  ],
])('a %s is a difference', (_, left, right, expected) => {
  const call = 'GET /calendars/{calendar}/events/{event}?syncToken=…';
  expect(differencesOf('step', left, right)).toEqual(
    expected.map((each) => ({ step: 'step', call, ...each })),
  );
});
