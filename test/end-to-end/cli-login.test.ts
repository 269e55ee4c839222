/** `calendar-mirror login` asks for a user's consent and stores it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Firestore } from '@google-cloud/firestore';
import { expect } from 'vitest';
import { createCredentials } from '../../functions/calendar/auth/index.ts';
import { createCalendarClient } from '../../functions/calendar/client.ts';
import { readSyncConfig } from '../../functions/config.ts';
import { freePort } from '../../infra/local/ports.ts';
import { results } from '../support/command-line.ts';
import { ADA, ADAS_SECRET, scopeOf } from '../support/identity/bench.ts';
import { CLIENT } from '../support/identity/rules.ts';
import { CLIENT_SECRET, loginTest as test } from '../support/login-test.ts';

const pausedWatch = (firestore: Firestore, id: string, user: string, resource: string) =>
  firestore.doc(`watches/${id}`).set({
    spec: { user, resource, ...(resource === 'settings' ? {} : { calendarId: user }) },
    nextDueAt: new Date(Date.now() + 3_600_000),
    status: { state: 'paused', reason: 'invalid_grant' },
  });

test('stores a token with the scopes of the user’s watches, and makes the paused ones due', async ({
  identity,
  firestore,
  login,
}) => {
  await pausedWatch(firestore, 'adas-acl', ADA, 'acl');
  await pausedWatch(firestore, 'adas-events', ADA, 'events');
  await pausedWatch(firestore, 'bens-settings', 'ben@example.com', 'settings');
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
  const [warning, ask] = outcome.stderr.split('\n');
  expect(warning).toMatch(/publishing status .*“Testing”, Google ends this consent after 7 days\.$/);
  expect(ask).toMatch(new RegExp(`^Ask ${ADA} to open this address`));
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
  const credentials = createCredentials(config, identity.ambient, Date.now, firestore);
  const client = createCalendarClient(identity.url, credentials, {
    random: () => 0.5,
    sleep: () => Promise.resolve(),
  });
  const target = { user: ADA, resource: 'acl', calendarId: ADA } as const;
  expect(await client.list('oauth', target, { singleEvents: false, eventTypes: [] }, {})).toMatchObject({
    ok: true,
  });
});

test('adds a version to an existing secret, with the client from a file', async ({ identity, login }) => {
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
  // A version that is not destroyed costs $0.06 a month.
  expect(identity.state.secrets.states(ADAS_SECRET)).toEqual(['DESTROYED', 'ENABLED']);
});

test('without the right to destroy versions, the token is stored and the command that grants it is shown', async ({
  identity,
  login,
}) => {
  identity.state.secrets.set(ADAS_SECRET, '1//revoked');
  identity.state.mayDestroy = false;
  const outcome = await login([ADA]);
  expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('version 2') });
  expect(outcome.stderr).toMatch(
    /The versions before are still paid for: .*run gcloud secrets add-iam-policy-binding .* --role=roles\/secretmanager\.secretVersionManager/,
  );
  expect(identity.state.secrets.states(ADAS_SECRET)).toEqual(['ENABLED', 'ENABLED']);
});

test('for "me", hints at no account and requests no identity scopes', async ({ identity, login }) => {
  const outcome = await login(['me']);
  expect(outcome.code).toBe(0);
  expect(new URL(outcome.address).searchParams.get('scope')).toBe(scopeOf('events'));
  expect(identity.page.issued).toContain(identity.state.secrets.get('calendar-oauth-user-me'));
});

test('ends only with the response to its own request, on the given port', async ({ login }) => {
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
