import { describe, expect, test } from 'vitest';
import { EVENTS, idTokenOf, QUESTION, startSignIn } from '../../../support/emulator/sign-in.ts';

const ADA = 'ada@example.com';
const EMAIL = 'https://www.googleapis.com/auth/userinfo.email';
const IDENTITY = 'openid email profile';

describe('tokeninfo', () => {
  test('says what an access token allows, in both forms', async () => {
    const site = startSignIn();
    const { access_token: token } = await site.signIn({ scope: `openid email ${EVENTS}` });
    site.clock.advance(60_000);
    const common = { scope: `openid ${EMAIL} ${EVENTS}`, access_type: 'offline', email: ADA };
    for (const path of ['/tokeninfo', '/oauth2/v3/tokeninfo'])
      expect((await site.get(path, { access_token: token })).json()).toEqual({
        ...common,
        azp: QUESTION.client_id,
        aud: QUESTION.client_id,
        sub: expect.stringMatching(/^\d{21}$/),
        exp: String(Date.parse('2030-01-01T09:59:59Z') / 1000),
        expires_in: '3539',
        email_verified: 'true',
      });
    expect((await site.post('/oauth2/v1/tokeninfo', { access_token: token })).json()).toEqual({
      ...common,
      issued_to: QUESTION.client_id,
      audience: QUESTION.client_id,
      user_id: expect.stringMatching(/^\d{21}$/),
      expires_in: 3539,
      verified_email: true,
    });
  });

  test('takes an access token as a bearer token, too', async () => {
    const site = startSignIn();
    const { access_token: token } = await site.signIn();
    const info = await site.post('/tokeninfo', {}, { authorization: `Bearer ${token}` });
    expect(info.json()).toMatchObject({ aud: QUESTION.client_id, scope: EVENTS });
  });

  test('says nothing of the user without a scope for it', async () => {
    const site = startSignIn();
    const { access_token: token } = await site.signIn({ access_type: 'online' });
    const info = (await site.get('/tokeninfo', { access_token: token })).json();
    expect(Object.keys(info).toSorted()).toEqual(['access_type', 'aud', 'azp', 'exp', 'expires_in', 'scope']);
  });

  test('reads ID tokens, until they expire', async () => {
    const site = startSignIn();
    const token = idTokenOf(await site.signIn({ scope: IDENTITY }));
    expect((await site.get('/tokeninfo', { id_token: token })).json()).toMatchObject({
      email: ADA,
      email_verified: 'true',
      typ: 'JWT',
    });
  });

  test.each([
    ['nothing', {}, 'invalid_request'],
    ['an unknown access token', { access_token: 'ya29.x' }, 'invalid_token'],
    ['an ID token of another issuer', { id_token: 'a.b.c' }, 'invalid_token'],
  ] as const)('rejects %s', async (_name, parameters, error) => {
    const { status, json } = await startSignIn().get('/tokeninfo', parameters);
    expect([status, json()['error']]).toEqual([400, error]);
  });

  test('rejects an access token that has expired', async () => {
    const site = startSignIn({ accessTokenSeconds: 10 });
    const { access_token: token } = await site.signIn();
    site.clock.advance(10_000);
    expect((await site.get('/tokeninfo', { access_token: token })).json()).toEqual({
      error: 'invalid_token',
      error_description: 'Invalid Value',
    });
  });
});

describe('userinfo', () => {
  test('says who the bearer of a token is, as far as its scopes allow', async () => {
    const site = startSignIn();
    const bearer = async (scope: string) => {
      const { access_token: token } = await site.signIn({ scope, prompt: 'consent' });
      return { authorization: `Bearer ${token}` };
    };
    const all = {
      sub: expect.any(String),
      name: 'Ada',
      given_name: 'Ada',
      email: ADA,
      email_verified: true,
      hd: 'example.com',
    };
    expect((await site.get('/v1/userinfo', {}, await bearer(IDENTITY))).json()).toEqual(all);
    expect((await site.post('/oauth2/v3/userinfo', {}, await bearer(IDENTITY))).json()).toEqual(all);
    const { sub, email_verified: verified, ...rest } = all;
    expect((await site.get('/oauth2/v2/userinfo', {}, await bearer(IDENTITY))).json()).toEqual({
      ...rest,
      id: sub,
      verified_email: verified,
    });
    expect((await site.get('/v1/userinfo', {}, await bearer('openid'))).json()).toEqual({ sub });
  });

  test('takes an address as a token, as the API does', async () => {
    const answer = await startSignIn().get('/oauth2/v3/userinfo', {
      access_token: 'Grace.Hopper@example.com',
    });
    expect(answer.json()).toMatchObject({
      email: 'grace.hopper@example.com',
      name: 'Grace Hopper',
      family_name: 'Hopper',
    });
  });

  test('rejects other tokens, and those without a scope for it', async () => {
    const site = startSignIn();
    const { access_token: token } = await site.signIn();
    for (const authorization of ['Bearer ya29.x', 'Basic x', '']) {
      const answer = await site.get('/v1/userinfo', {}, { authorization });
      expect([answer.status, answer.json()]).toEqual([
        401,
        { error: 'invalid_request', error_description: 'Invalid Credentials' },
      ]);
    }
    const poor = await site.get('/v1/userinfo', { access_token: token });
    expect([poor.status, poor.headers['WWW-Authenticate']]).toEqual([
      403,
      expect.stringContaining('insufficient_scope'),
    ]);
  });
});

describe('revoke', () => {
  test.each(['access_token', 'refresh_token'] as const)('ends a consent by its %s', async (kind) => {
    const site = startSignIn();
    const tokens = await site.signIn();
    const { access_token: second } = await site.signIn();
    expect((await site.post('/revoke', { token: tokens[kind] })).json()).toEqual({});
    for (const token of [tokens.access_token, second]) expect(site.oauth.readToken(token)).toBeUndefined();
    expect((await site.refresh(tokens.refresh_token)).status).toBe(400);
    expect(site.oauth.grants()).toEqual([]);
    const again = await site.post(`/revoke?token=${tokens[kind]}`, {});
    expect([again.status, again.json()]).toEqual([
      400,
      { error: 'invalid_token', error_description: 'Token expired or revoked' },
    ]);
  });

  test('leaves other clients and other users alone', async () => {
    const site = startSignIn({ consent: 'allow' });
    const { access_token: token } = await site.signIn();
    const [client, user] = [
      await site.signIn({ client_id: 'other' }),
      await site.signIn({ login_hint: 'bob@example.com' }),
    ];
    await site.get('/o/oauth2/revoke', { token });
    for (const { access_token: left } of [client, user]) expect(site.oauth.readToken(left)).toBeDefined();
  });

  test('needs a token, and POST', async () => {
    const site = startSignIn();
    expect((await site.post('/revoke', {})).json()).toMatchObject({
      error: 'invalid_request',
      error_description: 'Missing required parameter: token',
    });
    expect((await site.get('/revoke', { token: 'x' })).status).toBe(405);
  });
});
