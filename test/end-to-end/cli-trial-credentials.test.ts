/** `calendar-mirror trial` with the credentials of a deployment, on stand-ins for Google's identity services. */
import { describe, expect } from 'vitest';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { startCloudApi, type CloudApiServer } from '../support/cloud-api.ts';
import { commandLine, type CommandLine } from '../support/command-line.ts';
import { deployedFunction } from '../support/deployed-cloud.ts';
import { eventually } from '../support/eventually.ts';
import { ADA, ADAS_SECRET, scopeOf } from '../support/identity/bench.ts';
import { SERVICE_ACCOUNT } from '../support/identity/rules.ts';
import { startIdentity, type IdentityServer } from '../support/identity/server.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { expectNothingLeft } from '../support/trial.ts';
import { PRIMARY } from '../support/watched-events.ts';

const CALENDAR = 'https://www.googleapis.com/auth/calendar';
const RENEW = 'renew@demo-project.iam.gserviceaccount.com';

interface Surroundings {
  readonly cloud: Pipeline;
  readonly identity: IdentityServer;
  readonly api: CloudApiServer;
}

const test = scheduledCloudTest()
  .extend('identity', { scope: 'file' }, async ({ cloud }, { onCleanup }) => {
    const identity = await startIdentity(cloud.urls.calendar);
    onCleanup(() => identity.close());
    identity.state.consents.set('token-of-ada', { user: ADA, scopes: new Set([scopeOf('events')]) });
    identity.state.secrets.set(ADAS_SECRET, 'token-of-ada');
    return identity;
  })
  .extend('api', { scope: 'file' }, async ({ cloud }, { onCleanup }) => {
    const api = await startCloudApi();
    onCleanup(() => api.close());
    const functions = ['receive', 'sync', 'renew'].map((name) => {
      const deployed = deployedFunction(name);
      const account = name === 'renew' ? RENEW : SERVICE_ACCOUNT;
      return { ...deployed, serviceConfig: { ...deployed.serviceConfig, serviceAccountEmail: account } };
    });
    api.resources.set(`cloudfunctions/v2/projects/${cloud.projectId}/locations/-/functions`, { functions });
    return api;
  })
  .extend('operator', { scope: 'file' }, ({ cloud, identity, api }) => operatorOf({ cloud, identity, api }));

/**
 * Returns the command line of an operator with a login, by credentials. The functions of the local cloud act as the user of each
 * watch, who is the account that owns the calendar.
 */
const operatorOf =
  ({ cloud, identity, api }: Surroundings) =>
  (mode: string): CommandLine =>
    commandLine({
      ...cloud.env,
      ...identity.environment,
      CALENDAR_AUTH: mode,
      CALENDAR_API_ROOT_URL: identity.url,
      CLOUD_API_ROOT_URL: api.url,
      GCE_METADATA_HOST: new URL(identity.url).host,
      METADATA_SERVER_DETECTION: 'assume-present',
    });

/** Runs a trial with oauth, and edits an event as soon as it asks for that. */
async function byHand(cloud: Pipeline, operator: (mode: string) => CommandLine) {
  const { id } = await cloud.as(ADA).insert(PRIMARY, {
    summary: 'Lunch',
    start: { dateTime: '2031-01-01T12:00:00Z' },
    end: { dateTime: '2031-01-01T13:00:00Z' },
  });
  const running = operator('oauth').begin('trial', '--user', ADA);
  await eventually(() =>
    expect(running.stderr).toContainEqual(
      expect.stringMatching(/^Edit an event in the primary calendar of ada@/),
    ),
  );
  await cloud.as(ADA).patch(`${PRIMARY}/${id}`, { summary: 'Late lunch' });
  expect(await running.ended).toBe(0);
  return running.stdout;
}

describe('with service-account', () => {
  test('it acts as the account of sync, shares its calendar with that of renew, and removes it', async ({
    cloud,
    identity,
    operator,
  }) => {
    const { code, stdout } = await operator('service-account').run('trial');
    expect({ code, failed: stdout.includes('✗') }).toEqual({ code: 0, failed: false });
    const [request] = identity.of('iam');
    expect(request?.path).toContain(
      `serviceAccounts/${encodeURIComponent(SERVICE_ACCOUNT)}:generateAccessToken`,
    );
    expect(JSON.parse(request?.body ?? '')).toEqual({ scope: [CALENDAR] });
    const shared = identity
      .of('api')
      .filter(({ method, path }) => method === 'POST' && path.includes('/acl'))
      .map(({ body }): unknown => JSON.parse(body));
    expect(shared).toEqual([
      { role: 'owner', scope: { type: 'user', value: RENEW } },
      { role: 'freeBusyReader', scope: { type: 'default' } },
    ]);
    await expectNothingLeft(cloud, SERVICE_ACCOUNT);
  });

  test('without the role to act as the account, the command that grants it is shown', async ({
    identity,
    operator,
  }) => {
    identity.state.maySign = false;
    const { code, stderr } = await operator('service-account').run('trial');
    identity.state.maySign = true;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^cannot act as mirror@.*: gcloud iam service-accounts add-iam-policy-binding mirror@.* --role=roles\/iam\.serviceAccountTokenCreator /,
    );
  });

  test('a user is invalid usage', async ({ operator }) => {
    const { code, stderr } = await operator('service-account').run('trial', '--user', ADA);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        '--user is not valid with service-account: leave it out, the account has a calendar of its own\n',
    });
  });
});

describe('with delegation', () => {
  test('it acts as the user, in a calendar of its own', async ({ cloud, identity, operator }) => {
    const user = cloud.newUser('delegated');
    identity.state.domainUsers.add(user);
    identity.state.delegated.add(CALENDAR);
    const { code, stdout } = await operator('delegation').run('trial', '--user', user);
    identity.state.delegated.delete(CALENDAR);
    expect({ code, failed: stdout.includes('✗') }).toEqual({ code: 0, failed: false });
    await expectNothingLeft(cloud, user);
  });

  test('without the scope, the scope is named', async ({ operator }) => {
    const { code, stderr } = await operator('delegation').run('trial', '--user', ADA);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /grant the scope https:\/\/www\.googleapis\.com\/auth\/calendar in the Admin console/,
      ),
    });
  });

  test('a missing user is invalid usage', async ({ operator }) => {
    const { code, stderr } = await operator('delegation').run('trial');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^--user is missing: /) });
  });
});

describe('with oauth', () => {
  test('it follows an edit of the user’s, and removes the watch that it made', async ({
    cloud,
    operator,
  }) => {
    const stdout = await byHand(cloud, operator);
    expect(stdout).toContainEqual(
      expect.stringMatching(
        /✓ an edit by the user +edit → [\d.]+ s notification → [\d.]+ s mirror → [\d.]+ s feed, event updated/,
      ),
    );
    expect(stdout).toContainEqual(expect.stringMatching(/^✓ +G4 .* fullSyncRequired$/));
    await expectNothingLeft(cloud, ADA);
  });

  test('a calendar that is watched already stays watched', async ({ cloud, operator }) => {
    const watch = await cloud.register({ user: ADA, resource: 'events', calendarId: ADA });
    await eventually(async () => expect(await cloud.status(watch)).toMatchObject({ state: 'active' }));
    await byHand(cloud, operator);
    expect(await cloud.status(watch)).toMatchObject({ state: 'active' });
  });
});
