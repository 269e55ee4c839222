import * as z from 'zod';

import { CloudError, invalid } from '../errors.ts';
import { routesOf } from '../kinds.ts';
import { parse, resourceSchema, textIn, type Resource } from '../resource.ts';
import type { Call, Route } from '../routes.ts';
import { deployService } from './run.ts';

/** Cloud Functions. [functions] https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions */

const LOCATION = 'projects/{project}/locations/{location}';

const functionSchema = z.object({
  buildConfig: z.looseObject({
    runtime: z.string(),
    entryPoint: z.string(),
    // "projects/{projectId}/serviceAccounts/{serviceAccountEmail}" [functions, BuildConfig]
    serviceAccount: z.string().optional(),
    source: z.object({
      storageSource: z.object({
        bucket: z.string(),
        object: z.string(),
        generation: z.string().or(z.int()).optional(),
      }),
    }),
  }),
  serviceConfig: z
    .looseObject({
      serviceAccountEmail: z.string().optional(),
      availableCpu: z.string().default('1'),
      // "Defaults to 100 for 2nd gen" as Cloud Run's default
      maxInstanceCount: z.int().default(100),
      environmentVariables: z.record(z.string(), z.string()).default({}),
      secretEnvironmentVariables: z
        .array(z.looseObject({ secret: z.string(), version: z.string() }))
        .default([]),
    })
    .prefault({}),
});

const shortName = (name: string): string => name.split('/').at(-1) ?? '';

/** The text of Cloud Functions. https://github.com/hashicorp/terraform-provider-google/issues/14456 */
const buildFailed = (name: string, because: string): CloudError =>
  invalid(
    `Build failed with status: FAILURE and message: ${because}. For more details see the logs of the build of ${shortName(name)}.`,
  );

/** What the build account needs. https://cloud.google.com/functions/docs/securing/build-custom-sa */
const BUILD_ROLES = ['roles/logging.logWriter', 'roles/storage.objectViewer'];

/** Where the stand-in keeps which archive a function was last asked to build. Responses name Google's copy. */
const archiveKey = (name: string): string => `archives/${name}`;

/** Cloud Functions copies the archive to a bucket of its own. https://cloud.google.com/functions/docs/building */
const copies = ({ cloud, ids }: Call): string =>
  `gcf-v2-sources-${cloud.project.number}-${ids['location'] ?? ''}`;

/** @throws CloudError if the build fails. */
function build(
  { cloud }: Call,
  name: string,
  during: 'create' | 'update',
  account: string | undefined,
): string {
  if (cloud.refusals.failsBuild(shortName(name), during)) throw buildFailed(name, 'npm ERR! missing script');
  if (account !== undefined) {
    const member = `serviceAccount:${shortName(account)}`;
    const policy = `cloudresourcemanager/projects/${cloud.project.id}`;
    const missing = BUILD_ROLES.filter(
      (role) => !cloud.policies.isGranted(policy, role, member, cloud.refusals.rightsDelayMs),
    );
    if (missing.length > 0) throw buildFailed(name, `the build account lacks ${missing.join(', ')}`);
  }
  return textIn(cloud.store.get(archiveKey(name)), 'archive');
}

/** Returns a function with what the server adds while it deploys it. */
function deploying(resource: Resource, call: Call, name: string): Resource {
  const { cloud, ids } = call;
  const { store, project, refusals } = cloud;
  const { buildConfig, serviceConfig } = parse(functionSchema, resource);
  const { bucket, object } = buildConfig.source.storageSource;
  // Without a new archive, the last one is built again.
  if (bucket !== copies(call)) {
    store.get(`storage/b/${bucket}/o/${encodeURIComponent(object)}`);
    if (store.find(archiveKey(name)) !== undefined) store.remove(archiveKey(name));
    store.insert(archiveKey(name), { archive: `${bucket}/${object}` });
  }
  for (const { secret, version } of serviceConfig.secretEnvironmentVariables) {
    if (version !== 'latest')
      store.get(`secretmanager/projects/${project.id}/secrets/${secret}/versions/${version}`);
  }
  const region = ids['location'] ?? '';
  return {
    ...resource,
    environment: 'GEN_2',
    state: 'DEPLOYING',
    // "Output only. The deployed url for the function." [functions, url]
    url: `https://${region}-${project.id}.cloudfunctions.net/${shortName(name)}`,
    updateTime: cloud.timestamp(),
    buildConfig: parse(resourceSchema, {
      ...buildConfig,
      build: `projects/${project.number}/locations/${region}/builds/${String(cloud.serial())}`,
      source: {
        storageSource: {
          bucket: copies(call),
          object: `${shortName(name)}/function-source.zip`,
          generation: String(cloud.serial()),
        },
      },
      dockerRegistry: 'ARTIFACT_REGISTRY',
      automaticUpdatePolicy: {},
    }),
    serviceConfig: parse(resourceSchema, {
      // "Defaults to ALLOW_ALL"; "Defaults to 60 seconds"; "256M by default" [functions, ServiceConfig]
      ingressSettings: 'ALLOW_ALL',
      timeoutSeconds: 60,
      availableMemory: '256M',
      serviceAccountEmail: `${project.number}-compute@developer.gserviceaccount.com`,
      ...serviceConfig,
      environmentVariables: {
        ...serviceConfig.environmentVariables,
        ...(refusals.logExecutionId && { LOG_EXECUTION_ID: 'true' }),
      },
      allTrafficOnLatestRevision: true,
      service: serviceOf(name),
    }),
  };
}

/** "The format of this field is projects/{project}/locations/{region}/services/{service}" [functions, ServiceConfig] */
const serviceOf = (name: string): string => name.replace('/functions/', '/services/');

/** Ends a deployment: ACTIVE, or FAILED with the operation's error [functions, State]. The last service keeps serving. */
function finish(resource: Resource, call: Call, name: string, during: 'create' | 'update'): Resource {
  const { cloud } = call;
  const { buildConfig, serviceConfig } = parse(functionSchema, resource);
  try {
    const service = deployService(cloud, serviceOf(name), {
      image: build(call, name, during, buildConfig.serviceAccount),
      cpu: Number(serviceConfig.availableCpu),
      maxInstances: serviceConfig.maxInstanceCount,
    });
    const generation = textIn(service, 'generation').padStart(5, '0');
    const served = {
      ...serviceConfig,
      uri: service['uri'],
      revision: `${shortName(name)}-${generation}-abc`,
    };
    return { ...resource, state: 'ACTIVE', serviceConfig: parse(resourceSchema, served) };
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const stateMessages = [{ severity: 'ERROR', type: 'DeploymentFailed', message: error.message }];
    cloud.store.replace(`cloudfunctions/${name}`, { ...resource, state: 'FAILED', stateMessages });
    throw error;
  }
}

export const functionsRoutes: readonly Route[] = [
  ...routesOf({
    service: 'cloudfunctions',
    version: 'v2',
    name: `${LOCATION}/functions/{function}`,
    operationsIn: LOCATION,
    created: (resource, call, name) =>
      deploying({ ...resource, createTime: call.cloud.timestamp() }, call, name),
    updated: (after, _, call, name) => deploying({ ...after, stateMessages: [] }, call, name),
    finished: finish,
    deleted: (_, { cloud }, name) => {
      const key = `run/${serviceOf(name)}`;
      if (cloud.store.find(key) !== undefined) cloud.store.remove(key);
      cloud.policies.remove(key);
    },
    hasPolicy: true,
  }),
  {
    method: 'GET',
    // "Returns a list of runtimes that are supported" https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.runtimes
    pattern: `v2/${LOCATION}/runtimes`,
    handle: () => ({
      runtimes: [{ name: 'nodejs24', displayName: 'Node.js 24', stage: 'GA', environment: 'GEN_2' }],
    }),
  },
  {
    method: 'POST',
    // "generates a signed URL for uploading function source code" [functions.generateUploadUrl]
    pattern: `v2/${LOCATION}/functions:generateUploadUrl`,
    handle: ({ cloud, ids, url }) => {
      const bucket = `gcf-v2-uploads-${cloud.project.number}-${ids['location'] ?? ''}`;
      const object = `${String(cloud.serial())}.zip`;
      return {
        uploadUrl: `${url}/upload/storage/v1/b/${bucket}/o/${object}?X-Goog-Signature=signed`,
        storageSource: { bucket, object },
      };
    },
  },
];
