import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeMessage, type Change } from '../../../../functions/feed/change.ts';
import { parseChange, parseReplayEnded } from '../../../../functions/feed/consumer.ts';
import { KINDS } from '../../../../functions/feed/kinds.ts';
import { replayEndedMessage } from '../../../../infra/cli/replay/ended.ts';
import type { ReplayEnded } from '../../../../functions/feed/replay-message.ts';

const change = fc.record<Change>({
  watchId: fc.string(),
  user: fc.string(),
  resource: fc.constantFrom('events', 'acl', 'calendarList', 'settings'),
  calendarId: fc.option(fc.string()),
  itemId: fc.string(),
  change: fc.constantFrom('created', 'updated', 'deleted', 'snapshot'),
  kinds: fc.array(fc.constantFrom(...Object.values(KINDS).flat())),
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

const ended: ReplayEnded = { watchId: 'team', replay: 'r1', count: 0, sequence: 3_000_000_000 };

test('the end of a replay is parsed as published, with fields of later versions left out', () => {
  const target = { user: 'ada@example.com', resource: 'settings', calendarId: null } as const;
  const { data, ...message } = replayEndedMessage(ended, target, '2030-01-01T00:00:00.000Z');
  expect(parseReplayEnded(new Uint8Array(data))).toEqual({ ok: true, ended });
  expect(parseReplayEnded(JSON.stringify({ ...ended, mood: 'calm' }))).toEqual({ ok: true, ended });
  expect(parseReplayEnded('{"watchId":"team","replay":"r1","count":-1}')).toEqual({
    ok: false,
    problem: 'data does not match the ReplayEnded schema: count, sequence',
  });
  expect(parseChange(data).ok).toBe(false);
  expect(message).toEqual({
    orderingKey: 'team',
    attributes: {
      'ce-specversion': '1.0',
      'ce-dataschema': 'urn:calendar-mirror:replay-ended:1',
      'ce-id': 'team/replay/r1',
      'ce-type': 'calendar.replay.ended',
      'ce-source': '//calendar-mirror/watches/team',
      'ce-subject': 'watches/team',
      'ce-time': '2030-01-01T00:00:00.000Z',
      'content-type': 'application/json',
      watch: 'team',
      user: 'ada@example.com',
      resource: 'settings',
      replay: 'r1',
    },
  });
});
