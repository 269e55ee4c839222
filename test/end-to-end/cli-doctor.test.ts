/** `calendar-mirror doctor`: what is well, what is wrong, and the command that mends it; on this machine, and in Google Cloud. */
import { randomUUID } from 'node:crypto';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../infra/local/ports.ts';
import { createTopics, NAMES } from '../../infra/local/topics.ts';
import { startCloudApi, type CloudApiServer } from '../support/cloud-api.ts';
import { commandLine, results, type Outcome } from '../support/command-line.ts';
import { AT, DEPLOYED, deployedCloud, deployedFunction, renewJob } from '../support/deployed-cloud.ts';
import { startIdentityBench, ADA, type IdentityBench } from '../support/identity/bench.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

let cloud: Pipeline;
beforeAll(async () => {
  cloud = await startPipeline();
});
afterAll(() => cloud[Symbol.asyncDispose]());

/** What was found wrong: what, and what mends it. */
const wrongs = (outcome: Outcome) =>
  results(outcome)
    .filter(({ verdict }) => verdict === 'wrong')
    .map(({ what, says, mend }) => [what, says, mend]);

describe('on this machine', () => {
  test('a cloud that works is well, and what it does not have is said to be absent', async () => {
    const user = cloud.newUser('doctor');
    const { code, stdout, stderr } = await commandLine(cloud.env).run('doctor', '--user', user);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '));
    expect(lines).toEqual(
      expect.arrayContaining([
        '✓ topics calendar-notifications, calendar-changes, calendar-dead-letters',
        '✓ push to sync calendar-sync',
        '✓ dead letters kept in calendar-dead-letters-reader',
        `✓ receive’s address ${cloud.urls.receive}`,
        '– scheduler the cloud on this machine has none',
        `✓ events of ${user} can be read (emulator)`,
      ]),
    );
    expect(stdout).not.toMatch(/[✗?]/);
  });

  test('a receiver that is down is wrong, with what mends it', async () => {
    const address = `http://127.0.0.1:${String(await freePort())}`;
    const outcome = await commandLine({ ...cloud.env, CHANNEL_ADDRESS: address }).run('doctor', '--json');
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/^1 of \d+ are wrong: [^\n]*doctor again\n$/);
    const mend = 'check CHANNEL_ADDRESS, DNS and ingress settings';
    expect(wrongs(outcome)).toEqual([
      ['receive’s address', `${address} cannot be reached (ECONNREFUSED)`, mend],
    ]);
  });

  test('a topic that is missing, a push without order and dead letters that nobody keeps are each named', async () => {
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
          maxDeliveryAttempts: 20,
        },
      });
      const outcome = await commandLine({ ...cloud.env, GOOGLE_CLOUD_PROJECT: projectId }).run(
        'doctor',
        '--json',
      );
      expect(outcome.code).toBe(1);
      expect(wrongs(outcome)).toEqual([
        ['topics', 'missing: calendar-changes', 'gcloud pubsub topics create calendar-changes'],
        [
          'push to sync',
          'calendar-sync has no message ordering',
          'gcloud pubsub subscriptions delete calendar-sync, and create it with --enable-message-ordering',
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

describe('in Google Cloud', () => {
  let api: CloudApiServer;
  let identity: IdentityBench;
  beforeAll(async () => {
    [api, identity] = await Promise.all([startCloudApi(), startIdentityBench()]);
    const pubsub = new PubSub({ projectId: DEPLOYED });
    await createTopics(pubsub, { syncUrl: 'http://127.0.0.1:1' });
    await pubsub.close();
  });
  afterAll(() => Promise.all([api.close(), identity.close()]));
  beforeEach(() => {
    api.resources.clear();
    for (const [at, resource] of deployedCloud()) api.resources.set(at, resource);
  });

  /** Pub/Sub and Firestore are the emulators; everything else is as a deployment has it. */
  const doctor = (...args: readonly string[]) =>
    commandLine({
      ...cloud.env,
      ...identity.environment,
      GOOGLE_CLOUD_PROJECT: DEPLOYED,
      CLOUD_API_ROOT_URL: api.url,
      CALENDAR_API_ROOT_URL: identity.url,
      CALENDAR_AUTH: '',
      GCE_METADATA_HOST: new URL(identity.url).host,
      METADATA_SERVER_DETECTION: 'assume-present',
    }).run('doctor', '--json', ...args);

  test('a deployment in which everything is as it should be has nothing wrong but an address that Google would not call', async () => {
    const outcome = await doctor();
    expect(wrongs(outcome)).toEqual([
      ['receive’s address', expect.stringMatching(/is not HTTPS$/), expect.stringContaining('https')],
    ]);
    const verdicts = new Map(results(outcome).map(({ what, verdict }) => [what, verdict]));
    for (const what of [
      'APIs',
      'database',
      'index for the agenda',
      'exemption of data',
      'receive',
      'sync',
      'renew',
    ]) {
      expect([what, verdicts.get(what)]).toEqual([what, 'well']);
    }
    expect([verdicts.get('channel token keys'), verdicts.get('scheduler')]).toEqual(['well', 'well']);
  });

  test('each thing that is wrong is found, with the command that mends it; what may not be looked at is not called wrong', async () => {
    api.resources.set(AT.services, 403);
    api.resources.delete(AT.database);
    api.resources.set(AT.functions, {
      functions: ['receive', 'renew'].map((name) => deployedFunction(name)),
    });
    api.resources.set(AT.keys, { state: 'DISABLED' });
    api.resources.set(AT.jobs, { jobs: [{ ...renewJob(), state: 'PAUSED' }] });
    const outcome = await doctor();
    const found = Object.fromEntries(wrongs(outcome).map(([what, , mend]) => [what, mend]));
    expect(found).toEqual({
      database: expect.stringMatching(/^gcloud firestore databases create /),
      sync: expect.stringMatching(/^terraform apply/),
      'channel token keys': expect.stringMatching(/^gcloud secrets versions enable 1 /),
      scheduler: 'gcloud scheduler jobs resume calendar-renew --location=europe-west1',
      'receive’s address': expect.any(String),
    });
    const apis = results(outcome).find(({ what }) => what === 'APIs');
    const mend = `have roles/viewer granted to you in ${DEPLOYED}`;
    expect(apis).toMatchObject({ verdict: 'unknown', mend });
  });

  test('a user whose domain grants some of the scopes has the others named', async () => {
    identity.delegate(ADA, 'events', 'calendarlist');
    const outcome = await doctor('--user', ADA, '--auth', 'delegation');
    const [of, can] = [(resource: string) => `${resource} of ${ADA}`, 'can be read (delegation)'];
    const found = results(outcome).filter(({ what }) => typeof what === 'string' && what.endsWith(ADA));
    expect(found).toMatchObject([
      { what: of('events'), verdict: 'well', says: can },
      { what: of('acl'), verdict: 'wrong', says: expect.stringMatching(/^unauthorized_client: .*scope/) },
      { what: of('calendarList'), verdict: 'well', says: can },
      { what: of('settings'), verdict: 'wrong', mend: expect.stringContaining('Admin console') },
    ]);
  });
});
