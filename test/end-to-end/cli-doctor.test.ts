/** `calendar-mirror doctor` on the local cloud and in Google Cloud: its findings, and the commands that fix them. */
import { randomUUID } from 'node:crypto';
import { Encodings, PubSub, SchemaTypes } from '@google-cloud/pubsub';
import { describe, expect } from 'vitest';
import { deadLetterMessage } from '../../functions/feed/dead-letter.ts';
import { createFirestore } from '../../functions/firestore/client.ts';
import { freePort } from '../../infra/local/ports.ts';
import { createTopics, NAMES } from '../../infra/local/topics.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { startCloudApi } from '../support/cloud-api.ts';
import { commandLine, results, type Outcome } from '../support/command-line.ts';
import {
  AT,
  DEPLOYED,
  deployedCloud,
  deployedFunction,
  DATABASE_ID,
  renewJob,
  urlsOf,
} from '../support/deployed-cloud.ts';
import { startIdentityBench, ADA } from '../support/identity/bench.ts';

const test = cloudTest()
  .extend('api', { scope: 'file' }, async ({}, { onCleanup }) => {
    await createDeployedTopics();
    const api = await startCloudApi();
    onCleanup(() => api.close());
    return api;
  })
  .extend('identity', { scope: 'file' }, async ({}, { onCleanup }) => {
    const identity = await startIdentityBench();
    onCleanup(() => identity.close());
    return identity;
  })
  .extend('doctor', ({ cloud, api, identity }) => {
    api.resources.clear();
    for (const [at, resource] of deployedCloud()) api.resources.set(at, resource);
    const cli = commandLine({
      ...cloud.env,
      ...identity.environment,
      GOOGLE_CLOUD_PROJECT: DEPLOYED,
      FIRESTORE_DATABASE: DATABASE_ID,
      CLOUD_API_ROOT_URL: api.url,
      CALENDAR_API_ROOT_URL: identity.url,
      CALENDAR_AUTH: '',
      GCE_METADATA_HOST: new URL(identity.url).host,
      METADATA_SERVER_DETECTION: 'assume-present',
    });
    /** Runs `doctor` with emulators for Pub/Sub and Firestore; everything else is as in a deployment. */
    return (...args: readonly string[]) => cli.run('doctor', '--json', ...args);
  });

async function createDeployedTopics(): Promise<void> {
  const pubsub = new PubSub({ projectId: DEPLOYED });
  await createTopics(pubsub, { syncUrl: urlsOf('sync').hashed });
  // Belongs to another consumer of the topic, and must not be judged.
  await pubsub.topic(NAMES.notifications).createSubscription('audit', {
    pushConfig: { pushEndpoint: `https://audit.example.com/projects/p/topics/${NAMES.notifications}` },
  });
  await pubsub.close();
}

/** Returns the wrong findings, each with its message and fix. */
const wrongs = (outcome: Outcome) =>
  results(outcome)
    .filter(({ verdict }) => verdict === 'wrong')
    .map(({ what, says, fix }) => [what, says, fix]);

describe('on the local cloud', () => {
  test('a schema of the feed that rejects messages is found, with the commands that help', async ({
    cloud: { env, pubsub },
  }) => {
    const definition = { type: 'record', name: 'Change', fields: [{ name: 'itemId', type: 'string' }] };
    const created = await pubsub.createSchema('strict', SchemaTypes.Avro, JSON.stringify(definition));
    const schema = await created.getName();
    await pubsub.createTopic({ name: 'strict-feed', schemaSettings: { schema, encoding: Encodings.Json } });
    const outcome = await commandLine({ ...env, CHANGES_TOPIC: 'strict-feed' }).run('doctor', '--json');
    expect(wrongs(outcome)).toEqual([
      [
        'schema of the feed',
        'strict demands itemId: messages without them are rejected',
        expect.stringContaining('gcloud pubsub topics update '),
      ],
    ]);
  });

  test('a working cloud is well, and what it does not have is absent', async ({ cloud }) => {
    const user = cloud.newUser('doctor');
    const { code, stdout, stderr } = await commandLine(cloud.env).run('doctor', '--user', user);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '));
    expect(lines).toEqual(
      expect.arrayContaining([
        '✓ topics calendar-notifications, calendar-changes, calendar-clock, calendar-dead-letters',
        '✓ push to sync calendar-sync',
        '✓ dead letters kept in calendar-dead-letters-reader',
        `✓ receive’s address ${cloud.urls.receive}`,
        '– scheduler not available on the local cloud',
        `✓ events of ${user} can be read (emulator)`,
      ]),
    );
    expect(stdout).not.toMatch(/[✗?]/);
  });

  test('an unreachable receiver is wrong, with its fix', async ({ cloud }) => {
    const address = `http://127.0.0.1:${String(await freePort())}`;
    const outcome = await commandLine({ ...cloud.env, CHANNEL_ADDRESS: address }).run('doctor', '--json');
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/^1 of \d+ checks failed: [^\n]*doctor again\n$/);
    const fix = 'check CHANNEL_ADDRESS, DNS and ingress settings';
    expect(wrongs(outcome)).toEqual([
      ['receive’s address', `${address} cannot be reached (ECONNREFUSED)`, fix],
    ]);
  });

  test('a missing topic, a push without ordering and a missing dead-letter subscription are named', async ({
    cloud,
  }) => {
    const projectId = `demo-${randomUUID().slice(0, 8)}`;
    const pubsub = new PubSub({ projectId });
    try {
      await createTopics(pubsub, { syncUrl: 'http://127.0.0.1:1' });
      await pubsub.topic(NAMES.changes).delete();
      await pubsub.subscription(NAMES.deadLettersReader).delete();
      await pubsub.subscription(NAMES.sync).delete();
      await pubsub.topic(NAMES.notifications).createSubscription(NAMES.sync, {
        pushConfig: { pushEndpoint: `http://127.0.0.1:1/topics/${NAMES.notifications}` },
        ackDeadlineSeconds: 60,
        deadLetterPolicy: {
          deadLetterTopic: `projects/${projectId}/topics/${NAMES.deadLetters}`,
          maxDeliveryAttempts: 100,
        },
      });
      const outcome = await commandLine({ ...cloud.env, GOOGLE_CLOUD_PROJECT: projectId }).run(
        'doctor',
        '--json',
      );
      expect(outcome.code).toBe(1);
      expect(wrongs(outcome)).toEqual([
        [
          'topics',
          'missing: calendar-changes',
          `gcloud pubsub topics create projects/${projectId}/topics/calendar-changes`,
        ],
        [
          'push to sync',
          'calendar-sync has no message ordering',
          expect.stringMatching(
            /create calendar-sync-ordered .* then gcloud pubsub subscriptions delete calendar-sync /,
          ),
        ],
        [
          'dead letters',
          'calendar-dead-letters has no subscription calendar-dead-letters-reader: dead letters are lost',
          expect.stringMatching(/^gcloud pubsub subscriptions create calendar-dead-letters-reader /),
        ],
      ]);
    } finally {
      await pubsub.close();
    }
  });
});

test('watches never due, remains and dead letters of deleted watches are reported with their fix', async ({
  cloud,
}) => {
  const projectId = `demo-${randomUUID().slice(0, 8)}`;
  const [pubsub, firestore] = [new PubSub({ projectId }), createFirestore(projectId, '(default)')];
  const cli = commandLine({ ...cloud.env, GOOGLE_CLOUD_PROJECT: projectId });
  try {
    await createTopics(pubsub, { syncUrl: 'http://127.0.0.1:1' });
    await firestore.doc('watches/by-hand').set({ spec: { user: 'ada@example.com', resource: 'settings' } });
    await firestore.doc('watches/gone/seen/a-00000000').set({ ids: '[]' });
    const { attributes, data } = deadLetterMessage(
      { attributes: { watch: 'gone', reason: 'poll' }, text: '{', messageId: '1' },
      'the data is not a JSON object',
      new Date().toISOString(),
    );
    const letter = await pubsub.topic(NAMES.deadLetters).publishMessage({ attributes, data });

    const found = Object.fromEntries(
      wrongs(await cli.run('doctor', '--json')).map(([what, , fix]) => [what, fix]),
    );
    const purge = `calendar-mirror dead-letters purge ${letter}`;
    expect(found).toEqual({
      watches: 'calendar-mirror renew by-hand',
      'deleted watches': expect.stringContaining('--attribute=watch=gone,reason=poll'),
      'dead letters': purge,
    });
    expect(await cli.run('list')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^never due, .*Timestamp: by-hand: run calendar-mirror renew by-hand\n$/),
    });
    const letters = await cli.run('dead-letters', 'list');
    expect(letters.stdout).toMatch(/ gone \(no longer exists\) +poll +the data is not a JSON object/);
    expect(letters.stderr).toBe(`1 names a watch that no longer exists: run ${purge}\n`);
  } finally {
    await Promise.all([pubsub.close(), firestore.terminate()]);
  }
});

describe('in Google Cloud', () => {
  test('a correct deployment has no problem except an address without HTTPS', async ({ doctor }) => {
    const outcome = await doctor();
    expect(wrongs(outcome)).toEqual([
      ['receive’s address', expect.stringMatching(/is not HTTPS$/), expect.stringContaining('https')],
    ]);
    const verdicts = new Map(results(outcome).map(({ what, verdict }) => [what, verdict]));
    for (const what of [
      'APIs',
      'database',
      'index agenda',
      'exemption of data',
      'indexed fields',
      'receive',
      'sync',
      'renew',
    ]) {
      expect([what, verdicts.get(what)]).toEqual([what, 'well']);
    }
    for (const what of ['push to sync', 'channel token keys', 'scheduler', 'max instances', 'trial']) {
      expect([what, verdicts.get(what)]).toEqual([what, 'well']);
    }
  });

  test('each problem comes with the command that fixes it, and a denied lookup is not a problem', async ({
    api,
    doctor,
  }) => {
    api.resources.set(AT.services, 403);
    api.resources.delete(AT.database);
    api.resources.set(AT.functions, {
      functions: ['receive', 'renew'].map((name) => deployedFunction(name)),
    });
    api.resources.set(AT.keys, { state: 'DISABLED' });
    api.resources.set(AT.jobs, { jobs: [{ ...renewJob(), state: 'PAUSED' }] });
    const outcome = await doctor();
    const found = Object.fromEntries(wrongs(outcome).map(([what, , fix]) => [what, fix]));
    expect(found).toEqual({
      database: expect.stringMatching(/^gcloud firestore databases create /),
      sync: expect.stringMatching(/^terraform apply/),
      'channel token keys': expect.stringMatching(/^gcloud secrets versions enable 1 /),
      scheduler: `gcloud scheduler jobs resume calendar-renew --location=europe-west1 --project=${DEPLOYED}`,
      'receive’s address': expect.any(String),
    });
    const apis = results(outcome).find(({ what }) => what === 'APIs');
    const fix = `ask for roles/viewer in ${DEPLOYED}`;
    expect(apis).toMatchObject({ verdict: 'unknown', fix });
  });

  test('the command that allows a trial is shown to those who may not run one', async ({
    identity,
    doctor,
  }) => {
    identity.state.maySign = false;
    const outcome = await doctor();
    identity.state.maySign = true;
    expect(results(outcome).find(({ what }) => what === 'trial')).toMatchObject({
      verdict: 'unknown',
      says: expect.stringContaining('roles/iam.serviceAccountTokenCreator'),
      fix: expect.stringMatching(/^gcloud iam service-accounts add-iam-policy-binding mirror@/),
    });
  });

  test('scopes that the domain has not granted are named', async ({ identity, doctor }) => {
    identity.delegate(ADA, 'events', 'calendarlist');
    const outcome = await doctor('--user', ADA, '--auth', 'delegation');
    const [of, can] = [(resource: string) => `${resource} of ${ADA}`, 'can be read (delegation)'];
    const found = results(outcome).filter(({ what }) => typeof what === 'string' && what.endsWith(ADA));
    expect(found).toMatchObject([
      { what: of('events'), verdict: 'well', says: can },
      { what: of('acl'), verdict: 'wrong', says: expect.stringMatching(/^unauthorized_client: .*scope/) },
      { what: of('calendarList'), verdict: 'well', says: can },
      { what: of('settings'), verdict: 'wrong', fix: expect.stringContaining('Admin console') },
    ]);
  });
});
