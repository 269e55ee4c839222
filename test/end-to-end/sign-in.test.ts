/** Users and service accounts that sign in at the Calendar emulator: nothing but the endpoints differs from a deployment. */
import { beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../infra/local/ports.ts';
import { commandLine, type CommandLine, type Outcome } from '../support/command-line.ts';
import { fieldsOf } from '../support/emulator/sign-in.ts';
import { eventually } from '../support/eventually.ts';
import { ADA, ADAS_SECRET, scopeOf } from '../support/identity/bench.ts';
import { CLIENT, SERVICE_ACCOUNT } from '../support/identity/rules.ts';
import { startIdentity, type IdentityServer } from '../support/identity/server.ts';
import { CLIENT_SECRET, lastLine } from '../support/login-test.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { PRIMARY } from '../support/watched-events.ts';

const BEN = 'ben@example.com';
const adas = { user: ADA, resource: 'events', calendarId: ADA, auth: 'oauth' } as const;
const bens = { user: BEN, resource: 'events', calendarId: BEN, auth: 'delegation' } as const;

/** Secret Manager and the metadata server; everything else is the emulator. */
let google: IdentityServer;
let cloud: Pipeline;
let cli: CommandLine;

beforeAll(async () => {
  const port = await freePort();
  const calendarUrl = `http://127.0.0.1:${String(port)}`;
  google = await startIdentity();
  google.state.secrets.set(CLIENT_SECRET, JSON.stringify({ installed: CLIENT }));
  const env = {
    ...google.environment,
    GCE_METADATA_HOST: new URL(google.url).host,
    METADATA_SERVER_DETECTION: 'assume-present',
    OAUTH_AUTHORIZE_URL: `${calendarUrl}/o/oauth2/v2/auth`,
    OAUTH_TOKEN_URL: `${calendarUrl}/token`,
    IAM_CREDENTIALS_ROOT_URL: calendarUrl,
  };
  cloud = await startPipeline({
    ports: { calendar: port },
    env: { all: env },
    calendar: {
      oauth: {
        strict: true,
        clients: [{ clientId: CLIENT.client_id, clientSecret: CLIENT.client_secret }],
        serviceAccounts: [{ email: SERVICE_ACCOUNT, delegation: { 'example.com': [scopeOf('events')] } }],
      },
    },
  });
  cli = commandLine({ ...cloud.env, ...env });
  return async () => {
    await cloud[Symbol.asyncDispose]();
    await google.close();
  };
});

/** Runs `login`, and answers the consent page as a browser does, which follows the redirect to the command. */
async function login(user: string, decision: 'allow' | 'deny'): Promise<Outcome> {
  const running = cli.begin('login', user);
  const address = await eventually(() => {
    const found = running.stderr.find((line) => line.startsWith(cloud.calendar.url));
    if (found === undefined) throw new Error(`no address yet: ${running.stderr.join(' ')}`);
    return found;
  });
  const page = await (await fetch(address)).text();
  const body = fieldsOf(page, decision);
  const answered = await fetch(`${cloud.calendar.url}/o/oauth2/v2/auth/decision`, { method: 'POST', body });
  expect(answered.status).toBe(200);
  const code = await running.ended;
  return { code, stdout: running.stdout.join('\n'), stderr: running.stderr.join('\n') };
}

const add = (user: string, summary: string) =>
  cloud.as(user).insert(PRIMARY, {
    summary,
    start: { dateTime: '2031-01-01T12:00:00Z' },
    end: { dateTime: '2031-01-01T13:00:00Z' },
  });

const mirrored = async (spec: typeof adas | typeof bens): Promise<ReadonlySet<unknown>> =>
  new Set([...(await cloud.mirror(spec)).values()].map(({ data }) => data['summary']));

describe('a user who consents', () => {
  test('is mirrored until the consent is revoked, and again after another', async () => {
    await add(ADA, 'first');
    const denied = await login(ADA, 'deny');
    expect([denied.code, lastLine(denied)]).toEqual([1, expect.stringContaining('denied access')]);
    expect(google.state.secrets.get(ADAS_SECRET)).toBeUndefined();

    expect(await login(ADA, 'allow')).toMatchObject({ code: 0 });
    expect(google.state.secrets.get(ADAS_SECRET)).toMatch(/^1\/\//);
    expect(cloud.calendar.oauth.grants()).toMatchObject([{ user: ADA, clientId: CLIENT.client_id }]);
    const watch = await cloud.register(adas);
    await eventually(async () => expect(await cloud.status(watch)).toMatchObject({ state: 'active' }));
    await add(ADA, 'second');
    await eventually(async () => expect(await mirrored(adas)).toEqual(new Set(['first', 'second'])));

    cloud.calendar.oauth.revoke({ user: ADA });
    await add(ADA, 'third');
    await eventually(async () =>
      expect(await cloud.status(watch)).toMatchObject({
        state: 'paused',
        reason: 'invalid_grant',
        detail: expect.stringContaining('login'),
      }),
    );
    expect(await mirrored(adas)).toEqual(new Set(['first', 'second']));

    expect(await login(ADA, 'allow')).toMatchObject({ code: 0 });
    await cloud.renewNow(watch);
    await eventually(async () => expect(await mirrored(adas)).toEqual(new Set(['first', 'second', 'third'])));
  });
});

describe('a service account', () => {
  test('mirrors a user whose domain delegates to it, until the domain no longer does', async () => {
    await add(BEN, 'first');
    const watch = await cloud.register(bens);
    await eventually(async () => expect(await cloud.status(watch)).toMatchObject({ state: 'active' }));
    await eventually(async () => expect(await mirrored(bens)).toEqual(new Set(['first'])));

    cloud.calendar.oauth.registerServiceAccount({ email: SERVICE_ACCOUNT });
    cloud.calendar.oauth.expireTokens({ user: BEN });
    await add(BEN, 'second');
    await eventually(async () =>
      expect(await cloud.status(watch)).toMatchObject({ state: 'paused', reason: 'unauthorized_client' }),
    );
  });
});
