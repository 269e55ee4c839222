/** `calendar-mirror login`: asks for a user's consent and stores it. A `fetch` stands in for the browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Firestore } from '@google-cloud/firestore';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCredentials } from '../../functions/calendar/auth/index.ts';
import { createCalendarClient } from '../../functions/calendar/client.ts';
import { readSyncConfig } from '../../functions/config.ts';
import { freePort } from '../../infra/local/ports.ts';
import { eventually } from '../support/eventually.ts';
import { commandLine, results, type CommandLine, type Outcome } from '../support/command-line.ts';
import { ADA, ADAS_SECRET, scopeOf } from '../support/identity/bench.ts';
import { AMBIENT_TOKEN, CLIENT } from '../support/identity/rules.ts';
import { startIdentity, type IdentityServer } from '../support/identity/server.ts';

const CLIENT_SECRET = 'calendar-oauth-client';
let identity: IdentityServer;
let firestore: Firestore;
let cli: CommandLine;
let projects = 0;

beforeEach(async () => {
  identity = await startIdentity();
  identity.state.secrets.set(CLIENT_SECRET, JSON.stringify({ installed: CLIENT }));
  const projectId = `demo-login-${String(process.pid)}-${String((projects += 1))}`;
  firestore = new Firestore({ projectId });
  cli = commandLine({
    GOOGLE_CLOUD_PROJECT: projectId,
    FIRESTORE_EMULATOR_HOST: process.env['FIRESTORE_EMULATOR_HOST'] ?? '',
    PUBSUB_EMULATOR_HOST: process.env['PUBSUB_EMULATOR_HOST'] ?? '',
    METADATA_SERVER_DETECTION: 'assume-present',
    GCE_METADATA_HOST: new URL(identity.url).host,
    ...identity.environment,
  });
});
afterEach(() => Promise.all([identity.close(), firestore.terminate()]));

/** Runs `login`, and opens the URL that it prints as a browser would. */
async function login(
  args: readonly string[],
  open: (address: string) => Promise<unknown> = (address) => fetch(address),
): Promise<Outcome & { readonly address: string }> {
  const running = cli.begin('login', ...args);
  const address = await Promise.race([
    eventually(() => {
      const found = running.stderr.find((line) => line.startsWith(identity.url));
      if (found === undefined) throw new Error(`no address yet: ${running.stderr.join(' ')}`);
      return found;
    }),
    running.ended.then(() => ''),
  ]);
  if (address !== '') await open(address);
  const code = await running.ended;
  const outcome = { code, stdout: running.stdout.join('\n'), stderr: running.stderr.join('\n') };
  const output = [outcome.stdout, outcome.stderr].join('\n');
  for (const secret of [
    ...identity.page.issued,
    AMBIENT_TOKEN,
    CLIENT.client_secret,
    'ya29.',
    'code_verifier',
  ])
    expect(output).not.toContain(secret);
  return { ...outcome, address };
}

const pausedWatch = (id: string, user: string, resource: string) =>
  firestore.doc(`watches/${id}`).set({
    spec: { user, resource, ...(resource === 'settings' ? {} : { calendarId: user }) },
    nextDueAt: new Date(Date.now() + 3_600_000),
    status: { state: 'paused', reason: 'invalid_grant' },
  });

const lastLine = ({ stderr }: Outcome): string => stderr.split('\n').at(-1) ?? '';

test('stores a token with the scopes of the user’s watches, and makes the paused ones due', async () => {
  await pausedWatch('adas-acl', ADA, 'acl');
  await pausedWatch('adas-events', ADA, 'events');
  await pausedWatch('bens-settings', 'ben@example.com', 'settings');
  const outcome = await login([ADA, '--json']);
  expect(outcome.code).toBe(0);
  expect(results(outcome)).toEqual([
    {
      user: ADA,
      resources: ['events', 'acl'],
      secret: ADAS_SECRET,
      version: '1',
      due: ['adas-acl', 'adas-events'],
    },
  ]);
  expect(outcome.stderr).toContain('grant sync and renew roles/secretmanager.secretAccessor on it');
  const asked = new URL(outcome.address).searchParams;
  expect(asked.get('scope')).toBe(`openid email ${scopeOf('events')} ${scopeOf('acls')}`);
  expect(Object.fromEntries(asked)).toMatchObject({
    login_hint: ADA,
    prompt: 'consent',
    access_type: 'offline',
    code_challenge_method: 'S256',
  });
  expect(identity.page.issued).toContain(identity.state.secrets.get(ADAS_SECRET));

  const due = await Promise.all(
    ['adas-acl', 'adas-events', 'bens-settings'].map(async (id) =>
      (await firestore.doc(`watches/${id}`).get()).get('nextDueAt').toMillis(),
    ),
  );
  expect(due.map((at) => at <= Date.now())).toEqual([true, true, false]);

  // The functions find the token by its secret name.
  const config = readSyncConfig({ GOOGLE_CLOUD_PROJECT: 'p', ...identity.environment });
  const credentials = createCredentials(config, identity.ambient, Date.now);
  const client = createCalendarClient(identity.url, credentials, {
    random: () => 0.5,
    sleep: () => Promise.resolve(),
  });
  const target = { user: ADA, resource: 'acl', calendarId: ADA } as const;
  expect(await client.list('oauth', target, { singleEvents: false, eventTypes: [] }, {})).toMatchObject({
    ok: true,
  });
});

test('adds a version to an existing secret, with the client from a file', async () => {
  identity.state.secrets.delete(CLIENT_SECRET);
  identity.state.secrets.set(ADAS_SECRET, '1//revoked');
  const folder = await mkdtemp(join(tmpdir(), 'calendar-mirror-'));
  try {
    const file = join(folder, 'client.json');
    await writeFile(file, JSON.stringify({ installed: CLIENT }));
    const outcome = await login([ADA, '--client', file, '--resource', 'settings']);
    expect(outcome).toMatchObject({
      code: 0,
      stdout: `${ADA} has consented to settings: ${ADAS_SECRET}, version 2.`,
    });
    expect(outcome.stderr).not.toContain('The secret is new');
  } finally {
    await rm(folder, { recursive: true });
  }
  expect(identity.page.issued).toContain(identity.state.secrets.get(ADAS_SECRET));
});

test('for "me", hints at no account and requests no identity scopes', async () => {
  const outcome = await login(['me']);
  expect(outcome.code).toBe(0);
  expect(new URL(outcome.address).searchParams.get('scope')).toBe(scopeOf('events'));
  expect(identity.page.issued).toContain(identity.state.secrets.get('calendar-oauth-user-me'));
});

test('ends only with the response to its own request, on the given port', async () => {
  const port = await freePort();
  const statuses: number[] = [];
  const outcome = await login([ADA, '--port', String(port)], async (address) => {
    const home = new URL(address).searchParams.get('redirect_uri') ?? '';
    for (const path of ['/', '/?code=x', '/?error=access_denied&state=x', '/favicon.ico', '/?code=x&state=x'])
      statuses.push((await fetch(`${home}${path}`)).status);
    statuses.push((await fetch(address)).status);
  });
  expect(statuses).toEqual([404, 404, 404, 404, 404, 200]);
  expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('version 1') });
  expect(outcome.address).toContain(encodeURIComponent(`http://127.0.0.1:${String(port)}`));
});

describe('an incomplete consent is not stored, and exits with 1 and advice:', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'the user denies access',
      () => (identity.page.behaviour = { denies: true }),
      /^ada@example\.com denied access: .*test user/,
    ],
    [
      'another user consents',
      () => (identity.page.behaviour = { user: 'ben@example.com' }),
      /^ben@example\.com consented instead of ada@example\.com: run it again and choose the account ada@example\.com/,
    ],
    [
      'a scope is not granted',
      () => (identity.page.behaviour = { leavesOut: ['acls'] }),
      /^ada@example\.com did not grant access to acl: .*all boxes.*--resource/,
    ],
    [
      'Google returns no refresh token',
      () => (identity.page.behaviour = { noRefreshToken: true }),
      /^Google returned no refresh token: .*connections/,
    ],
    [
      'the client secret is wrong',
      () =>
        void identity.state.secrets.set(
          CLIENT_SECRET,
          JSON.stringify({ installed: { ...CLIENT, client_secret: 'GOCSPX-other' } }),
        ),
      /^Google rejected the OAuth client or its secret \(invalid_client\): /,
    ],
    [
      'the token endpoint fails and echoes the client secret',
      () =>
        void identity.disturbances.set('token', {
          status: 400,
          body: { error: `no ${CLIENT.client_secret}`, error_description: CLIENT.client_secret },
        }),
      /^Google’s token endpoint did not return a valid response: /,
    ],
  ])('%s', async (_, spoil, text) => {
    spoil();
    const outcome = await login([ADA, '--resource', 'events,acl', '--verbose']);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr.split('\n')[2]).toMatch(text);
    expect(identity.state.secrets.has(ADAS_SECRET)).toBe(false);
  });

  test('the consent times out', async () => {
    const outcome = await login([ADA, '--timeout', '1'], async () => {});
    expect(outcome.code).toBe(1);
    expect(lastLine(outcome)).toMatch(/^no consent within 1 s: run it again/);
  });
});

describe('a login that cannot succeed fails before it asks for consent:', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'the client is missing',
      () => void identity.state.secrets.delete(CLIENT_SECRET),
      /secret calendar-oauth-client does not exist.*gcloud secrets create calendar-oauth-client .*--client client\.json$/,
    ],
    [
      'access to the client is denied',
      () => void identity.state.deniedSecrets.add(CLIENT_SECRET),
      /needs roles\/secretmanager\.secretAccessor .*gcloud secrets add-iam-policy-binding calendar-oauth-client /,
    ],
    [
      'the client is of type web application',
      () => void identity.state.secrets.set(CLIENT_SECRET, JSON.stringify({ web: CLIENT })),
      /^the client in the secret calendar-oauth-client is for web applications: .*"Desktop app"/,
    ],
    [
      'the client is invalid',
      () => void identity.state.secrets.set(CLIENT_SECRET, '{"key":"value"}'),
      /is not an OAuth client: .*"Desktop app"/,
    ],
    [
      'Secret Manager is unavailable',
      () => void identity.disturbances.set('secrets', 'hangUp'),
      /^secretManagerUnavailable: try again$/,
    ],
  ])('%s', async (_, spoil, text) => {
    spoil();
    const outcome = await login([ADA]);
    expect(outcome).toMatchObject({ code: 1, stdout: '', address: '' });
    expect(outcome.stderr).toMatch(text);
    expect(outcome.stderr.split('\n')).toHaveLength(1);
  });

  test('the port is in use', async () => {
    const taken = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
    const outcome = await login([ADA, '--port', String(port)]);
    await new Promise((resolve) => taken.close(resolve));
    expect(outcome).toMatchObject({ code: 1, stdout: '', address: '' });
    expect(outcome.stderr).toBe(`cannot listen on port ${String(port)}: use another --port, or omit it`);
  });
});

describe('a consent that cannot be stored names the missing role:', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'on the secret',
      () => {
        identity.state.secrets.set(ADAS_SECRET, '1//revoked');
        identity.state.mayAdd = false;
      },
      /needs roles\/secretmanager\.secretVersionAdder on the secret calendar-oauth-user-ada_40example_2Ecom: run gcloud secrets add-iam-policy-binding /,
    ],
    [
      'in the project',
      () => (identity.state.mayCreate = false),
      /needs roles\/secretmanager\.admin in the project: run gcloud projects add-iam-policy-binding demo-login-/,
    ],
  ])('%s', async (_, spoil, text) => {
    spoil();
    const outcome = await login([ADA]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(lastLine(outcome)).toMatch(text);
  });
});
