import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeMessage, type Change } from '../../../functions/feed/change.ts';
import { parseChange } from '../../../functions/feed/consumer.ts';

const change = fc.record<Change>({
  watchId: fc.string(),
  user: fc.string(),
  resource: fc.constantFrom('events', 'acl', 'calendarList', 'settings'),
  calendarId: fc.option(fc.string()),
  itemId: fc.string(),
  change: fc.constantFrom('created', 'updated', 'deleted', 'snapshot'),
  sequence: fc.integer({ min: 1 }),
  before: fc.option(fc.dictionary(fc.string(), fc.jsonValue())),
  after: fc.option(fc.dictionary(fc.string(), fc.jsonValue())),
  occurredAt: fc.string(),
});

test('what is published as a change is read as that change, as bytes and as text', () => {
  fc.assert(
    fc.property(change, (published) => {
      const { data } = changeMessage(published, 'users/x');
      const sent: unknown = JSON.parse(data.toString());
      expect(parseChange(new Uint8Array(data))).toEqual({ ok: true, change: sent });
      expect(parseChange(data.toString())).toEqual({ ok: true, change: sent });
    }),
  );
});

test('a field that came later than this reader is no problem', () => {
  fc.assert(
    fc.property(change, (published) => {
      expect(parseChange(JSON.stringify({ ...published, mood: 'calm' })).ok).toBe(true);
    }),
  );
});

test.each([
  ['', 'the data is no JSON'],
  ['null', 'the data is no change: '],
  ['{"watchId":"w","user":"u","resource":"tasks"}', 'the data is no change: resource, '],
])('%j is no change, and the problem says why', (data, problem) => {
  expect(parseChange(data)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});

test('whatever bytes come, it says what they are and does not fail', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(parseChange(bytes).ok).toBe(false);
    }),
  );
});
