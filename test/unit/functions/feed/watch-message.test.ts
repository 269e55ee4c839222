import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../../../functions/feed/consumer.ts';
import { changeMessage } from '../../../../functions/feed/change.ts';
import { replayEndedMessage } from '../../../../infra/cli/replay/ended.ts';
import {
  watchMessage,
  watchMessageSchema,
  type WatchMessage,
} from '../../../../functions/feed/watch-message.ts';
import { sampleChange } from '../../../support/sample-change.ts';

const PAUSED: WatchMessage = {
  watchId: 'watch-1',
  user: 'ana@example.com',
  resource: 'events',
  calendarId: 'team@example.com',
  state: 'paused',
  reason: 'authError',
  sequence: 12,
  occurredAt: '2026-05-04T10:00:00.000Z',
};
const SYNCED: WatchMessage = { ...PAUSED, state: 'active', reason: undefined, items: 3 };
const UNKNOWN: WatchMessage = { ...PAUSED, user: null, resource: null, calendarId: null };

describe('the message about a watch', () => {
  test('has the attributes of a CloudEvent and plain ones, but neither change nor sequence', () => {
    const message = watchMessage(PAUSED, 17);
    expect(message.attributes).toEqual({
      'ce-specversion': '1.0',
      'ce-dataschema': 'urn:calendar-mirror:watch:1',
      'ce-id': 'watch-1/paused/17',
      'ce-type': 'calendar.watch.paused',
      'ce-source': '//calendar-mirror/watches/watch-1',
      'ce-subject': 'watches/watch-1',
      'ce-time': PAUSED.occurredAt,
      'content-type': 'application/json',
      watch: 'watch-1',
      user: 'ana@example.com',
      resource: 'events',
      calendar: 'team@example.com',
      state: 'paused',
    });
    expect(message.orderingKey).toBe('watch-1');
    expect(JSON.parse(message.data.toString())).toEqual(PAUSED);
  });

  test('is of the type synced, with the state beside it, if it counts items', () => {
    const { attributes } = watchMessage(SYNCED, 18);
    expect(attributes).toMatchObject({ 'ce-type': 'calendar.watch.synced', state: 'active' });
    expect(watchMessage({ ...SYNCED, items: 0 }, 18).attributes['ce-id']).toBe('watch-1/synced/18');
  });

  test('has no attributes for what an invalid spec does not name', () => {
    const { attributes } = watchMessage(UNKNOWN, 19);
    for (const name of ['user', 'resource', 'calendar']) expect(attributes).not.toHaveProperty(name);
    expect(attributes).toHaveProperty('state', 'paused');
  });

  test.each([
    ['state', 'asleep'],
    ['resource', 'tasks'],
    ['sequence', -1],
    ['items', 0.5],
    ['occurredAt', undefined],
  ])('is rejected with the %s %j', (field, value) => {
    const issues = watchMessageSchema.safeParse({ ...PAUSED, [field]: value }).error?.issues ?? [];
    expect(issues.map(({ path }) => path[0])).toEqual([field]);
  });
});

describe('any message of the topic is parsed by its type', () => {
  test.each([
    ['a state', PAUSED, false],
    ['the end of a full sync', SYNCED, true],
    ['a watch whose spec names nothing', UNKNOWN, false],
  ])('%s', (_, watch, isSynced) => {
    const parsed = parseMessage(watchMessage(watch, 1));
    expect(parsed).toEqual({ ok: true, about: 'watch', watch, isSynced });
  });

  test('a change', () => {
    const change = sampleChange(null, { id: 'review' });
    expect(parseMessage(changeMessage(change, 'users/x'))).toEqual({ ok: true, about: 'item', change });
  });

  test('the end of a replay', () => {
    const ended = { watchId: 'watch-1', replay: 'r', count: 2, sequence: 7 };
    const target = { user: 'ana@example.com', resource: 'settings', calendarId: null } as const;
    const message = replayEndedMessage(ended, target, PAUSED.occurredAt);
    expect(parseMessage(message)).toEqual({ ok: true, about: 'replay', ended });
  });

  test.each(['calendar.weather.changed', 'calendar', ''])('a type of a later version: %j', (type) => {
    expect(parseMessage({ attributes: { 'ce-type': type }, data: '?' })).toEqual({
      ok: true,
      about: 'other',
      type,
    });
  });

  test.each([
    ['calendar.watch.active', '{"watchId":"w"}', 'data does not match the WatchMessage schema: user, '],
    ['calendar.watch.active', '{', 'data is not valid JSON'],
    ['calendar.events.updated', '{}', 'data does not match the Change schema: watchId, '],
  ])('one that is malformed is rejected with the reason: %s %s', (type, data, problem) => {
    const parsed = parseMessage({ attributes: { 'ce-type': type }, data });
    expect(parsed).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});
