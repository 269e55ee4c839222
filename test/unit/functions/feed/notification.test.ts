import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseNotification,
  pushMessage,
  requestMessage,
  resourceOfUri,
  type PushData,
} from '../../../../functions/feed/notification.ts';
import { anyCharacter } from '../../../support/any-character.ts';

const ROOT = 'https://www.googleapis.com/calendar/v3';
const PUSH: PushData = {
  channelId: 'channel-1',
  messageNumber: 7,
  resourceId: 'resource-1',
  resourceState: 'exists',
  resourceUri: `${ROOT}/calendars/ana%40example.com/events?alt=json`,
  channelExpiration: '2026-05-11T10:00:00.000Z',
  receivedAt: '2026-05-04T10:00:00.000Z',
};
const TIME = '2026-05-04T10:00:01.000Z';

describe('a resource URI', () => {
  test.each([
    [
      `${ROOT}/calendars/ana%40example.com/events?alt=json`,
      { resource: 'events', calendar: 'ana@example.com' },
    ],
    [`${ROOT}/calendars/ana@example.com/events`, { resource: 'events', calendar: 'ana@example.com' }],
    [`${ROOT}/calendars/primary/events?maxResults=250&alt=json`, { resource: 'events', calendar: 'primary' }],
    [`${ROOT}/calendars/a%2Fb%25c%23d%20e/acl?alt=json`, { resource: 'acl', calendar: 'a/b%c#d e' }],
    [`${ROOT}/users/me/calendarList?alt=json`, { resource: 'calendarList' }],
    [`${ROOT}/users/me/settings`, { resource: 'settings' }],
    [`${ROOT}/calendars/%E0%A4%A/events`, { resource: 'events' }],
    [`${ROOT}/colors`, {}],
    [`${ROOT}/calendars/ana@example.com/events/event-1`, {}],
    [`${ROOT}/calendars/a/b/acl`, { resource: 'acl' }],
    [`${ROOT}/users/me/othersettings`, {}],
    ['no uri', {}],
    ['', {}],
  ])('%s names what changed', (uri, expected) => {
    expect(resourceOfUri(uri)).toStrictEqual(expected);
  });

  test('yields any calendar id that was encoded into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        fc.pre(id !== '.' && id !== '..');
        const uri = `${ROOT}/calendars/${encodeURIComponent(id)}/events?alt=json`;
        expect(resourceOfUri(uri)).toEqual({ resource: 'events', calendar: id });
      }),
    );
  });

  test('never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (uri) => {
        expect(resourceOfUri(uri)).toBeTypeOf('object');
      }),
    );
  });
});

describe('the message of a push', () => {
  test('has the attributes of a CloudEvent, and plain ones to filter on', () => {
    const message = pushMessage('watch-1', PUSH);
    expect(message.attributes).toEqual({
      'ce-specversion': '1.0',
      'ce-dataschema': 'urn:calendar-mirror:notification:1',
      'ce-id': 'channel-1/7',
      'ce-type': 'calendar.notification.received',
      'ce-source': '//calendar-mirror/watches/watch-1',
      'ce-subject': 'channels/channel-1',
      'ce-time': PUSH.receivedAt,
      'content-type': 'application/json',
      watch: 'watch-1',
      reason: 'push',
      state: 'exists',
      resource: 'events',
      calendar: 'ana@example.com',
    });
    expect(message.orderingKey).toBe('watch-1');
  });

  test('has the headers as its data, and is parsed as it was written', () => {
    const message = pushMessage('watch-1', PUSH);
    expect(JSON.parse(message.data.toString())).toEqual(PUSH);
    expect(parseNotification(message.attributes, message.data.toString())).toEqual({
      ok: true,
      notification: { watchId: 'watch-1', reason: 'push', ...PUSH },
    });
  });

  test('leaves out an attribute that Pub/Sub would reject', () => {
    const calendar = 'ü'.repeat(513);
    const resourceUri = `${ROOT}/calendars/${encodeURIComponent(calendar)}/events`;
    const { attributes, data } = pushMessage('watch-1', { ...PUSH, resourceUri });
    expect(attributes).not.toHaveProperty('calendar');
    expect(attributes).toHaveProperty('resource', 'events');
    expect(JSON.parse(data.toString())).toHaveProperty('resourceUri', resourceUri);
  });
});

describe('the message of a request', () => {
  test.each([
    { watchId: 'w', reason: 'poll' },
    { watchId: 'w', reason: 'continue', traversal: 't', position: 3 },
    { watchId: 'w', reason: 'manual', full: true },
    { watchId: 'w', reason: 'manual', full: false },
  ] as const)('$reason names the watch, and is parsed as it was written', (request) => {
    const message = requestMessage(request, 'unique', TIME);
    expect(message.orderingKey).toBe('w');
    expect(message.attributes).toEqual({
      'ce-specversion': '1.0',
      'ce-dataschema': 'urn:calendar-mirror:notification:1',
      'ce-id': 'unique',
      'ce-type': 'calendar.notification.received',
      'ce-source': '//calendar-mirror/watches/w',
      'ce-subject': 'watches/w',
      'ce-time': TIME,
      'content-type': 'application/json',
      watch: 'w',
      reason: request.reason,
    });
    const { watchId: _, reason: __, ...data } = request;
    expect(JSON.parse(message.data.toString())).toEqual({ ...data, requestedAt: TIME });
    expect(parseNotification(message.attributes, message.data.toString())).toEqual({
      ok: true,
      notification: request,
    });
  });
});

describe('parsing a message', () => {
  const push = { watch: 'w', reason: 'push' };

  test.each([
    ['a push without data', push, '', { watchId: 'w', reason: 'push' }],
    ['a push with an empty object', push, '{}', { watchId: 'w', reason: 'push' }],
    [
      'a poll with fields of a later version',
      { watch: 'w', reason: 'poll' },
      '{"later":1}',
      { watchId: 'w', reason: 'poll' },
    ],
    [
      'a manual request without full',
      { watch: 'w', reason: 'manual' },
      '{}',
      { watchId: 'w', reason: 'manual', full: false },
    ],
    [
      'a continue from the beginning',
      { watch: 'w', reason: 'continue' },
      '{"traversal":"t","position":0}',
      { watchId: 'w', reason: 'continue', traversal: 't', position: 0 },
    ],
    ['a push with number 0', push, '{"messageNumber":0}', { watchId: 'w', reason: 'push', messageNumber: 0 }],
    [
      'data that names another watch',
      push,
      '{"watchId":"x","reason":"poll"}',
      { watchId: 'w', reason: 'push' },
    ],
  ])('accepts %s', (_, attributes, text, notification) => {
    expect(parseNotification(attributes, text)).toEqual({ ok: true, notification });
  });

  test.each([
    ['no attributes', undefined, '{}', /no attribute "watch"/],
    ['null for attributes', null, '{}', /no attribute "watch"/],
    ['no watch', { reason: 'push' }, '{}', /no attribute "watch"/],
    ['an invalid watch id', { ...push, watch: 'a/b' }, '{}', /invalid watch id/],
    ['an empty watch id', { ...push, watch: '' }, '{}', /invalid watch id/],
    ['an over-long watch id', { ...push, watch: 'x'.repeat(101) }, '{}', /invalid watch id/],
    ['no reason', { watch: 'w' }, '{}', /no valid attribute "reason"/],
    ['an unknown reason', { watch: 'w', reason: 'whim' }, '{}', /no valid attribute "reason"/],
    ['data that is not JSON', push, '{', /not a JSON object/],
    ['data that is not an object', push, '"text"', /not a JSON object/],
    ['null for data', push, 'null', /not a JSON object/],
    [
      'a continue without a traversal',
      { watch: 'w', reason: 'continue' },
      '{"position":1}',
      /continue message.*traversal/,
    ],
    [
      'a continue with a negative position',
      { watch: 'w', reason: 'continue' },
      '{"traversal":"t","position":-1}',
      /position/,
    ],
    [
      'a continue with a fractional position',
      { watch: 'w', reason: 'continue' },
      '{"traversal":"t","position":0.5}',
      /malformed: position$/,
    ],
    [
      'a continue with an empty traversal',
      { watch: 'w', reason: 'continue' },
      '{"traversal":""}',
      /^the data of a continue message is malformed: traversal, position$/,
    ],
    [
      'a push without a channel',
      push,
      '{"channelId":"","resourceId":"","resourceState":""}',
      /channelId, resourceId, resourceState$/,
    ],
    ['a push with a negative number', push, '{"messageNumber":-1}', /messageNumber/],
    ['a push with a fractional number', push, '{"messageNumber":0.5}', /messageNumber/],
    ['a push with text for its number', push, '{"messageNumber":"7"}', /push message.*messageNumber/],
    ['a manual request with an invalid full', { watch: 'w', reason: 'manual' }, '{"full":"yes"}', /full/],
  ])('rejects %s with the reason', (_, attributes, text, expected) => {
    const parsed = parseNotification(attributes, text);
    expect(parsed.ok ? '' : parsed.problem).toMatch(expected);
  });

  test.each([
    ['an unknown reason', { watch: 'w', reason: 'whim' }, '{}', 'w'],
    ['data that is not JSON', push, '{', 'w'],
    ['data that is malformed', push, '{"messageNumber":"7"}', 'w'],
    ['no watch', { reason: 'push' }, '{}', undefined],
    ['an invalid watch id', { ...push, watch: 'a/b' }, '{}', undefined],
  ])('rejects %s, with the watch if it is valid', (_, attributes, text, watchId) => {
    const parsed = parseNotification(attributes, text);
    expect(parsed.ok ? 'accepted' : parsed.watchId).toBe(watchId);
  });

  test('never throws', () => {
    const attributes = fc.oneof(
      fc.anything(),
      fc.record({ watch: fc.anything(), reason: fc.anything() }),
      fc.constant(push),
    );
    fc.assert(
      fc.property(attributes, fc.oneof(fc.string(), fc.json()), (given, text) => {
        expect(typeof parseNotification(given, text).ok).toBe('boolean');
      }),
    );
  });
});
