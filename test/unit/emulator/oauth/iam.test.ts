import { describe, expect, test } from 'vitest';
import { CALENDAR, EVENTS, ROOT, startSignIn } from '../../../support/emulator/sign-in.ts';

const ADA = 'ada@example.com';

describe('IAM Credentials', () => {
  const ACCOUNT = 'sync@demo-project.iam.gserviceaccount.com';
  const send = (
    site: ReturnType<typeof startSignIn>,
    method: string,
    body: unknown,
    headers: object = { authorization: 'Bearer x' },
  ) =>
    site.send(
      'POST',
      `/v1/projects/-/serviceAccounts/${encodeURIComponent(ACCOUNT)}:${method}`,
      typeof body === 'string' ? body : JSON.stringify(body),
      { ...headers },
    );

  test('signs a JWT that the token endpoint accepts from a registered account without keys', async () => {
    const site = startSignIn({
      serviceAccounts: [{ email: ACCOUNT, delegation: { 'example.com': [EVENTS] } }],
    });
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: ACCOUNT, sub: ADA, scope: EVENTS, aud: `${ROOT}/token`, iat, exp: iat + 3600 };
    const signed = (await send(site, 'signJwt', { payload: JSON.stringify(claims) })).json();
    expect(signed['keyId']).toMatch(/^[\da-f]{40}$/);
    const grant = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: String(signed['signedJwt']),
    };
    expect((await site.token(grant)).status).toBe(200);
  });

  test('gives access tokens of an account', async () => {
    const site = startSignIn();
    const given = (await send(site, 'generateAccessToken', { scope: [EVENTS], lifetime: '300s' })).json();
    expect(given['expireTime']).toBe('2030-01-01T09:05:00.000Z');
    expect(site.oauth.readToken(String(given['accessToken']))).toEqual({
      user: ACCOUNT,
      scopes: new Set([EVENTS]),
    });
    site.clock.advance(300_000);
    expect(site.oauth.readToken(String(given['accessToken']))).toBeUndefined();
  });

  test.each([
    ['a payload that is not JSON', 'signJwt', { payload: 'x' }],
    ['no payload', 'signJwt', {}],
    ['no JSON', 'signJwt', '{'],
    ['no scope', 'generateAccessToken', { scope: [] }],
    ['an unknown scope', 'generateAccessToken', { scope: [`${CALENDAR}.typo`] }],
    ['two hours', 'generateAccessToken', { scope: [EVENTS], lifetime: '7200s' }],
    ['another lifetime', 'generateAccessToken', { scope: [EVENTS], lifetime: 'long' }],
  ])('rejects %s', async (_name, method, body) => {
    const answer = await send(startSignIn(), method, body);
    expect([answer.status, answer.json()]).toMatchObject([400, { error: { status: 'INVALID_ARGUMENT' } }]);
  });

  test('needs credentials and, with strict, an account that exists', async () => {
    const body = { scope: [EVENTS] };
    expect((await send(startSignIn(), 'generateAccessToken', body, {})).status).toBe(401);
    expect((await send(startSignIn({ strict: true }), 'generateAccessToken', body)).status).toBe(404);
  });
});
