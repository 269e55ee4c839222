/** What single APIs of the stand-in for Google Cloud do besides the standard methods. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { cloudClient, type CloudClient } from '../../../support/google-cloud/client.ts';
import { startGoogleCloud, type GoogleCloud } from '../../../support/google-cloud/index.ts';
import { textIn } from '../../../support/google-cloud/resource.ts';
import { enable, PROJECT, REGION } from '../../../support/google-cloud/samples.ts';

let cloud: GoogleCloud;
let api: CloudClient;
beforeAll(async () => {
  cloud = await startGoogleCloud({ polls: 0 });
  api = cloudClient(cloud.url);
  await enable(api, 'pubsub', 'iam', 'secretmanager', 'firestore', 'cloudscheduler');
});
afterAll(() => cloud.close());

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const secret = `secretmanager/v1/${PROJECT}/secrets/keys`;
const read = async (version: string) =>
  (await api.call('GET', `${secret}/versions/${version}:access`)).body['payload'];

describe('Secret Manager', () => {
  beforeAll(async () => {
    await api.make('POST', `secretmanager/v1/${PROJECT}/secrets?secretId=keys`, {
      replication: { automatic: {} },
    });
    for (const key of ['k1', 'k2']) {
      await api.make('POST', `${secret}:addVersion`, { payload: { data: base64(key) } });
    }
  });

  test('returns a payload by version and as the latest', async () => {
    expect(await read('1')).toEqual({ data: base64('k1') });
    expect(await read('latest')).toEqual({ data: base64('k2') });
  });

  test('keeps a destroyed version without its payload', async () => {
    await api.make('POST', `${secret}:addVersion`, { payload: { data: base64('k3') } });
    await api.make('POST', `${secret}/versions/3:destroy`, {});
    expect((await api.call('GET', `${secret}/versions/3`)).body['state']).toBe('DESTROYED');
    expect((await api.call('GET', `${secret}/versions/3:access`)).status).toBe(400);
    expect((await api.call('POST', `${secret}/versions/3:enable`, {})).status).toBe(400);
  });
});

const objects = 'storage/storage/v1/b/demo-state/o';
const upload = (name: string, text: string, query = '') =>
  api.call('POST', `upload/storage/v1/b/demo-state/o?uploadType=media&name=${name}${query}`, { text });

describe('Cloud Storage', () => {
  beforeAll(() => api.make('POST', 'storage/storage/v1/b?project=demo-project', { name: 'demo-state' }));

  test('keeps objects with their content', async () => {
    const boundary = 'b0undary';
    const content = Buffer.from([0, 255, 13, 10, 128]);
    const body = Buffer.concat([
      Buffer.from(`--${boundary}\r\ncontent-type: application/json\r\n\r\n{"name":"a/b.zip"}\r\n`),
      Buffer.from(`--${boundary}\r\ncontent-type: application/zip\r\n\r\n`),
      content,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    await fetch(`${cloud.url}/upload/storage/v1/b/demo-state/o?uploadType=multipart`, {
      method: 'POST',
      headers: { authorization: 'Bearer token', 'content-type': `multipart/related; boundary=${boundary}` },
      body,
    });
    expect((await api.call('GET', `${objects}/a%2Fb.zip`)).body).toMatchObject({
      name: 'a/b.zip',
      size: '5',
      md5Hash: expect.stringMatching(/==$/),
    });
    const media = await fetch(`${cloud.url}/${objects}/a%2Fb.zip?alt=media`, {
      headers: { authorization: 'Bearer token' },
    });
    expect(Buffer.from(await media.arrayBuffer())).toEqual(content);
  });

  test('honours preconditions on the generation', async () => {
    expect((await upload('lock', 'one', '&ifGenerationMatch=0')).status).toBe(200);
    expect((await upload('lock', 'two', '&ifGenerationMatch=0')).status).toBe(412);
    const generation = textIn((await api.call('GET', `${objects}/lock`)).body, 'generation');
    const removed = await api.call('DELETE', `${objects}/lock?ifGenerationMatch=${generation}`);
    expect(removed.status).toBe(204);
  });

  test('deletes only an empty bucket', async () => {
    await upload('last', 'x');
    expect((await api.call('DELETE', 'storage/storage/v1/b/demo-state')).status).toBe(409);
    const { items } = (await api.call('GET', objects)).body;
    const objectsSchema = z.array(z.looseObject({ name: z.string() }));
    for (const { name } of objectsSchema.parse(items)) {
      await api.make('DELETE', `${objects}/${encodeURIComponent(name)}`);
    }
    expect((await api.call('DELETE', 'storage/storage/v1/b/demo-state')).status).toBe(204);
  });
});

describe('Firestore', () => {
  const databases = `firestore/v1/${PROJECT}/databases`;
  const mirror = `${databases}/mirror`;
  beforeAll(async () => {
    const body = {
      locationId: 'eur3',
      type: 'FIRESTORE_NATIVE',
      deleteProtectionState: 'DELETE_PROTECTION_ENABLED',
    };
    await api.make('POST', `${databases}?databaseId=mirror`, body);
    await api.make('PATCH', `${mirror}/collectionGroups/events/fields/*?updateMask=indexConfig`, {
      indexConfig: {},
    });
  });

  test('keeps a protected database', async () => {
    expect((await api.call('DELETE', mirror)).status).toBe(400);
    expect((await api.call('GET', mirror)).status).toBe(200);
  });

  test('returns of a field its own indexes, or where they come from', async () => {
    const star = `${PROJECT}/databases/mirror/collectionGroups/events/fields/*`;
    const field = async (path: string) => (await api.call('GET', `${mirror}/collectionGroups/${path}`)).body;
    expect(await field('events/fields/data')).toMatchObject({
      indexConfig: { usesAncestorConfig: true, ancestorField: star },
    });
    expect((await field('events/fields/*'))['indexConfig']).not.toHaveProperty('usesAncestorConfig');
    const indexConfig = { indexes: [{ queryScope: 'COLLECTION', fields: [{ order: 'ASCENDING' }] }] };
    await api.make('PATCH', `${mirror}/collectionGroups/events/fields/startsAt`, { indexConfig });
    expect(await field('events/fields/startsAt')).toMatchObject({
      indexConfig: { indexes: [{ state: 'READY', fields: [{ fieldPath: 'startsAt', order: 'ASCENDING' }] }] },
    });
    await api.make('PATCH', `${mirror}/collectionGroups/events/fields/startsAt?updateMask=indexConfig`, {});
    expect(await field('events/fields/startsAt')).toMatchObject({
      indexConfig: { usesAncestorConfig: true },
    });
  });

  test('restores a backup into a new database, with the indexes', async () => {
    const fields = ['activeUntil', 'startsAt'].map((fieldPath) => ({ fieldPath, order: 'ASCENDING' }));
    const index = { queryScope: 'COLLECTION', fields };
    await api.make('POST', `${mirror}/collectionGroups/events/indexes`, index);
    expect((await api.call('POST', `${mirror}/collectionGroups/events/indexes`, index)).status).toBe(409);
    const backup = `${PROJECT}/locations/eur3/backups/b1`;
    cloud.cloud.store.insert(`firestore/${backup}`, {
      name: backup,
      database: `${PROJECT}/databases/mirror`,
    });
    const { backups } = (await api.call('GET', `firestore/v1/${PROJECT}/locations/eur3/backups`)).body;
    expect(backups).toMatchObject([{ name: backup }]);
    await api.make('POST', `${databases}:restore`, { databaseId: 'restored', backup });
    const restored = `${databases}/restored/collectionGroups/events/indexes`;
    expect((await api.call('GET', restored)).body['indexes']).toMatchObject([
      { fields: [...fields, { fieldPath: '__name__' }] },
    ]);
    expect((await api.call('POST', restored, index)).status).toBe(409);
  });
});

test('Pub/Sub rejects a subscription to a topic that is missing, and keeps one whose topic goes', async () => {
  const at = `pubsub/v1/${PROJECT}/subscriptions/s`;
  const subscription = { topic: `${PROJECT}/topics/gone`, expirationPolicy: {} };
  expect((await api.call('PUT', at, subscription)).status).toBe(404);
  await api.make('PUT', `pubsub/v1/${PROJECT}/topics/gone`, {});
  await api.make('PUT', at, subscription);
  await api.make('DELETE', `pubsub/v1/${PROJECT}/topics/gone`);
  expect((await api.call('GET', at)).body).toMatchObject({
    topic: '_deleted-topic_',
    ackDeadlineSeconds: 10,
  });
});

test('Pub/Sub rejects a subscription whose filter is invalid', async () => {
  const at = `pubsub/v1/${PROJECT}/subscriptions/filtered`;
  await api.make('PUT', `pubsub/v1/${PROJECT}/topics/filtered`, {});
  const subscription = {
    topic: `${PROJECT}/topics/filtered`,
    filter: 'attributes:a AND attributes:b OR attributes:c',
  };
  expect((await api.call('PUT', at, subscription)).status).toBe(400);
  await api.make('PUT', at, { ...subscription, filter: 'attributes:a AND attributes:b' });
  expect((await api.call('GET', at)).body['filter']).toBe('attributes:a AND attributes:b');
});

test('Cloud Scheduler gives a bare host its slash, and pauses jobs', async () => {
  const name = `${REGION}/jobs/renew`;
  const job = { name, schedule: '* * * * *', httpTarget: { uri: 'https://renew.example.com' } };
  const made = await api.make('POST', `cloudscheduler/v1/${REGION}/jobs`, job);
  expect(made).toMatchObject({ name, state: 'ENABLED', httpTarget: { uri: 'https://renew.example.com/' } });
  await api.make('POST', `cloudscheduler/v1/${name}:pause`, {});
  expect((await api.call('GET', `cloudscheduler/v1/${name}`)).body['state']).toBe('PAUSED');
});

test('IAM keeps a deleted role for undeletion', async () => {
  const roles = `iam/v1/${PROJECT}/roles`;
  await api.make('POST', roles, { roleId: 'reader', role: { title: 'Reader' } });
  await api.make('DELETE', `${roles}/reader`);
  expect((await api.call('POST', roles, { roleId: 'reader' })).status).toBe(409);
  expect(await api.make('POST', `${roles}/reader:undelete`, {})).toMatchObject({
    title: 'Reader',
    deleted: false,
  });
});

test('Firestore clones a database', async () => {
  const databases = `firestore/v1/${PROJECT}/databases`;
  await api.make('POST', `${databases}?databaseId=origin`, { locationId: 'eur3', type: 'FIRESTORE_NATIVE' });
  const pitrSnapshot = { database: `${PROJECT}/databases/origin`, snapshotTime: '2030-01-01T00:00:00Z' };
  const cloned = await api.make('POST', `${databases}:clone`, { databaseId: 'cloned', pitrSnapshot });
  expect(cloned).toMatchObject({ name: `${PROJECT}/databases/cloned`, locationId: 'eur3' });
});

test("Cloud Run's Knative API shows the same service, and switches the check of invokers off", async () => {
  await enable(api, 'run');
  const service = `run/v2/${REGION}/services`;
  const template = { containers: [{ image: 'receive' }] };
  await api.make('POST', `${service}?serviceId=receive`, { template });
  const at = 'run/apis/serving.knative.dev/v1/namespaces/demo-project/services/receive';
  expect((await api.call('GET', at)).body).toMatchObject({
    metadata: { name: 'receive', generation: 1 },
    status: { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }, {}, {}] },
  });
  const annotations = { 'run.googleapis.com/invoker-iam-disabled': 'true' };
  await api.make('PUT', at, { metadata: { name: 'receive', annotations } });
  expect((await api.call('GET', `${service}/receive`)).body).toMatchObject({
    invokerIamDisabled: true,
    template,
  });
});

test('a field that is null in a request is not set', async () => {
  await api.make('PUT', `pubsub/v1/${PROJECT}/topics/null`, {});
  const at = `pubsub/v1/${PROJECT}/subscriptions/null`;
  await api.make('PUT', at, { topic: `${PROJECT}/topics/null`, deadLetterPolicy: null });
  expect((await api.call('GET', at)).body).not.toHaveProperty('deadLetterPolicy');
});

describe('Cloud Build', () => {
  const step = {
    id: 'plan',
    name: 'node:24',
    entrypoint: 'bash',
    args: ['-c', 'echo $_BUCKET $$PATH $PROJECT_ID'],
  };
  const build = { steps: [step], substitutions: { _BUCKET: 'state' } };
  const submit = async (changed: object) => {
    await enable(api, 'cloudbuild');
    return api.call('POST', `cloudbuild/v1/${PROJECT}/locations/global/builds`, { ...build, ...changed });
  };

  test('keeps a build', async () => {
    expect(await submit({})).toMatchObject({
      status: 200,
      body: { metadata: { build: { status: 'QUEUED' } } },
    });
  });

  test.each([
    [
      'a variable of the shell that is not escaped',
      { steps: [{ ...step, args: ['$_BUCKET', '$file'] }] },
      '"file"',
    ],
    ['a substitution without a value', { substitutions: {} }, '"_BUCKET" has no substitution'],
    ['a substitution that no step uses', { substitutions: { _BUCKET: 'a', _OTHER: 'b' } }, 'not matched'],
    ['a step that waits for a later one', { steps: [{ ...step, waitFor: ['apply'] }] }, 'waits for "apply"'],
    ['a step without a script', { steps: [{ id: 'plan', name: 'node:24' }] }, 'entrypoint'],
  ])('rejects %s', async (_, changed, message) => {
    const { status, body } = await submit(changed);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(message.replaceAll('"', String.raw`\"`));
  });
});
