import { X509Certificate, createPublicKey } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { CALENDAR, EVENTS, QUESTION, ROOT, startSignIn } from '../../../support/emulator/sign-in.ts';

const ADA = 'ada@example.com';
const EMAIL = 'https://www.googleapis.com/auth/userinfo.email';
const IDENTITY = 'openid email profile';

const idTokenOf = (tokens: object): string => z.object({ id_token: z.string() }).parse(tokens).id_token;

describe('an ID token', () => {
  test('says who the user is, signed by the key that is published', async () => {
    const site = startSignIn();
    const token = idTokenOf(await site.signIn({ scope: `${IDENTITY} ${EVENTS}`, nonce: 'n-1' }));
    const jwks = createLocalJWKSet(
      z
        .looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) })
        .parse((await site.get('/oauth2/v3/certs')).json()),
    );
    const { payload, protectedHeader } = await jwtVerify(token, jwks, {
      issuer: 'https://accounts.google.com',
      audience: QUESTION.client_id,
    });
    expect(payload).toMatchObject({
      azp: QUESTION.client_id,
      sub: expect.stringMatching(/^1\d{20}$/),
      email: ADA,
      email_verified: true,
      hd: 'example.com',
      name: 'Ada',
      given_name: 'Ada',
      nonce: 'n-1',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    const certificates = z.record(z.string(), z.string()).parse((await site.get('/oauth2/v1/certs')).json());
    const certificate = new X509Certificate(certificates[protectedHeader.kid ?? ''] ?? '');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toContain('federated-signon');
    expect((await jwtVerify(token, createPublicKey(certificate.toString()))).payload.sub).toBe(payload.sub);
  });

  test('comes with openid only, and says no more than the scopes allow', async () => {
    const site = startSignIn();
    expect(await site.signIn()).not.toHaveProperty('id_token');
    const { payload } = await jwtVerify(
      idTokenOf(await site.signIn({ scope: 'openid', login_hint: 'grace.hopper@gmail.com' })),
      createLocalJWKSet(
        z
          .looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) })
          .parse((await site.get('/oauth2/v3/certs')).json()),
      ),
    );
    expect(Object.keys(payload).toSorted()).toEqual(['aud', 'azp', 'exp', 'iat', 'iss', 'sub']);
  });

  test('comes with refreshed tokens as well', async () => {
    const site = startSignIn();
    const { refresh_token: token } = await site.signIn({ scope: IDENTITY });
    expect(idTokenOf((await site.refresh(token)).json())).toMatch(/^ey/);
  });

  test('names the emulator as its issuer on request, as the OpenID configuration does', async () => {
    const site = startSignIn({ issuer: 'emulator' });
    const answer = await site.consent({ scope: 'openid' });
    expect(answer.get('iss')).toBe(ROOT);
    const info = await site.get('/tokeninfo', {
      id_token: idTokenOf((await site.redeem(answer.get('code'))).json()),
    });
    expect(info.json()).toMatchObject({ iss: ROOT, aud: QUESTION.client_id, alg: 'RS256' });
    expect((await site.get('/.well-known/openid-configuration')).json()).toMatchObject({ issuer: ROOT });
  });
});

test('the OpenID configuration names endpoints that answer, at the address of its caller', async () => {
  const site = startSignIn();
  const headers = { host: 'calendar-emulator:9199' };
  const found = (await site.get('/.well-known/openid-configuration', {}, headers)).json();
  expect(found['issuer']).toBe('https://accounts.google.com');
  const endpoints = Object.entries(found).filter(([name]) => /_endpoint$|_uri$/.test(name));
  expect(endpoints).toHaveLength(5);
  for (const [, endpoint] of endpoints) {
    const url = new URL(String(endpoint));
    expect(url.host).toBe(headers.host);
    expect((await site.get(url.pathname)).status).not.toBe(404);
  }
});

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
