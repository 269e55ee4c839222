import { describe, expect, test } from 'vitest';
import { CalendarError } from '../../../infra/emulator/protocol/http.ts';
import { readChannelRequest } from '../../../infra/emulator/routes/channel-request.ts';
import type { ChannelRules } from '../../../infra/emulator/routes/channel-request.ts';

const NOW = 1_700_000_000_000;
const good = { id: 'c1', type: 'web_hook', address: 'https://example.com/hook' };

function read(body: unknown, rules: ChannelRules = {}) {
  return readChannelRequest(body, NOW, rules);
}

function reasonOf(body: unknown, rules: ChannelRules = {}): string {
  try {
    read(body, rules);
    return 'none';
  } catch (error) {
    if (error instanceof CalendarError) return `${error.status} ${error.detail.reason}: ${error.message}`;
    throw error;
  }
}

describe('the lifetime of a channel', () => {
  test.each([
    ['is a week by default', {}, {}, 604_800],
    ['is the requested ttl', { params: { ttl: '3600' } }, {}, 3600],
    ['may be given as a number', { params: { ttl: 3600 } }, {}, 3600],
    ['lasts until the requested expiration', { expiration: String(NOW + 7_200_000) }, {}, 7200],
    ['lasts until an expiration given as a number', { expiration: NOW + 7_200_000 }, {}, 7200],
    ['is the shorter of both', { expiration: NOW + 7_200_000, params: { ttl: '60' } }, {}, 60],
    ['is cut to the limit', { params: { ttl: '999999999' } }, {}, 2_592_000],
    ['is cut to a configured limit', {}, { maxTtlSeconds: 100 }, 100],
  ])('%s', (_name, fields, rules, seconds) => {
    expect(read({ ...good, ...fields }, rules).expiresAt).toBe(NOW + seconds * 1000);
  });

  test('ends on a whole second, as its header has no fractions', () => {
    expect(readChannelRequest(good, NOW + 123, {}).expiresAt % 1000).toBe(0);
  });

  test('in seconds instead of milliseconds is rejected as a negative lifetime', () => {
    const seconds = NOW / 1000 + 3600;
    expect(reasonOf({ ...good, expiration: String(seconds) })).toBe(
      `400 pushInvalidTtl: Invalid ttl value for channel ${Math.floor(seconds / 1000) - NOW / 1000}`,
    );
  });
});

describe('a watch call is rejected', () => {
  test.each([
    ['without a body', undefined, 'required'],
    ['without an id', { ...good, id: undefined }, 'required'],
    ['without a type', { ...good, type: undefined }, 'required'],
    ['without an address', { ...good, address: undefined }, 'required'],
    ['with an id over 64 characters', { ...good, id: 'x'.repeat(65) }, 'invalid'],
    ['with a token over 256 characters', { ...good, token: 'x'.repeat(257) }, 'invalid'],
    ['with a token that is not a valid header value', { ...good, token: 'a\nb' }, 'invalid'],
    ['with a number as its id', { ...good, id: 7 }, 'invalid'],
    ['with an expiration that is not a number', { ...good, expiration: 'soon' }, 'invalid'],
    ['with an address that is not a URL', { ...good, address: 'nowhere' }, 'invalid'],
    ['with another scheme', { ...good, address: 'ftp://example.com/' }, 'invalid'],
    ['with another type', { ...good, type: 'email' }, 'push.channelTypeNotSupported'],
    ['with a ttl of 0', { ...good, params: { ttl: '0' } }, 'pushInvalidTtl'],
    ['with plain HTTP', { ...good, address: 'http://example.com/' }, 'push.webhookUrlNotHttps'],
  ])('%s', (_name, body, reason) => {
    expect(reasonOf(body)).toContain(`400 ${reason}: `);
  });
});

test('plain HTTP to any host is accepted if it is allowed', () => {
  const address = 'http://app:8080/';
  expect(read({ ...good, address }, { allowHttp: true }).address).toBe(address);
});

test.each(['http://127.0.0.1:8080/', 'http://localhost/', 'http://[::1]:1/'])(
  'plain HTTP to %s is accepted unless it is disabled',
  (address) => {
    expect(read({ ...good, address }).address).toBe(address);
    expect(reasonOf({ ...good, address }, { allowHttpLoopback: false })).toContain('push.webhookUrlNotHttps');
  },
);

test.each(['web_hook', 'webhook'])('both names of the channel type are accepted: %s', (type) => {
  expect(read({ ...good, type, token: 't' })).toMatchObject({ id: 'c1', token: 't' });
});
