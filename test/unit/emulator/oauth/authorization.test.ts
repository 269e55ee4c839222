import { describe, expect, test } from 'vitest';
import {
  CALENDAR,
  CALLBACK,
  EVENTS,
  fieldsOf,
  QUESTION,
  startSignIn,
} from '../../../support/emulator/sign-in.ts';

const users = ['ada@example.com', 'bob@example.com'];

describe('a decision', () => {
  test('to allow sends the browser back with a code, the state, the scopes and the issuer', async () => {
    const answer = await startSignIn().consent({ state: 'a b&c', redirect_uri: `${CALLBACK}?tab=1` });
    expect(Object.fromEntries(answer)).toEqual({
      tab: '1',
      state: 'a b&c',
      iss: 'https://accounts.google.com',
      code: expect.stringMatching(/^4\//),
      scope: EVENTS,
      authuser: '0',
      prompt: 'consent',
    });
  });

  test('to deny sends the browser back with access_denied', async () => {
    const site = startSignIn();
    const answer = await site.consent({ state: '1' }, (form) => form.set('decision', 'deny'));
    expect([answer.get('error'), answer.get('state'), answer.get('code')]).toEqual([
      'access_denied',
      '1',
      null,
    ]);
    expect(site.oauth.grants()).toEqual([]);
  });

  test('counts once', async () => {
    const site = startSignIn();
    const form = fieldsOf((await site.ask()).text, 'allow');
    expect((await site.answer(form)).status).toBe(302);
    const again = await site.answer(form);
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('answered already')]);
    const invented = new URLSearchParams({ ...Object.fromEntries(form), id: 'invented' });
    expect((await site.answer(invented)).status).toBe(400);
  });

  test('from a page of another site is rejected', async () => {
    const site = startSignIn();
    const form = fieldsOf((await site.ask()).text, 'allow');
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1'])
      expect((await site.answer(form, { origin })).status).toBe(403);
    expect((await site.answer(form, { origin: 'http://127.0.0.1:9199' })).status).toBe(302);
  });

  test.each([
    ['an invalid address', { user: 'other', address: 'nobody' }, 'Give the address of an account'],
    ['no account', { user: '' }, 'Give the address of an account'],
    ['no decision', { decision: '' }, 'Choose Allow or Deny'],
  ])('with %s is asked for again', async (_name, change, words) => {
    const site = startSignIn();
    const form = fieldsOf((await site.ask()).text, 'allow');
    for (const [name, value] of Object.entries(change)) form.set(name, value);
    const again = await site.answer(form);
    expect([again.status, again.text]).toEqual([400, expect.stringContaining(words)]);
    const corrected = fieldsOf(again.text, 'allow');
    corrected.set('user', 'ada@example.com');
    expect((await site.answer(corrected)).status).toBe(302);
  });

  test('may leave out scopes, but not those of OpenID Connect', async () => {
    const site = startSignIn();
    const scope = `openid email ${CALENDAR}.readonly ${EVENTS}`;
    const answer = await site.consent({ scope }, (form) => form.delete('scope', EVENTS));
    const granted = `openid https://www.googleapis.com/auth/userinfo.email ${CALENDAR}.readonly`;
    expect(answer.get('scope')).toBe(granted);
    expect(site.oauth.grants()).toMatchObject([{ scopes: granted.split(' ') }]);
  });

  test('that leaves out every scope denies', async () => {
    const answer = await startSignIn().consent({}, (form) => form.delete('scope'));
    expect(answer.get('error')).toBe('access_denied');
  });

  test('cannot add a scope that was not asked for', async () => {
    const answer = await startSignIn().consent({}, (form) => form.append('scope', CALENDAR));
    expect(answer.get('scope')).toBe(EVENTS);
  });

  test('is added to earlier ones with include_granted_scopes', async () => {
    const site = startSignIn();
    await site.consent();
    const scope = `${CALENDAR}.readonly`;
    expect((await site.consent({ scope })).get('scope')).toBe(scope);
    const both = await site.consent({ scope, include_granted_scopes: 'true', prompt: 'consent' });
    expect(both.get('scope')).toBe(`${scope} ${EVENTS}`);
  });
});

describe('a user who has consented before', () => {
  test('is not asked again, unless the prompt says so or there are several accounts', async () => {
    const site = startSignIn();
    await site.consent();
    expect((await site.ask()).status).toBe(302);
    for (const prompt of ['consent', 'select_account', 'select_account consent'])
      expect((await site.ask({ prompt })).status).toBe(200);
    expect((await site.ask({ scope: CALENDAR })).status).toBe(200);
    site.accounts.add('bob@example.com');
    expect((await site.ask()).status).toBe(200);
    expect((await site.ask({ login_hint: 'ada@example.com' })).status).toBe(302);
    expect((await site.ask({ client_id: 'other-app' })).status).toBe(200);
  });

  test('gets through with prompt=none, which is refused to everyone else', async () => {
    const site = startSignIn();
    const refused = (await site.ask({ prompt: 'none', state: '1' })).location().searchParams;
    expect([refused.get('error'), refused.get('state')]).toEqual(['interaction_required', '1']);
    await site.consent();
    expect((await site.ask({ prompt: 'none' })).location().searchParams.get('code')).toMatch(/^4\//);
  });
});

describe('without a page', () => {
  test('requests are allowed at once for the hinted account, or the first', async () => {
    const site = startSignIn({ consent: 'allow' }, users);
    expect((await site.ask()).location().searchParams.get('code')).toMatch(/^4\//);
    await site.ask({ login_hint: 'eve@example.com', prompt: 'consent' });
    expect(site.oauth.grants().map(({ user }) => user)).toEqual(['ada@example.com', 'eve@example.com']);
    expect((await startSignIn({ consent: 'allow' }, []).ask()).text).toContain('No account to allow');
  });

  test('requests are denied at once, until the mode changes', async () => {
    const site = startSignIn({ consent: 'deny' });
    expect((await site.ask()).location().searchParams.get('error')).toBe('access_denied');
    site.oauth.setConsent('ask');
    expect((await site.ask()).status).toBe(200);
  });
});

const missing = (name: string) =>
  [name, { [name]: '' }, 400, `Required parameter is missing: ${name}`] as const;

describe('a bad request is answered with a page, and never with a redirect', () => {
  test.each([
    missing('client_id'),
    missing('redirect_uri'),
    missing('response_type'),
    missing('scope'),
    [
      'unknown scope',
      { scope: `${EVENTS} ${CALENDAR}.typo` },
      400,
      `{valid=[${EVENTS}], invalid=[${CALENDAR}.typo]}`,
    ],
    ['scope without a name', { scope: 'calendar' }, 400, 'invalid_scope'],
    ['scope of an object’s own', { scope: 'toString' }, 400, 'invalid_scope'],
    ['implicit grant', { response_type: 'token' }, 400, 'unsupported_response_type'],
    ['ID token alone', { response_type: 'id_token' }, 400, 'Invalid response_type: id_token'],
    ['prompt', { prompt: 'login' }, 400, 'Invalid prompt: login'],
    ['prompt none with another', { prompt: 'none consent' }, 400, 'Invalid prompt: none consent'],
    ['two kinds of prompt', { prompt: 'consent', approval_prompt: 'force' }, 400, 'Conflict params'],
    ['access_type', { access_type: 'sometimes' }, 400, 'Invalid parameter value for access_type'],
    ['include_granted_scopes', { include_granted_scopes: '1' }, 400, 'include_granted_scopes'],
    [
      'challenge method',
      { code_challenge: 'a'.repeat(43), code_challenge_method: 's256' },
      400,
      'code_challenge_method',
    ],
    [
      'short challenge',
      { code_challenge: 'a'.repeat(42) },
      400,
      'Invalid parameter value for code_challenge',
    ],
    [
      'method without a challenge',
      { code_challenge_method: 'S256' },
      400,
      'Required parameter is missing: code_challenge',
    ],
    ['redirect to plain http', { redirect_uri: 'http://example.com/' }, 400, 'redirect_uri_mismatch'],
  ] as const)('%s', async (_name, change, status, words) => {
    const page = await startSignIn().ask(change);
    expect([page.status, page.headers['Location']]).toEqual([status, undefined]);
    expect(page.headers['Content-Type']).toBe('text/html; charset=utf-8');
    expect(page.text).toContain(words);
  });

  test('repeated parameter', async () => {
    const query = new URLSearchParams(QUESTION);
    query.append('scope', CALENDAR);
    const page = await startSignIn().get('/o/oauth2/auth', query);
    expect([page.status, page.text]).toEqual([
      400,
      expect.stringContaining('can only have a single value: scope'),
    ]);
  });

  test('unknown client, with strict', async () => {
    const page = await startSignIn({ strict: true }).ask();
    expect([page.status, page.text]).toEqual([
      401,
      expect.stringContaining('The OAuth client was not found.'),
    ]);
  });
});

describe('redirect URIs', () => {
  const clients = [
    { clientId: 'desktop' },
    { clientId: 'web', redirectUris: ['https://app.example.com/oauth', 'http://localhost:3000/'] },
  ];
  test.each([
    ['anyone', 'http://127.0.0.1:1', true],
    ['anyone', 'http://127.3.2.1:65535/a?b=c', true],
    ['anyone', 'http://localhost/', true],
    ['anyone', 'http://[::1]:80/', true],
    ['anyone', 'https://app.example.com/oauth', true],
    ['anyone', 'http://localhost.example.com/', false],
    ['anyone', 'http://127.0.0.1.example.com/', false],
    ['anyone', 'https://app.example.com/#fragment', false],
    ['anyone', 'http://ada:secret@localhost/', false],
    ['anyone', 'javascript:alert(1)', false],
    ['anyone', 'urn:ietf:wg:oauth:2.0:oob', false],
    ['anyone', '/relative', false],
    ['desktop', 'http://127.0.0.1:5000/', true],
    ['desktop', 'https://app.example.com/oauth', false],
    ['web', 'https://app.example.com/oauth', true],
    ['web', 'http://localhost:3000/', true],
    ['web', 'http://localhost:3001/', false],
    ['web', 'https://app.example.com/oauth/', false],
    ['web', 'https://app.example.com/oauth?x=1', false],
  ])('of %s: %s', async (client, redirect, isAllowed) => {
    const page = await startSignIn({ clients }).ask({ client_id: client, redirect_uri: redirect });
    expect([page.status, page.text.includes('redirect_uri_mismatch')]).toEqual(
      isAllowed ? [200, false] : [400, true],
    );
  });
});
