/** The functions as they are deployed, with refresh tokens in Firestore, a rotation of the key, and its revocation. */
import { expect, test } from 'vitest';
import { tokenPath } from '../../functions/calendar/auth/tokens.ts';
import { userSecret } from '../../functions/calendar/auth/secrets.ts';
import { freePort } from '../../infra/local/ports.ts';
import { commandLine } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { ADA, scopeOf } from '../support/identity/bench.ts';
import { KMS_KEY } from '../support/identity/kms.ts';
import { startIdentity } from '../support/identity/server.ts';
import { startPipeline } from '../support/pipeline.ts';
import { PRIMARY } from '../support/watched-events.ts';

const BEN = 'ben@example.com';

const specOf = (user: string) => ({ user, resource: 'events', calendarId: user, auth: 'oauth' }) as const;

test('users are mirrored, a new key version changes nothing, and a revoked one pauses its users only', async () => {
  const port = await freePort();
  await using identity = await disposable(`http://127.0.0.1:${String(port)}`);
  const env = {
    ...identity.environment,
    CALENDAR_API_ROOT_URL: identity.url,
    GCE_METADATA_HOST: new URL(identity.url).host,
    METADATA_SERVER_DETECTION: 'assume-present',
    OAUTH_TOKEN_STORE: 'firestore',
    OAUTH_KMS_KEY: KMS_KEY,
  };
  await using cloud = await startPipeline({ ports: { calendar: port }, env: { all: env } });
  const operator = commandLine({ ...cloud.env, ...env });
  const consent = async (user: string, token: string): Promise<void> => {
    identity.state.consents.set(token, { user, scopes: new Set([scopeOf('events')]) });
    identity.state.secrets.set(userSecret(user), token);
    expect(await operator.run('tokens', 'move', user, '--to', 'firestore')).toMatchObject({
      code: 0,
      stdout: `${user}: moved\n`,
    });
  };
  const add = (user: string, summary: string) =>
    cloud.as(user).insert(PRIMARY, {
      summary,
      start: { dateTime: '2031-01-01T12:00:00Z' },
      end: { dateTime: '2031-01-01T13:00:00Z' },
    });
  const mirrored = async (user: string): Promise<readonly unknown[]> =>
    [...(await cloud.mirror(specOf(user))).values()].map(({ data }) => data['summary']);

  await consent(ADA, '1//ada');
  await add(ADA, 'first');
  const adas = await cloud.register(specOf(ADA));
  await eventually(async () => expect(await cloud.status(adas)).toMatchObject({ state: 'active' }));
  await add(ADA, 'second');
  await eventually(async () => expect(new Set(await mirrored(ADA))).toEqual(new Set(['first', 'second'])));

  // A new version: Ben's token is encrypted with it, and Ada's still opens, also in new instances.
  identity.kms.state.rotate(KMS_KEY);
  await consent(BEN, '1//ben');
  await add(BEN, 'first');
  const bens = await cloud.register(specOf(BEN));
  await Promise.all([cloud.restart('sync'), cloud.restart('renew')]);
  await add(ADA, 'third');
  await eventually(async () => expect(await mirrored(ADA)).toHaveLength(3));
  await eventually(async () => expect(await cloud.status(bens)).toMatchObject({ state: 'active' }));

  // Ada's version is revoked. Instances that start later cannot open her token.
  identity.kms.state.setState(KMS_KEY, 1, 'DISABLED');
  await Promise.all([cloud.restart('sync'), cloud.restart('renew')]);
  await add(ADA, 'fourth');
  await add(BEN, 'second');
  await eventually(async () =>
    expect(await cloud.status(adas)).toMatchObject({
      state: 'paused',
      reason: 'kmsKeyUnusable',
      detail: expect.stringContaining(`run calendar-mirror login ${ADA}`),
    }),
  );
  await eventually(async () => expect(await mirrored(BEN)).toHaveLength(2));
  expect((await cloud.firestore.doc(tokenPath(ADA)).get()).exists).toBe(true);

  // Enabled again, she recovers.
  identity.kms.state.setState(KMS_KEY, 1, 'ENABLED');
  await cloud.renewNow(adas);
  await eventually(async () => expect(await mirrored(ADA)).toHaveLength(4));

  // No log line and no document has a token.
  const documents = await cloud.firestore.collection('oauthTokens').get();
  const all = JSON.stringify([cloud.logs, documents.docs.map((each) => each.data())]);
  for (const secret of ['1//ada', '1//ben', 'ya29.']) expect(all).not.toContain(secret);
});

/** Starts the stand-ins in front of a calendar, to be closed at the end. */
async function disposable(calendarUrl: string) {
  const identity = await startIdentity(calendarUrl);
  return Object.assign(identity, { [Symbol.asyncDispose]: () => identity.close() });
}
