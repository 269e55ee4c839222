/** `calendar-mirror login` that fails: it stores nothing, and says what to do. */
import { createServer } from 'node:net';
import { describe, expect } from 'vitest';
import { freePort } from '../../infra/local/ports.ts';
import { ADA, ADAS_SECRET } from '../support/identity/bench.ts';
import { CLIENT } from '../support/identity/rules.ts';
import type { IdentityServer } from '../support/identity/server.ts';
import { CLIENT_SECRET, lastLine, loginTest as test } from '../support/login-test.ts';

describe.concurrent('an incomplete consent is not stored, and exits with 1 and advice:', () => {
  test.for<[string, (identity: IdentityServer) => void, RegExp]>([
    [
      'the user denies access',
      (identity) => (identity.page.behaviour = { denies: true }),
      /^ada@example\.com denied access: .*test user/,
    ],
    [
      'another user consents',
      (identity) => (identity.page.behaviour = { user: 'ben@example.com' }),
      /^ben@example\.com consented instead of ada@example\.com: run it again and choose the account ada@example\.com/,
    ],
    [
      'a scope is not granted',
      (identity) => (identity.page.behaviour = { leavesOut: ['acls'] }),
      /^ada@example\.com did not grant access to acl: .*all boxes.*--resource/,
    ],
    [
      'Google returns no refresh token',
      (identity) => (identity.page.behaviour = { noRefreshToken: true }),
      /^Google returned no refresh token: .*connections/,
    ],
    [
      'the client secret is wrong',
      (identity) =>
        void identity.state.secrets.set(
          CLIENT_SECRET,
          JSON.stringify({ installed: { ...CLIENT, client_secret: 'GOCSPX-other' } }),
        ),
      /^Google rejected the OAuth client or its secret \(invalid_client\): /,
    ],
    [
      'the token endpoint fails and echoes the client secret',
      (identity) =>
        void identity.disturbances.set('token', {
          status: 400,
          body: { error: `no ${CLIENT.client_secret}`, error_description: CLIENT.client_secret },
        }),
      /^Google’s token endpoint did not return a valid response: /,
    ],
  ])('%s', async ([, spoil, text], { identity, login }) => {
    spoil(identity);
    const outcome = await login([ADA, '--resource', 'events,acl', '--verbose']);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr.split('\n')[3]).toMatch(text);
    expect(identity.state.secrets.has(ADAS_SECRET)).toBe(false);
  });

  test('the consent times out', async ({ login }) => {
    const outcome = await login([ADA, '--timeout', '1'], async () => {});
    expect(outcome.code).toBe(1);
    expect(lastLine(outcome)).toMatch(/^no consent within 1 s: run it again/);
  });
});

describe.concurrent('a login that cannot succeed fails before it asks for consent:', () => {
  test.for<[string, (identity: IdentityServer) => void, RegExp]>([
    [
      'the client is missing',
      (identity) => void identity.state.secrets.delete(CLIENT_SECRET),
      /secret calendar-oauth-client does not exist.*gcloud secrets create calendar-oauth-client .*--client client\.json$/,
    ],
    [
      'access to the client is denied',
      (identity) => void identity.state.deniedSecrets.add(CLIENT_SECRET),
      /needs roles\/secretmanager\.secretAccessor .*gcloud secrets add-iam-policy-binding calendar-oauth-client /,
    ],
    [
      'the client is of type web application',
      (identity) => void identity.state.secrets.set(CLIENT_SECRET, JSON.stringify({ web: CLIENT })),
      /^the client in the secret calendar-oauth-client is for web applications: .*"Desktop app"/,
    ],
    [
      'the client is invalid',
      (identity) => void identity.state.secrets.set(CLIENT_SECRET, '{"key":"value"}'),
      /is not an OAuth client: .*"Desktop app"/,
    ],
    [
      'Secret Manager is unavailable',
      (identity) => void identity.disturbances.set('secrets', 'hangUp'),
      /^secretManagerUnavailable: try again$/,
    ],
  ])('%s', async ([, spoil, text], { identity, login }) => {
    spoil(identity);
    const outcome = await login([ADA]);
    expect(outcome).toMatchObject({ code: 1, stdout: '', address: '' });
    expect(outcome.stderr).toMatch(text);
    expect(outcome.stderr.split('\n')).toHaveLength(1);
  });

  test('the port is in use', async ({ login }) => {
    const taken = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
    const outcome = await login([ADA, '--port', String(port)]);
    await new Promise((resolve) => taken.close(resolve));
    expect(outcome).toMatchObject({ code: 1, stdout: '', address: '' });
    expect(outcome.stderr).toBe(`cannot listen on port ${String(port)}: use another --port, or omit it`);
  });
});

describe.concurrent('a consent that cannot be stored names the missing role:', () => {
  test.for<[string, (identity: IdentityServer) => void, RegExp]>([
    [
      'on the secret',
      (identity) => {
        identity.state.secrets.set(ADAS_SECRET, '1//revoked');
        identity.state.mayAdd = false;
      },
      /needs roles\/secretmanager\.secretVersionAdder on the secret calendar-oauth-user-ada_40example_2Ecom: run gcloud secrets add-iam-policy-binding /,
    ],
    [
      'in the project',
      (identity) => (identity.state.mayCreate = false),
      /needs roles\/secretmanager\.admin in the project: run gcloud projects add-iam-policy-binding demo-login-/,
    ],
  ])('%s', async ([, spoil, text], { identity, login }) => {
    spoil(identity);
    const outcome = await login([ADA]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(lastLine(outcome)).toMatch(text);
  });
});
