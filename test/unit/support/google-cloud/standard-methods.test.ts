/** What all APIs of the stand-in for Google Cloud have in common: resources, operations, errors, IAM policies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGoogleCloud, type GoogleCloud } from '../../../support/google-cloud/index.ts';
import { textIn } from '../../../support/google-cloud/resource.ts';
import { cloudClient, type CloudClient } from '../../../support/google-cloud/client.ts';

let cloud: GoogleCloud;
let api: CloudClient;
beforeAll(async () => {
  cloud = await startGoogleCloud();
  api = cloudClient(cloud.url);
  for (const service of ['pubsub', 'iam', 'secretmanager', 'artifactregistry']) await enable(service);
});
afterAll(() => cloud.close());

const PROJECT = 'projects/demo-project';

const enable = (service: string) =>
  api.make('POST', `serviceusage/v1/${PROJECT}/services/${service}.googleapis.com:enable`);

describe('resources', () => {
  test('are kept, listed, changed by an update mask, and deleted', async () => {
    const at = `pubsub/v1/${PROJECT}/topics/kept`;
    await api.make('PUT', at, { labels: { team: 'a' }, messageRetentionDuration: '600s' });
    await api.make('PATCH', at, {
      topic: { labels: {}, messageRetentionDuration: '700s' },
      updateMask: 'message_retention_duration',
    });
    const expected = {
      name: `${PROJECT}/topics/kept`,
      labels: { team: 'a' },
      messageRetentionDuration: '700s',
    };
    expect((await api.call('GET', at)).body).toMatchObject(expected);
    expect((await api.call('GET', `pubsub/v1/${PROJECT}/topics`)).body['topics']).toMatchObject([expected]);
    await api.make('DELETE', at);
    expect((await api.call('GET', at)).status).toBe(404);
  });

  test('that are missing are 404, those that exist 409, those of another project 403', async () => {
    const at = `pubsub/v1/${PROJECT}/topics/once`;
    expect(await api.call('PATCH', at, { topic: {} })).toMatchObject({
      status: 404,
      body: { error: { code: 404, status: 'NOT_FOUND' } },
    });
    await api.make('PUT', at, {});
    expect(await api.call('PUT', at, {})).toMatchObject({
      status: 409,
      body: { error: { status: 'ALREADY_EXISTS' } },
    });
    const foreign = await api.call('GET', 'pubsub/v1/projects/someone-else/topics/once');
    expect(foreign).toMatchObject({ status: 403, body: { error: { status: 'PERMISSION_DENIED' } } });
  });

  test('are found by the number of the project too', async () => {
    await api.make('POST', `secretmanager/v1/${PROJECT}/secrets?secretId=key`, {
      replication: { automatic: {} },
    });
    const { body } = await api.call('GET', 'secretmanager/v1/projects/123456789012/secrets/key');
    expect(body).toMatchObject({
      name: 'projects/123456789012/secrets/key',
      replication: { automatic: {} },
    });
  });

  test('need credentials, and a method that the stand-in has', async () => {
    expect((await fetch(`${cloud.url}/pubsub/v1/${PROJECT}/topics`)).status).toBe(401);
    expect((await api.call('POST', `pubsub/v1/${PROJECT}/topics/x:fly`)).status).toBe(501);
  });
});

describe('operations', () => {
  const repositories = `artifactregistry/v1/${PROJECT}/locations/europe-west1/repositories`;

  test('take some polls and end with the resource', async () => {
    const { body } = await api.call('POST', `${repositories}?repositoryId=images`, { format: 'DOCKER' });
    expect(body['done']).toBeUndefined();
    const at = `artifactregistry/v1/${textIn(body, 'name')}`;
    const seen = [await api.call('GET', at), await api.call('GET', at), await api.call('GET', at)];
    expect(seen.map((reply) => reply.body['done'] ?? false)).toEqual([false, false, true]);
    expect(seen[2]?.body['response']).toMatchObject({ name: expect.stringContaining('repositories/images') });
  });

  test('end by themselves if no client polls', async () => {
    let now = 0;
    const timed = await startGoogleCloud({ now: () => now, operationMs: 1000 });
    const client = cloudClient(timed.url);
    const host = 'pubsub.googleapis.com';
    await client.call('POST', `serviceusage/v1/${PROJECT}/services/${host}:enable`);
    const state = async () =>
      (await client.call('GET', `serviceusage/v1/${PROJECT}/services/${host}`)).body['state'];
    expect(await state()).toBe('DISABLED');
    now = 1000;
    expect(await state()).toBe('ENABLED');
    await timed.close();
  });
});

const binding = (...members: string[]) => ({ role: 'roles/viewer', members });

describe('IAM policies', () => {
  const at = `cloudresourcemanager/v1/${PROJECT}`;

  test('are rejected with 409 if the etag is stale', async () => {
    const { etag } = (await api.call('POST', `${at}:getIamPolicy`)).body;
    const policy = { etag, bindings: [binding('user:ada@example.com')] };
    const { status, body } = await api.call('POST', `${at}:setIamPolicy`, { policy });
    expect(status).toBe(200);
    expect(body['bindings']).toEqual(policy.bindings);
    expect(body['etag']).not.toBe(etag);
    expect(await api.call('POST', `${at}:setIamPolicy`, { policy })).toMatchObject({
      status: 409,
      body: { error: { status: 'ABORTED' } },
    });
  });

  test('name only service accounts that exist', async () => {
    const email = 'reader@demo-project.iam.gserviceaccount.com';
    const policy = { bindings: [binding(`serviceAccount:${email}`)] };
    expect(await api.call('POST', `${at}:setIamPolicy`, { policy })).toMatchObject({
      status: 400,
      body: { error: { message: `Service account ${email} does not exist.` } },
    });
    await api.make('POST', `iam/v1/${PROJECT}/serviceAccounts`, { accountId: 'reader' });
    expect((await api.call('POST', `${at}:setIamPolicy`, { policy })).status).toBe(200);
  });

  test('with conditions need version 3', async () => {
    const condition = { title: 'mine', expression: 'true' };
    const bindings = [{ ...binding('user:ada@example.com'), condition }];
    expect((await api.call('POST', `${at}:setIamPolicy`, { policy: { bindings } })).status).toBe(400);
    const { body } = await api.call('POST', `${at}:setIamPolicy`, { policy: { version: 3, bindings } });
    expect(body['bindings']).toEqual(bindings);
  });
});
