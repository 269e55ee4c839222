import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHeaders, type Headers } from '../../../../functions/receive/notification.ts';
import { anyCharacter } from '../../../support/any-character.ts';

const NOW = Date.parse('2026-05-04T10:00:00.000Z');
const URI = 'https://www.googleapis.com/calendar/v3/calendars/ana%40example.com/events?alt=json';
const FIVE = {
  'x-goog-channel-id': 'channel-1',
  'x-goog-message-number': '42',
  'x-goog-resource-id': 'resource-1',
  'x-goog-resource-state': 'exists',
  'x-goog-resource-uri': URI,
};
const DATA = {
  channelId: 'channel-1',
  messageNumber: 42,
  resourceId: 'resource-1',
  resourceState: 'exists',
  resourceUri: URI,
  receivedAt: '2026-05-04T10:00:00.000Z',
};

const without = (name: string): Headers =>
  Object.fromEntries(Object.entries(FIVE).filter(([each]) => each !== name));
const problem = (headers: Headers): string => {
  const read = readHeaders(headers, NOW);
  return read.ok ? 'no problem' : read.problem;
};

describe('the headers of a notification', () => {
  test('are read as typed fields', () => {
    expect(readHeaders(FIVE, NOW)).toEqual({ ok: true, token: undefined, data: DATA });
  });

  test('are read with the token and the expiration, if present', () => {
    const headers = {
      ...FIVE,
      'x-goog-channel-token': 'v=1&…',
      'x-goog-channel-expiration': 'Tue, 19 Nov 2013 01:13:52 GMT',
    };
    expect(readHeaders(headers, NOW)).toEqual({
      ok: true,
      token: 'v=1&…',
      data: { ...DATA, channelExpiration: '2013-11-19T01:13:52.000Z' },
    });
  });

  test('are read with names in any case', () => {
    const name = fc.constantFrom(...Object.keys(FIVE));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.nat({ max: 25 }))), (raised) => {
        const cased = Object.entries(FIVE).map(([each, value]) => {
          const letters = new Set(raised.flatMap(([which, at]) => (which === each ? [at] : [])));
          return [Array.from(each, (c, at) => (letters.has(at) ? c.toUpperCase() : c)).join(''), value];
        });
        expect(readHeaders(Object.fromEntries(cased), NOW)).toMatchObject({ ok: true, data: DATA });
      }),
    );
  });

  test('may be padded, and mixed with any others', () => {
    const padded = Object.fromEntries(Object.entries(FIVE).map(([name, value]) => [name, ` ${value} `]));
    const headers = { ...padded, host: 'example.com', 'content-length': '0', cookie: ['a=1', 'b=2'] };
    expect(readHeaders(headers, NOW)).toMatchObject({ ok: true, data: DATA });
  });

  test('may be lists of one value', () => {
    const lists = Object.fromEntries(Object.entries(FIVE).map(([name, value]) => [name, [` ${value}`]]));
    expect(readHeaders(lists, NOW)).toMatchObject({ ok: true, data: DATA });
  });

  test.each(Object.keys(FIVE))('are rejected without %s, which the answer names', (name) => {
    expect(problem(without(name))).toBe(
      `${name} is missing; a notification of Google Calendar has ${Object.keys(FIVE).join(', ')}`,
    );
    expect(problem({ ...FIVE, [name]: '' })).toMatch(new RegExp(`^${name} is missing`));
    expect(problem({ ...FIVE, [name]: '  ' })).toMatch(new RegExp(`^${name} is missing`));
    expect(problem({ ...FIVE, [name]: [] })).toMatch(new RegExp(`^${name} is missing`));
    expect(problem({ ...FIVE, [name]: [' '] })).toMatch(new RegExp(`^${name} is missing`));
  });

  test('yield a token that cannot verify if there are several', () => {
    const read = readHeaders({ ...FIVE, 'x-goog-channel-token': ['1', '1'] }, 0);
    expect(read).toMatchObject({ ok: true, token: '(several)' });
  });

  test.each(Object.keys(FIVE))('are rejected if %s is repeated', (name) => {
    expect(problem({ ...FIVE, [name]: ['1', '1'] })).toBe(`duplicate header ${name}`);
  });

  test.each([
    ['x-goog-channel-id', 'c'.repeat(65)],
    ['x-goog-message-number', '1'.repeat(17)],
    ['x-goog-resource-id', 'r'.repeat(257)],
    ['x-goog-resource-state', 'x'.repeat(33)],
    ['x-goog-resource-uri', `https://example.com/${'x'.repeat(4096)}`],
  ])('are rejected if %s is over-long', (name, value) => {
    expect(problem({ ...FIVE, [name]: value })).toBe(`${name} is too long`);
  });

  test('are read if each has its maximum length', () => {
    const longest = {
      'x-goog-channel-id': 'c'.repeat(64),
      'x-goog-message-number': String(Number.MAX_SAFE_INTEGER),
      'x-goog-resource-id': 'r'.repeat(256),
      'x-goog-resource-state': 'x'.repeat(32),
      'x-goog-resource-uri': `https://example.com/${'x'.repeat(4076)}`,
    };
    expect(readHeaders(longest, NOW)).toMatchObject({
      ok: true,
      data: { channelId: 'c'.repeat(64), messageNumber: Number.MAX_SAFE_INTEGER },
    });
  });

  test.each(['x', '', '-1', '1.5', '1e3', '0x10', '1, 2', '٣', '9007199254740993', 'NaN', 'Infinity'])(
    'are rejected with the message number %j',
    (number) => {
      expect(problem({ ...FIVE, 'x-goog-message-number': number })).toMatch(/^x-goog-message-number is /);
    },
  );

  test.each(['exists, exists', 'ex-ists', 'ü', 'a\nb'])('are rejected with the state %j', (state) => {
    expect(problem({ ...FIVE, 'x-goog-resource-state': state })).toBe('x-goog-resource-state is not a word');
  });

  test.each(['1384823632000000', 'soon', '', 'x'.repeat(100)])(
    'are read without an expiration that is not a date: %j',
    (expiration) => {
      const read = readHeaders({ ...FIVE, 'x-goog-channel-expiration': expiration }, NOW);
      expect(read).toEqual({ ok: true, token: undefined, data: DATA });
    },
  );

  test.each([
    [64, '2013-11-19T01:13:52.000Z'],
    [65, undefined],
  ])('have an expiration of %i characters: %s', (length, channelExpiration) => {
    const date = 'Tue, 19 Nov 2013 01:13:52 GMT (';
    const headers = { ...FIVE, 'x-goog-channel-expiration': `${date.padEnd(length - 1, 'x')})` };
    expect(readHeaders(headers, NOW)).toEqual({
      ok: true,
      token: undefined,
      data: { ...DATA, channelExpiration },
    });
  });

  test('are not blamed for an error of the program', () => {
    expect(() => readHeaders(FIVE, Number.NaN)).toThrow(RangeError);
  });

  test('never make the parser throw', () => {
    const value = fc.oneof(fc.string({ unit: anyCharacter }), fc.array(fc.string()), fc.constant(undefined));
    const headers = fc.record(Object.fromEntries(Object.keys(FIVE).map((name) => [name, value])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(headers, (given) => {
        expect(readHeaders(given, NOW).ok).toBeTypeOf('boolean');
      }),
    );
  });
});
