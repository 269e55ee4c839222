/** Tokens of the emulator's OAuth endpoints, at its API. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { loadDefinition, methodsOf, type ApiMethod } from '../../../infra/emulator/definition/definition.ts';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import { clientOf } from '../../support/emulator/client.ts';
import { ADA } from '../../support/emulator/emulated.ts';
import { EVENTS, fieldsOf, QUESTION } from '../../support/emulator/sign-in.ts';
import type { Route } from '../../../infra/emulator/protocol/http.ts';
import type { CalendarEmulator } from '../../../infra/emulator/types.ts';

const definition = await loadDefinition();
const methods = [...methodsOf(definition).values()];

/** Returns a route of a method that the emulator does not serve, so that the scopes of every method can be tried. */
function unserved({ id, path, httpMethod }: ApiMethod, routes: readonly Route[]): readonly Route[] {
  if (routes.some((route) => route.id === id)) return [];
  const method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).parse(httpMethod);
  return [{ id, method, path: `/${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, handle: () => ({ status: 501 }) }];
}

const CLIENT = QUESTION.client_id;
const BEN = 'ben@example.com';
let emulator: CalendarEmulator;

beforeAll(async () => {
  emulator = await startCalendarEmulator({
    initial: {
      users: [{ email: ADA }],
      oauth: { clients: [{ clientId: 'web', redirectUris: ['https://app.example.com/'] }] },
    },
    oauth: { consent: 'allow' },
    routes: (routes) => [...routes, ...methods.flatMap((method) => unserved(method, routes))],
  });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const Tokens = z.object({ access_token: z.string(), refresh_token: z.string() });

const post = (path: string, form: Readonly<Record<string, string>>, root = emulator.url): Promise<Response> =>
  fetch(root + path, { method: 'POST', body: new URLSearchParams(form) });

/** Asks for scopes, and returns where the browser is sent. */
async function ask(scope: string, user = ADA, root = emulator.url): Promise<URL> {
  const parameters = { ...QUESTION, scope, login_hint: user, access_type: 'offline', prompt: 'consent' };
  const url = `${root}/o/oauth2/v2/auth?${new URLSearchParams(parameters).toString()}`;
  const sent = await fetch(url, { redirect: 'manual' });
  return new URL(sent.headers.get('location') ?? '');
}

/** Consents to scopes, and returns the tokens. */
async function signIn(scope: string, user = ADA, root = emulator.url): Promise<z.infer<typeof Tokens>> {
  const code = (await ask(scope, user, root)).searchParams.get('code') ?? '';
  const form = {
    grant_type: 'authorization_code',
    code,
    client_id: CLIENT,
    redirect_uri: QUESTION.redirect_uri,
  };
  return Tokens.parse(await (await post('/token', form, root)).json());
}

const isEnough = (method: ApiMethod, chosen: readonly string[]): boolean =>
  method.scopes.some((scope) => chosen.includes(scope));

const call = (path: string, token: string, method = 'GET'): Promise<Response> =>
  fetch(`${emulator.url}/calendar/v3/${path}`, { method, headers: { authorization: `Bearer ${token}` } });

async function control(method: string, path: string, body?: object) {
  const answer = await fetch(`${emulator.url}/emulator/oauth/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: z.unknown().parse(await answer.json()) };
}

test('an access token stands for its user until it expires by the emulator’s clock', async () => {
  const { access_token: token, refresh_token: refreshToken } = await signIn(EVENTS, BEN);
  const ben = clientOf(emulator.url, token);
  expect(
    (
      await ben.events.insert({
        calendarId: BEN,
        requestBody: { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } },
      })
    ).data.creator,
  ).toMatchObject({ email: BEN });
  expect((await call('calendars/primary/events', 'ignored', 'GET')).status).toBe(401);
  emulator.clock.advance(3599_000);
  const expired = await call('calendars/primary/events', token);
  expect(expired.headers.get('www-authenticate')).toContain('error="invalid_token"');
  expect([expired.status, await expired.json()]).toMatchObject([
    401,
    { error: { status: 'UNAUTHENTICATED', errors: [{ reason: 'authError' }] } },
  ]);
  const refreshed = await post('/token', {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: CLIENT,
  });
  const { access_token: next } = z.looseObject({ access_token: z.string() }).parse(await refreshed.json());
  expect((await call('calendars/primary/events', next)).status).toBe(200);
});

test('a token without a sufficient scope is answered as Google does', async () => {
  const { access_token: token } = await signIn(EVENTS);
  const answer = await call('users/me/calendarList', token);
  expect(answer.status).toBe(403);
  expect(answer.headers.get('www-authenticate')).toMatch(
    /^Bearer realm="https:\/\/accounts\.google\.com\/", error="insufficient_scope", scope="https:\/\/www\.googleapis\.com\/auth\/calendar [^"]+"$/,
  );
  expect(await answer.json()).toEqual({
    error: {
      code: 403,
      message: 'Request had insufficient authentication scopes.',
      errors: [{ message: 'Insufficient Permission', domain: 'global', reason: 'insufficientPermissions' }],
      status: 'PERMISSION_DENIED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
          domain: 'googleapis.com',
          metadata: { service: 'calendar-json.googleapis.com', method: 'calendar.v3.CalendarList.List' },
        },
      ],
    },
  });
  expect(emulator.journal.requests({ method: 'calendar.calendarList.list' })).toMatchObject([
    { user: ADA, status: 403, reason: 'insufficientPermissions' },
  ]);
});

test('each of the 38 methods is open to exactly the scopes that the API definition names', async () => {
  expect(methods).toHaveLength(38);
  const scopes = Object.keys(definition.auth.oauth2.scopes);
  const tokens = new Map<string, string>();
  const tokenFor = async (chosen: readonly string[]): Promise<string> => {
    const scope = chosen.join(' ');
    const token = tokens.get(scope) ?? (await signIn(scope)).access_token;
    tokens.set(scope, token);
    return token;
  };
  const isOpen = async ({ path, httpMethod }: ApiMethod, chosen: readonly string[]): Promise<boolean> => {
    const filled = path.replaceAll(/\{(\w+)\}/g, 'unknown');
    const answer = await call(filled, await tokenFor(chosen), httpMethod);
    return !(await answer.text()).includes('ACCESS_TOKEN_SCOPE_INSUFFICIENT');
  };
  for (const method of methods)
    for (const scope of scopes)
      expect([method.id, scope, await isOpen(method, [scope])]).toEqual([
        method.id,
        scope,
        isEnough(method, [scope]),
      ]);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...methods),
      fc.subarray(scopes, { minLength: 2, maxLength: 4 }),
      async (method, chosen) => {
        expect(await isOpen(method, chosen)).toBe(isEnough(method, chosen));
      },
    ),
    { numRuns: 50 },
  );
});

test('a revoked consent ends access at once, and its refresh token is invalid', async () => {
  const { access_token: token, refresh_token: refreshToken } = await signIn(EVENTS);
  expect((await post('/revoke', { token: refreshToken })).status).toBe(200);
  expect((await call('calendars/primary/events', token)).status).toBe(401);
  const refused = await post('/token', {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: CLIENT,
  });
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
  ]);
});

const keysOf = async (root: string) => (await fetch(`${root}/oauth2/v3/certs`)).text();

test('consents, tokens and keys outlive a restart with a state file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'calendar-emulator-sign-in-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const start = () =>
    startCalendarEmulator({ state: join(folder, 'state.json'), oauth: { consent: 'allow' } });
  const before = await start();
  const { access_token: token, refresh_token: refreshToken } = await signIn(
    `openid ${EVENTS}`,
    BEN,
    before.url,
  );
  const keys = await keysOf(before.url);
  await before.close();
  const after = await start();
  onTestFinished(() => after.close());
  const answer = await fetch(`${after.url}/calendar/v3/calendars/${BEN}/events?access_token=${token}`);
  expect(answer.status).toBe(200);
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: CLIENT };
  expect((await post('/token', form, after.url)).status).toBe(200);
  expect(await keysOf(after.url)).toBe(keys);
  expect(after.oauth.grants()).toMatchObject([{ user: BEN, accessTokens: 2, refreshTokens: 1 }]);
});

test('a fault drops the connection of the token endpoint', async () => {
  emulator.faults.add({
    on: 'request',
    match: { method: 'oauth.token' },
    effect: { do: 'hangUp', when: 'before' },
  });
  await expect(post('/token', { grant_type: 'refresh_token' })).rejects.toThrow('fetch failed');
  expect(emulator.journal.counts()).toMatchObject({ requests: { 'oauth.token': 1 }, statuses: { 0: 1 } });
});

test('an address as a token has every scope', async () => {
  for (const path of ['users/me/calendarList', 'calendars/primary/events', 'users/me/settings'])
    expect((await call(path, ADA)).status).toBe(200);
});

test('the consent page works over HTTP, also where the host has another name', async () => {
  emulator.oauth.setConsent('ask');
  const root = emulator.url.replace('127.0.0.1', 'localhost');
  const page = await fetch(`${root}/o/oauth2/auth?${new URLSearchParams(QUESTION).toString()}`);
  const sent = await fetch(`${root}/o/oauth2/v2/auth/decision`, {
    method: 'POST',
    headers: { origin: root },
    body: fieldsOf(await page.text(), 'allow'),
    redirect: 'manual',
  });
  expect([sent.status, sent.headers.get('location')]).toEqual([302, expect.stringContaining('code=4')]);
});

describe('by control routes', () => {
  test('clients are registered and listed without their secrets', async () => {
    expect(await control('POST', 'clients', { clientId: 'app', clientSecret: 'GOCSPX-1' })).toMatchObject({
      status: 200,
    });
    const { body } = await control('GET', 'clients');
    expect(body).toEqual([
      { clientId: 'web', redirectUris: ['https://app.example.com/'], hasSecret: false },
      { clientId: 'app', hasSecret: true },
    ]);
    await emulator.reset();
    expect((await control('GET', 'clients')).body).toHaveLength(1);
    expect(await control('POST', 'clients', { clientId: 1 })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('clientId') },
    });
  });

  test('a service account gets a key file that points here', async () => {
    const email = 'sync@demo-project.iam.gserviceaccount.com';
    const made = await control('POST', 'service-accounts', {
      email,
      delegation: { 'example.com': [EVENTS] },
    });
    expect(made.body).toMatchObject({ client_email: email, token_uri: `${emulator.url}/token` });
    expect((await control('GET', 'service-accounts')).body).toMatchObject([
      {
        email,
        publicKeys: [expect.stringContaining('BEGIN CERTIFICATE')],
        delegation: { 'example.com': [EVENTS] },
      },
    ]);
    const registered = { email: 'other@example.com', publicKeys: [] };
    expect(await control('POST', 'service-accounts', registered)).toEqual({
      status: 200,
      body: { status: 'ok' },
    });
    expect(await control('POST', 'service-accounts', { email: 'x' })).toMatchObject({ status: 400 });
  });

  test('consents are listed and revoked, and tokens expired', async () => {
    const { access_token: token } = await signIn(EVENTS);
    await signIn(EVENTS, BEN);
    expect((await control('GET', `grants?user=${BEN}`)).body).toEqual([
      { clientId: CLIENT, user: BEN, scopes: [EVENTS], accessTokens: 1, refreshTokens: 1 },
    ]);
    expect((await control('POST', 'expire-tokens', { user: ADA })).body).toEqual({ expired: 1 });
    expect((await call('calendars/primary/events', token)).status).toBe(401);
    expect((await control('POST', 'revoke', { user: BEN })).body).toEqual({ revoked: 1 });
    expect((await control('POST', 'revoke')).body).toEqual({ revoked: 1 });
    expect((await control('GET', 'grants?name=x')).status).toBe(400);
  });

  test('requests can be denied without a page', async () => {
    expect((await control('POST', 'consent', { mode: 'deny' })).status).toBe(200);
    expect((await ask(EVENTS)).searchParams.get('error')).toBe('access_denied');
    expect((await control('POST', 'consent', { mode: 'perhaps' })).status).toBe(400);
  });
});

describe('by scenarios', () => {
  test('access-token-expired: the token is answered 401, and a new one is not', async () => {
    const { access_token: token, refresh_token: refreshToken } = await signIn(EVENTS);
    expect(emulator.scenario('access-token-expired', { user: ADA })).toMatchObject({
      did: '1 access token expired',
      rules: [],
    });
    expect((await call('calendars/primary/events', token)).status).toBe(401);
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: CLIENT };
    const fresh = z.object({ access_token: z.string() }).parse(await (await post('/token', form)).json());
    expect((await call('calendars/primary/events', fresh.access_token)).status).toBe(200);
  });

  test('revoked-consent: the refresh token is answered invalid_grant', async () => {
    const { refresh_token: refreshToken } = await signIn(EVENTS);
    expect(emulator.scenario('revoked-consent', { user: ADA })).toMatchObject({
      did: '1 grant revoked',
      rules: [],
    });
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: CLIENT };
    expect(await (await post('/token', form)).json()).toMatchObject({ error: 'invalid_grant' });
  });
});
