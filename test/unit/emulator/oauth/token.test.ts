import { describe, expect, test } from 'vitest';
import {
  CALENDAR,
  CALLBACK,
  EVENTS,
  type Parameters,
  QUESTION,
  startSignIn,
} from '../../../support/emulator/sign-in.ts';

const DAY = 86_400_000;
const ID = QUESTION.client_id;

describe('a code', () => {
  test('is exchanged for an access token and, offline, a refresh token', async () => {
    const site = startSignIn();
    const { status, headers, json } = await site.redeem(
      (await site.consent({ access_type: 'offline' })).get('code'),
    );
    expect([status, headers['Cache-Control']]).toEqual([200, expect.stringContaining('no-store')]);
    expect(json()).toEqual({
      access_token: expect.stringMatching(/^ya29\.[\w-]{100,}$/),
      expires_in: 3599,
      refresh_token: expect.stringMatching(/^1\/\/[\w-]+$/),
      scope: EVENTS,
      token_type: 'Bearer',
    });
    const online = await site.signIn({ access_type: 'online', prompt: 'consent' });
    expect(online.refresh_token).toBe('');
  });

  test('gives a refresh token only with the first consent, or with prompt=consent', async () => {
    const site = startSignIn();
    expect((await site.signIn()).refresh_token).not.toBe('');
    expect((await site.signIn()).refresh_token).toBe('');
    expect((await site.signIn({ prompt: 'consent' })).refresh_token).not.toBe('');
    expect((await site.signIn({ approval_prompt: 'force' })).refresh_token).not.toBe('');
    expect((await site.signIn({ scope: CALENDAR })).refresh_token).not.toBe('');
  });

  test('counts once, also after a failed attempt of its own client', async () => {
    const site = startSignIn();
    const code = (await site.consent()).get('code');
    expect((await site.redeem(code)).status).toBe(200);
    const again = await site.redeem(code);
    expect([again.status, again.json()]).toEqual([
      400,
      { error: 'invalid_grant', error_description: 'Bad Request' },
    ]);
    const failed = (await site.consent()).get('code');
    await site.redeem(failed, { redirect_uri: `${CALLBACK}/` });
    expect((await site.redeem(failed)).json()).toMatchObject({ error: 'invalid_grant' });
    const stolen = (await site.consent()).get('code');
    await site.redeem(stolen, { client_id: 'another' });
    expect((await site.redeem(stolen)).status).toBe(200);
  });

  test('that comes a second time ends the tokens that it gave, and no others', async () => {
    const site = startSignIn();
    const code = (await site.consent({ access_type: 'offline' })).get('code');
    const first = (await site.redeem(code)).json();
    const form = {
      grant_type: 'refresh_token',
      refresh_token: String(first['refresh_token']),
      client_id: ID,
    };
    const refreshed = (await site.post('/token', form)).json();
    const other = await site.signIn();
    const isValid = async (token: unknown): Promise<boolean> =>
      (await site.get('/tokeninfo', { access_token: String(token) })).status === 200;
    await site.redeem(code, { client_id: 'another' });
    expect(await isValid(first['access_token'])).toBe(true);
    await site.redeem(code);
    expect(await isValid(first['access_token'])).toBe(false);
    expect(await isValid(refreshed['access_token'])).toBe(false);
    expect((await site.post('/token', form)).json()).toMatchObject({ error: 'invalid_grant' });
    expect(await isValid(other.access_token)).toBe(true);
  });

  test('expires after ten minutes', async () => {
    const site = startSignIn();
    const [early, late] = [(await site.consent()).get('code'), (await site.consent()).get('code')];
    site.clock.advance(10 * 60_000 - 1);
    expect((await site.redeem(early)).status).toBe(200);
    site.clock.advance(1);
    expect((await site.redeem(late)).json()).toMatchObject({ error: 'invalid_grant' });
  });

  test.each([
    ['a code that never was one', { code: 'x' }, 400, 'invalid_grant', 'Malformed auth code.'],
    ['another redirect URI', { redirect_uri: `${CALLBACK}/` }, 400, 'redirect_uri_mismatch', 'Bad Request'],
    ['another client', { client_id: 'another' }, 400, 'invalid_grant', 'Bad Request'],
    ['no code', { code: '' }, 400, 'invalid_request', 'Missing required parameter: code'],
    [
      'no redirect URI',
      { redirect_uri: '' },
      400,
      'invalid_request',
      'Missing required parameter: redirect_uri',
    ],
    ['no client', { client_id: '' }, 400, 'invalid_request', 'Could not determine client ID from request.'],
    [
      'a verifier without a challenge',
      { code_verifier: 'a'.repeat(43) },
      400,
      'invalid_grant',
      'Invalid code verifier.',
    ],
  ] as const)('with %s is rejected', async (_name, change: Parameters, status, error, error_description) => {
    const site = startSignIn();
    const { status: answered, json } = await site.redeem((await site.consent()).get('code'), change);
    expect([answered, json()]).toEqual([status, { error, error_description }]);
  });
});

describe('a refresh token', () => {
  test('gives access tokens again and again, with all scopes or with fewer', async () => {
    const site = startSignIn();
    const { refresh_token: token } = await site.signIn({ scope: `${EVENTS} ${CALENDAR}.readonly` });
    const all = await site.refresh(token);
    expect(all.json()).toEqual({
      access_token: expect.stringMatching(/^ya29\./),
      expires_in: 3599,
      scope: `${EVENTS} ${CALENDAR}.readonly`,
      token_type: 'Bearer',
    });
    const fewer = (await site.refresh(token, { scope: EVENTS })).json();
    expect(fewer).toMatchObject({ scope: EVENTS });
    expect(site.oauth.readToken(String(fewer['access_token']))).toEqual({
      user: 'ada@example.com',
      scopes: new Set([EVENTS]),
    });
  });

  test.each([
    ['a scope that was not granted', { scope: CALENDAR }, 400, 'invalid_scope', 'Bad Request'],
    ['an unknown scope', { scope: 'calendar' }, 400, 'invalid_scope', 'Bad Request'],
    ['no token', { refresh_token: '' }, 400, 'invalid_request', 'Missing required parameter: refresh_token'],
    ['another token', { refresh_token: '1//x' }, 400, 'invalid_grant', 'Token has been expired or revoked.'],
    ['a text that never was a token', { refresh_token: 'x' }, 400, 'invalid_grant', 'Bad Request'],
    ['another client', { client_id: 'another' }, 401, 'unauthorized_client', 'Unauthorized'],
  ] as const)('with %s is rejected', async (_name, change: Parameters, status, error, error_description) => {
    const site = startSignIn();
    const { refresh_token: token } = await site.signIn();
    const answer = await site.refresh(token, change);
    expect([answer.status, answer.json()]).toEqual([status, { error, error_description }]);
  });

  test('ends with its consent', async () => {
    const site = startSignIn();
    const { refresh_token: token, access_token: access } = await site.signIn();
    expect(site.oauth.revoke({ user: 'ADA@example.com' })).toBe(1);
    expect(site.oauth.readToken(access)).toBeUndefined();
    const answer = await site.refresh(token);
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
    ]);
  });

  test('of a client in testing expires after seven days, otherwise never', async () => {
    const site = startSignIn({ clients: [{ clientId: 'draft', testing: true }] });
    const draft = await site.signIn({ client_id: 'draft' });
    const { refresh_token: lasting } = await site.signIn();
    expect(draft).toMatchObject({ refresh_token_expires_in: 604_799 });
    const refresh = async () => (await site.refresh(draft.refresh_token, { client_id: 'draft' })).status;
    site.clock.advance(7 * DAY - 1);
    expect(await refresh()).toBe(200);
    site.clock.advance(1);
    expect(await refresh()).toBe(400);
    site.clock.advance(3000 * DAY);
    expect((await site.refresh(lasting)).status).toBe(200);
  });

  test('ends when its client has a hundred newer ones for the same account', async () => {
    const site = startSignIn({ consent: 'allow' });
    const { refresh_token: first } = await site.signIn({ prompt: 'consent' });
    const { refresh_token: second } = await site.signIn({ prompt: 'consent' });
    const { refresh_token: foreign } = await site.signIn({
      prompt: 'consent',
      login_hint: 'bob@example.com',
    });
    for (let made = 0; made < 99; made += 1) await site.signIn({ prompt: 'consent' });
    expect((await site.refresh(first)).status).toBe(400);
    expect((await site.refresh(second)).status).toBe(200);
    expect((await site.refresh(foreign)).status).toBe(200);
  });
});

describe('the token endpoint', () => {
  test.each(['', 'password', 'client_credentials', 'urn:ietf:params:oauth:grant-type:device_code'])(
    'does not support the grant "%s"',
    async (grant) => {
      const answer = await startSignIn().token({ grant_type: grant });
      expect([answer.status, answer.json()]).toEqual([
        400,
        { error: 'unsupported_grant_type', error_description: `Invalid grant_type: ${grant}` },
      ]);
    },
  );

  test('has four paths, and accepts JSON as well', async () => {
    const site = startSignIn();
    const { refresh_token: token } = await site.signIn();
    const form = { grant_type: 'refresh_token', refresh_token: token, client_id: ID };
    for (const path of ['/token', '/o/oauth2/token', '/oauth2/v3/token', '/oauth2/v4/token'])
      expect((await site.post(path, form)).status).toBe(200);
    const json = { 'content-type': 'application/json' };
    expect((await site.send('POST', '/token', JSON.stringify(form), json)).status).toBe(200);
    const withNull = JSON.stringify({ ...form, client_secret: null });
    expect((await site.send('POST', '/token', withNull, json)).status).toBe(200);
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    for (const body of ['{', 'null', '[]', '{"grant_type":{}}', `{"grant_type":${deep}}`]) {
      const broken = await site.send('POST', '/token', body, json);
      expect([broken.status, broken.json()['error']]).toEqual([400, 'invalid_request']);
    }
  });

  test('rejects a parameter that is there twice, and other methods', async () => {
    const site = startSignIn();
    const twice = new URLSearchParams([...Object.entries(QUESTION), ['scope', 'x']]);
    expect((await site.post('/token', twice)).json()).toMatchObject({
      error: 'invalid_request',
      error_description: 'OAuth 2 parameters can only have a single value: scope',
    });
    const got = await site.get('/token');
    expect([got.status, got.headers['Allow']]).toEqual([405, 'POST']);
  });
});
