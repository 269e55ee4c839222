import type { CloudClient } from './client.ts';

/** Resources that tests of the stand-in need before their own. */

export const PROJECT = 'projects/demo-project';
export const REGION = `${PROJECT}/locations/europe-west1`;
const BUILD_ACCOUNT = 'builder@demo-project.iam.gserviceaccount.com';

export const enable = (api: CloudClient, ...services: string[]) =>
  api.make('POST', `serviceusage/v1/${PROJECT}/services:batchEnable`, {
    serviceIds: services.map((service) => `${service}.googleapis.com`),
  });

/** A bucket with an archive in it. */
export async function uploadArchive(api: CloudClient, object = 'sync-1.zip'): Promise<void> {
  if ((await api.call('GET', 'storage/storage/v1/b/demo-source')).status === 404) {
    await api.make('POST', 'storage/storage/v1/b?project=demo-project', { name: 'demo-source' });
  }
  await api.make('POST', `upload/storage/v1/b/demo-source/o?uploadType=media&name=${object}`, {});
}

/** The account that builds, and its roles. */
export async function grantBuild(api: CloudClient): Promise<void> {
  await api.make('POST', `iam/v1/${PROJECT}/serviceAccounts`, { accountId: 'builder' });
  const bindings = ['roles/logging.logWriter', 'roles/storage.objectViewer'].map((role) => ({
    role,
    members: [`serviceAccount:${BUILD_ACCOUNT}`],
  }));
  await api.make('POST', `cloudresourcemanager/v1/${PROJECT}:setIamPolicy`, { policy: { bindings } });
}

export const functionOf = (object = 'sync-1.zip', serviceConfig: object = {}) => ({
  buildConfig: {
    runtime: 'nodejs24',
    entryPoint: 'sync',
    serviceAccount: `${PROJECT}/serviceAccounts/${BUILD_ACCOUNT}`,
    source: { storageSource: { bucket: 'demo-source', object } },
  },
  serviceConfig: { availableCpu: '1', maxInstanceCount: 10, ...serviceConfig },
});
