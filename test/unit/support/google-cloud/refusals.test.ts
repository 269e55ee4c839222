/** What the stand-in for Google Cloud refuses by its switches, as Google does on the first day of a project. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cloudClient, type CloudClient } from '../../../support/google-cloud/client.ts';
import { startGoogleCloud, type GoogleCloud } from '../../../support/google-cloud/index.ts';
import { textIn } from '../../../support/google-cloud/resource.ts';
import {
  enable,
  functionOf,
  grantBuild,
  PROJECT,
  REGION,
  uploadArchive,
} from '../../../support/google-cloud/samples.ts';

let now: number;
let cloud: GoogleCloud;
let api: CloudClient;
beforeEach(async () => {
  now = 1_900_000_000_000;
  cloud = await startGoogleCloud({ now: () => now, polls: 1 });
  api = cloudClient(cloud.url);
});
afterEach(() => cloud.close());

const TOPIC = `pubsub/v1/${PROJECT}/topics/t`;
const FUNCTION = `cloudfunctions/v2/${REGION}/functions/calendar-sync`;
const deploy = (body: object = functionOf()) =>
  api.make('POST', `cloudfunctions/v2/${REGION}/functions?functionId=calendar-sync`, body);
const grant = (member: string) =>
  api.call('POST', `cloudresourcemanager/v1/${PROJECT}:setIamPolicy`, {
    policy: { bindings: [{ role: 'roles/viewer', members: [member] }] },
  });

describe('an API', () => {
  const disabled = {
    status: 403,
    body: { error: { status: 'PERMISSION_DENIED', details: [{ reason: 'SERVICE_DISABLED' }] } },
  };

  test('that is not enabled responds with 403 SERVICE_DISABLED', async () => {
    expect(await api.call('PUT', TOPIC, {})).toMatchObject(disabled);
    await enable(api, 'pubsub');
    expect((await api.call('PUT', TOPIC, {})).status).toBe(200);
  });

  test('responds only some time after it was enabled', async () => {
    cloud.refusals.apiDelayMs = 60_000;
    await enable(api, 'pubsub');
    expect(await api.call('PUT', TOPIC, {})).toMatchObject(disabled);
    now += 60_000;
    expect((await api.call('PUT', TOPIC, {})).status).toBe(200);
  });
});

describe('an IAM policy', () => {
  test('does not know a new service account for some time', async () => {
    cloud.refusals.accountDelayMs = 60_000;
    await enable(api, 'iam');
    const account = await api.make('POST', `iam/v1/${PROJECT}/serviceAccounts`, {
      accountId: 'sync-account',
    });
    expect(await grant(`serviceAccount:${textIn(account, 'email')}`)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('does not exist') } },
    });
    now += 60_000;
    expect((await grant(`serviceAccount:${textIn(account, 'email')}`)).status).toBe(200);
  });

  test('does not know the agent of Pub/Sub until it was generated', async () => {
    cloud.refusals.lazyAgents = true;
    const agent = 'serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com';
    expect((await grant(agent)).status).toBe(400);
    const services = `serviceusage/v1beta1/${PROJECT}/services`;
    const identity = await api.make('POST', `${services}/pubsub.googleapis.com:generateServiceIdentity`);
    expect(`serviceAccount:${textIn(identity, 'email')}`).toBe(agent);
    expect((await grant(agent)).status).toBe(200);
  });

  test('knows the agent of Pub/Sub some time after the first topic', async () => {
    cloud.refusals.lazyAgents = true;
    cloud.refusals.accountDelayMs = 60_000;
    const agent = 'serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com';
    await enable(api, 'pubsub');
    await api.make('PUT', TOPIC, {});
    expect((await grant(agent)).status).toBe(400);
    now += 60_000;
    expect((await grant(agent)).status).toBe(200);
  });

  test('rejects allUsers where the organisation forbids it', async () => {
    expect((await grant('allUsers')).status).toBe(200);
    cloud.refusals.allUsersForbidden = true;
    expect((await grant('allUsers')).status).toBe(200);
    await grant('user:ada@example.com');
    expect(await grant('allUsers')).toMatchObject({
      status: 400,
      body: { error: { status: 'FAILED_PRECONDITION' } },
    });
  });
});

describe('a function', () => {
  beforeEach(async () => {
    await enable(api, 'cloudfunctions', 'iam', 'run');
    await uploadArchive(api);
  });

  test('is built with the roles of its build account, once they hold', async () => {
    await expect(deploy()).rejects.toThrow('Build failed');
    expect((await api.call('GET', FUNCTION)).body['state']).toBe('FAILED');
    await grantBuild(api);
    cloud.refusals.rightsDelayMs = 60_000;
    await expect(api.make('PATCH', FUNCTION, functionOf())).rejects.toThrow('Build failed');
    now += 60_000;
    expect((await api.make('PATCH', FUNCTION, functionOf()))['state']).toBe('ACTIVE');
  });

  test('whose build fails on create is there, and FAILED', async () => {
    await grantBuild(api);
    cloud.refusals.failsBuild = (name, during) => name === 'calendar-sync' && during === 'create';
    await expect(deploy()).rejects.toThrow('Build failed');
    expect((await api.call('GET', FUNCTION)).body).toMatchObject({ state: 'FAILED', stateMessages: [{}] });
    expect((await api.call('GET', `run/v2/${REGION}/services/calendar-sync`)).status).toBe(404);
  });

  test('whose build fails on update is FAILED, and the old archive keeps serving', async () => {
    await grantBuild(api);
    await deploy();
    await uploadArchive(api, 'sync-2.zip');
    cloud.refusals.failsBuild = (_, during) => during === 'update';
    await expect(api.make('PATCH', FUNCTION, functionOf('sync-2.zip'))).rejects.toThrow('Build failed');
    expect((await api.call('GET', FUNCTION)).body['state']).toBe('FAILED');
    const serving = async () =>
      JSON.stringify(await api.call('GET', `run/v2/${REGION}/services/calendar-sync`));
    expect(await serving()).toContain('sync-1.zip');
    cloud.refusals.failsBuild = () => false;
    expect((await api.make('PATCH', FUNCTION, functionOf('sync-2.zip')))['state']).toBe('ACTIVE');
    expect(await serving()).toContain('sync-2.zip');
  });

  test('needs no more vCPUs than the region has', async () => {
    await grantBuild(api);
    cloud.refusals.vcpuQuota = 5;
    const quota = `serviceusage/v1beta1/${PROJECT}/services/run.googleapis.com/consumerQuotaMetrics`;
    expect((await api.call('GET', quota)).body).toMatchObject({
      metrics: [{ consumerQuotaLimits: [{ quotaBuckets: [{ effectiveLimit: '5000' }] }] }],
    });
    await expect(deploy()).rejects.toThrow('Max instances must be set to 5 or fewer');
    expect(
      (await api.make('PATCH', FUNCTION, functionOf('sync-1.zip', { maxInstanceCount: 5 })))['state'],
    ).toBe('ACTIVE');
  });

  test('gets LOG_EXECUTION_ID, and its service the check of invokers, at each deployment', async () => {
    await grantBuild(api);
    const { serviceConfig } = await deploy(functionOf('sync-1.zip', { environmentVariables: { A: '1' } }));
    expect(serviceConfig).toMatchObject({ environmentVariables: { A: '1', LOG_EXECUTION_ID: 'true' } });
    const service = `run/v2/${REGION}/services/calendar-sync`;
    await api.make('PATCH', `${service}?updateMask=invokerIamDisabled`, { invokerIamDisabled: true });
    expect((await api.call('GET', service)).body['invokerIamDisabled']).toBe(true);
    cloud.refusals.logExecutionId = false;
    const updated = await api.make('PATCH', `${FUNCTION}?updateMask=labels`, { labels: { a: 'b' } });
    expect((await api.call('GET', service)).body['invokerIamDisabled']).toBeUndefined();
    expect(updated).toMatchObject({ labels: { a: 'b' }, state: 'ACTIVE' });
  });
});

test('an alert policy does not find a new log-based metric for some time', async () => {
  cloud.refusals.metricDelayMs = 600_000;
  const filter = 'metric.type="logging.googleapis.com/user/calendar_mirror/changes" AND resource.type="x"';
  const policy = { displayName: 'late', conditions: [{ conditionThreshold: { filter } }] };
  const create = () => api.call('POST', `monitoring/v3/${PROJECT}/alertPolicies`, policy);
  expect((await create()).status).toBe(404);
  await api.make('POST', `logging/v2/${PROJECT}/metrics`, { name: 'calendar_mirror/changes', filter: 'x' });
  expect(await create()).toMatchObject({
    status: 404,
    body: { error: { message: expect.stringContaining('Cannot find metric') } },
  });
  now += 600_000;
  expect((await create()).body).toMatchObject({ enabled: true, conditions: [{ name: expect.anything() }] });
});

test('indexes of a database change one after the other', async () => {
  await enable(api, 'firestore');
  const database = { locationId: 'eur3', type: 'FIRESTORE_NATIVE' };
  await api.make('POST', `firestore/v1/${PROJECT}/databases?databaseId=mirror`, database);
  cloud.refusals.indexChanges = 1;
  const groups = `firestore/v1/${PROJECT}/databases/mirror/collectionGroups`;
  const exempt = (group: string) => api.call('PATCH', `${groups}/${group}/fields/*`, { indexConfig: {} });
  const fields = [
    { fieldPath: 'a', order: 'ASCENDING' },
    { fieldPath: 'b', order: 'ASCENDING' },
  ];
  const index = () => api.call('POST', `${groups}/events/indexes`, { queryScope: 'COLLECTION', fields });
  const first = await exempt('events');
  expect(await exempt('watches')).toMatchObject({ status: 409, body: { error: { status: 'ABORTED' } } });
  expect(await index()).toMatchObject({ status: 400, body: { error: { status: 'FAILED_PRECONDITION' } } });
  await api.finish('firestore', first.body);
  expect((await index()).status).toBe(200);
});
