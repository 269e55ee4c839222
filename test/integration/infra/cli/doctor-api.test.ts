/** The doctor's HTTP calls to Google Cloud's APIs, for a deployment as Terraform creates it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCloudApi, type CloudApi } from '../../../../infra/cli/doctor/cloud-api.ts';
import { examineDatabase } from '../../../../infra/cli/doctor/database.ts';
import { examineDeployment } from '../../../../infra/cli/doctor/deployment.ts';
import { examineQuota, scalingOf } from '../../../../infra/cli/doctor/quota.ts';
import type { Finding } from '../../../../infra/cli/doctor/finding.ts';
import { examineScheduler } from '../../../../infra/cli/doctor/scheduler.ts';
import { examineServices } from '../../../../infra/cli/doctor/services.ts';
import { COMPOSITE_INDEXES } from '../../../../infra/cli/doctor/indexes.ts';
import { startCloudApi, type CloudApiServer } from '../../../support/cloud-api.ts';
import {
  AT,
  DEPLOYED,
  deployedCloud,
  deployedFunction,
  DATABASE_ID,
  cpuQuota,
  sourceOf,
  enabledServices,
  exemptData,
  indexedData,
  readyIndex,
  renewJob,
  urlsOf,
} from '../../../support/deployed-cloud.ts';

let server: CloudApiServer;
let api: CloudApi;
beforeAll(async () => {
  server = await startCloudApi();
  api = createCloudApi(server.url, DEPLOYED, () => Promise.resolve('token'));
});
afterAll(() => server.close());
beforeEach(() => {
  server.resources.clear();
  for (const [at, resource] of deployedCloud()) server.resources.set(at, resource);
});

const ours = { project: DEPLOYED, database: DATABASE_ID, notifications: 'calendar-notifications' };
const [agenda, ...others] = Object.values(COMPOSITE_INDEXES).map(readyIndex);

async function examine(): Promise<readonly Finding[]> {
  const { deployment, findings } = await examineDeployment(api, ours);
  return [
    ...(await examineServices(api, DEPLOYED, 'delegation')),
    ...(await examineDatabase(api, ours)),
    ...findings,
    ...(await examineQuota(api, scalingOf(deployment), DEPLOYED)),
    ...(await examineScheduler(api, deployment.renew, DEPLOYED)),
  ];
}

const notWell = async () => (await examine()).filter(({ verdict }) => verdict !== 'well');

describe('a deployment by Terraform', () => {
  test('has no problem', async () => {
    expect(await notWell()).toEqual([]);
  });

  test('has no problem if lists have several pages and the first is empty', async () => {
    const { resources } = server;
    resources.set(AT.functions, { nextPageToken: 'b' });
    resources.set(`${AT.functions}#b`, { functions: [deployedFunction('receive')], nextPageToken: 'c' });
    resources.set(`${AT.functions}#c`, {
      functions: ['sync', 'renew'].map((name) => deployedFunction(name)),
    });
    resources.set(AT.indexes, { indexes: [], nextPageToken: 'b' });
    resources.set(`${AT.indexes}#b`, { indexes: [agenda, ...others] });
    resources.set(AT.jobs, { nextPageToken: 'b' });
    resources.set(`${AT.jobs}#b`, { jobs: [renewJob()] });
    expect(await notWell()).toEqual([]);
  });

  test('has no problem if the scheduler calls renew by its other URL', async () => {
    const { httpTarget, ...job } = renewJob();
    const uri = urlsOf('renew').numbered;
    server.resources.set(AT.jobs, { jobs: [{ ...job, httpTarget: { ...httpTarget, uri } }] });
    expect(await notWell()).toEqual([]);
  });

  test('has no problem if the scheduler is in another region, because its own has none', async () => {
    server.resources.delete(AT.jobs);
    const locations = `cloudscheduler/v1/projects/${DEPLOYED}/locations`;
    server.resources.set(locations, {
      locations: [{ locationId: 'europe-west1' }, { locationId: 'europe-west3' }],
    });
    const name = `projects/${DEPLOYED}/locations/europe-west3/jobs/calendar-renew`;
    server.resources.set(`${locations}/europe-west3/jobs`, { jobs: [{ ...renewJob(), name }] });
    expect(await notWell()).toEqual([]);
  });

  test('has no problem if the contents of events are exempt by their own configuration', async () => {
    server.resources.set(AT.data, { ...exemptData, indexConfig: {} });
    expect(await notWell()).toEqual([]);
  });
});

describe('a deployment that failed, while the code before it serves', () => {
  test('is found by the message of its state', async () => {
    const stateMessages = [{ severity: 'ERROR', type: 'BuildFailed', message: 'Build failed: npm ERR!' }];
    const functions = ['receive', 'sync', 'renew'].map((name) => ({
      ...deployedFunction(name),
      ...(name === 'sync' && { stateMessages }),
    }));
    server.resources.set(AT.functions, { functions });
    expect(await notWell()).toMatchObject([
      {
        what: 'sync',
        verdict: 'wrong',
        says: 'calendar-sync serves, but its last deployment failed: Build failed: npm ERR!',
        fix: expect.stringContaining('gcloud functions logs read calendar-sync '),
      },
    ]);
  });

  test('is found by a source that is newer than the one that was built', async () => {
    const { bucket, object } = sourceOf('renew');
    server.resources.set(AT.source('renew'), { bucket, name: object, generation: '1893456000000002' });
    expect(await notWell()).toMatchObject([{ what: 'renew', verdict: 'wrong' }]);
  });

  test('causes no problem where the source cannot be read', async () => {
    for (const name of ['receive', 'sync', 'renew']) server.resources.set(AT.source(name), 403);
    expect(await notWell()).toEqual([]);
  });
});

test('more instances than the quota allows are wrong, and a quota that cannot be read is unknown', async () => {
  server.resources.set(AT.quota, { metrics: [cpuQuota(8_000)] });
  expect(await notWell()).toMatchObject([
    {
      what: 'max instances',
      verdict: 'wrong',
      fix: expect.stringMatching(/^set its max_instances to 8 or /),
    },
  ]);
  server.resources.set(AT.quota, 403);
  expect(await notWell()).toMatchObject([{ what: 'max instances', verdict: 'unknown' }]);
});

test('a page token that repeats is not followed forever', async () => {
  server.resources.set(AT.jobs, { nextPageToken: 'b' });
  server.resources.set(`${AT.jobs}#b`, { nextPageToken: 'b' });
  expect(await notWell()).toMatchObject([{ what: 'scheduler', verdict: 'wrong' }]);
});

test('each problem is found', async () => {
  server.resources.set(AT.services, enabledServices(['calendar-json']));
  server.resources.set(AT.indexes, {});
  server.resources.set(AT.data, indexedData);
  server.resources.set(AT.field('watches', 'nextDueAt'), exemptData);
  server.resources.set(AT.functions, { functions: [deployedFunction('receive'), deployedFunction('renew')] });
  server.resources.delete(AT.keys);
  server.resources.set(AT.jobs, {});
  expect((await notWell()).map(({ what, verdict }) => [what, verdict])).toEqual(
    [
      'APIs',
      'index agenda',
      'index eventsByStart',
      'index eventsOfUser',
      'index eventsOfCalendar',
      'exemption of data',
      'indexed fields',
      'sync',
      'channel token keys',
      'scheduler',
    ].map((what) => [what, 'wrong']),
  );
});

test('an API that denies access or does not respond makes its findings unknown, not wrong', async () => {
  for (const at of [AT.services, AT.database, AT.functions]) server.resources.set(at, 403);
  const fix = `ask for roles/viewer in ${DEPLOYED}`;
  expect(await notWell()).toEqual(
    ['APIs', 'database', 'functions'].map((what) => ({
      what,
      verdict: 'unknown',
      says: 'access denied',
      fix,
    })),
  );
  const gone = createCloudApi('http://127.0.0.1:1', DEPLOYED, () => Promise.resolve('token'));
  expect(await examineServices(gone, DEPLOYED, 'oauth')).toMatchObject([
    { verdict: 'unknown', says: 'serviceusage.googleapis.com did not respond' },
  ]);
});

test.each([
  ['SERVICE_DISABLED', `gcloud services enable serviceusage.googleapis.com --project=${DEPLOYED}`],
  ['USER_PROJECT_DENIED', `ask for roles/serviceusage.serviceUsageConsumer in ${DEPLOYED}`],
  ['IAM_PERMISSION_DENIED', `ask for roles/viewer in ${DEPLOYED}`],
])('access denied with reason %s comes with its fix', async (reason, fix) => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }];
  const response = { status: 403, data: { error: { code: 403, status: 'PERMISSION_DENIED', details } } };
  const denied: CloudApi['get'] = (service, schema) =>
    api.get(service, schema, () => Promise.reject(Object.assign(new Error('no'), { response })));
  expect(await examineServices({ ...api, get: denied }, DEPLOYED, 'oauth')).toMatchObject([
    { verdict: 'unknown', fix },
  ]);
});
