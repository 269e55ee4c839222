import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeMessage, type Change } from '../../../../functions/feed/change.ts';
import { parseChange } from '../../../../functions/feed/consumer.ts';

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

test('a published change is parsed as that change, from bytes and from text', () => {
  fc.assert(
    fc.property(change, (published) => {
      const { data } = changeMessage(published, 'users/x');
      const sent: unknown = JSON.parse(data.toString());
      expect(parseChange(new Uint8Array(data))).toEqual({ ok: true, change: sent });
      expect(parseChange(data.toString())).toEqual({ ok: true, change: sent });
    }),
  );
});

test('unknown fields of later versions are accepted', () => {
  fc.assert(
    fc.property(change, (published) => {
      expect(parseChange(JSON.stringify({ ...published, mood: 'calm' })).ok).toBe(true);
    }),
  );
});

test.each([
  ['', 'data is not valid JSON'],
  ['null', 'data does not match the Change schema: '],
  ['{"watchId":"w","user":"u","resource":"tasks"}', 'data does not match the Change schema: resource, '],
])('%j is not a change, and the problem says why', (data, problem) => {
  expect(parseChange(data)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});

test('arbitrary bytes are rejected without an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(parseChange(bytes).ok).toBe(false);
    }),
  );
});
