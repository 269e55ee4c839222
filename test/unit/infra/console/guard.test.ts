import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cookieName, guard, type GuardedRequest } from '../../../../infra/console/server/guard.ts';

const SECRET = { token: 'secret-of-this-start', port: 8090 };
const own = { host: '127.0.0.1:8090' };
const cookie = `${cookieName(8090)}=${SECRET.token}`;

const decide = (given: Partial<Omit<GuardedRequest, 'url'>> & { path?: string } = {}) => {
  const { path = '/api/stream', headers = {}, method = 'GET' } = given;
  const url = new URL(path, 'http://console');
  return guard({ method, url, headers: { ...own, ...headers } }, SECRET);
};

describe('a request is allowed', () => {
  test.each([
    ['with the cookie', { headers: { cookie } }],
    ['with the cookie among others', { headers: { cookie: `a=b; ${cookie}; c` } }],
    ['with the token as bearer', { headers: { authorization: `Bearer ${SECRET.token}` } }],
    ['by the name localhost', { headers: { cookie, host: 'localhost:8090' } }],
    ['of the page itself', { method: 'POST', headers: { cookie, origin: 'http://127.0.0.1:8090' } }],
  ])('%s', (_name, request) => {
    expect(decide(request)).toEqual({ allowed: true });
  });

  test('and signs in with the token in the address, on the page alone', () => {
    expect(decide({ path: `/?token=${SECRET.token}` })).toEqual({ allowed: true, signIn: true });
    expect(decide({ path: `/api/stream?token=${SECRET.token}` })).toMatchObject({ status: 401 });
  });
});

describe('a request is rejected', () => {
  test.each<[string, Parameters<typeof decide>[0], number]>([
    ['without a token', {}, 401],
    ['with another token in the address', { path: '/?token=guess' }, 401],
    ['with another token, though the cookie is right', { path: '/?token=guess', headers: { cookie } }, 401],
    ['with the cookie of another port', { headers: { cookie: `${cookieName(8091)}=${SECRET.token}` } }, 401],
    ['by another host name, as in DNS rebinding', { headers: { cookie, host: 'evil.example:8090' } }, 421],
    ['by the address with another port', { headers: { cookie, host: '127.0.0.1:80' } }, 421],
    ['of another origin', { headers: { cookie, origin: 'http://evil.example' } }, 403],
    ['of the origin null', { headers: { cookie, origin: 'null' } }, 403],
    ['of the same host over https', { headers: { cookie, origin: 'https://127.0.0.1:8090' } }, 403],
    [
      'of a form of another site',
      { method: 'POST', headers: { cookie, 'sec-fetch-site': 'cross-site' } },
      403,
    ],
  ])('%s', (_name, request, status) => {
    expect(decide(request)).toMatchObject({ allowed: false, status });
  });

  test('with any token but that of this start', () => {
    fc.assert(
      fc.property(fc.string(), (token) => {
        fc.pre(token !== SECRET.token);
        const path = `/?${new URLSearchParams({ token })}`;
        expect(decide({ path })).toMatchObject({ allowed: false, status: 401 });
        expect(decide({ headers: { cookie: `${cookieName(8090)}=${token}` } })).toMatchObject({
          status: 401,
        });
      }),
    );
  });
});
