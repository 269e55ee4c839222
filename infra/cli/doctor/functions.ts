import * as z from 'zod';

import type { CloudApi, LookupResult } from './cloud-api.ts';

/** Finds the three deployed functions. https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions */

const storageSource = z.object({
  bucket: z.string().nullish(),
  object: z.string().nullish(),
  generation: z.string().nullish(),
});

export const functionSchema = z.object({
  name: z.string(),
  environment: z.string().nullish(),
  state: z.string().nullish(),
  url: z.string().nullish(),
  /** Output only: what went wrong in the last deployment. */
  stateMessages: z
    .array(z.object({ severity: z.string().nullish(), message: z.string().nullish() }))
    .default([]),
  buildConfig: z
    .object({
      entryPoint: z.string().nullish(),
      source: z.object({ storageSource: storageSource.nullish() }).nullish(),
      /** Output only: the source that was built. */
      sourceProvenance: z.object({ resolvedStorageSource: storageSource.nullish() }).nullish(),
    })
    .default({}),
  serviceConfig: z
    .object({
      uri: z.string().nullish(),
      service: z.string().nullish(),
      serviceAccountEmail: z.string().nullish(),
      timeoutSeconds: z.number().nullish(),
      availableCpu: z.string().nullish(),
      maxInstanceCount: z.number().nullish(),
      // Responses omit empty maps and lists.
      environmentVariables: z.record(z.string(), z.string()).default({}),
      secretEnvironmentVariables: z
        .array(
          z.object({
            key: z.string(),
            secret: z.string(),
            version: z.string().default('latest'),
            /** Number or id of the secret's project; by default the function's own. */
            projectId: z.string().nullish(),
          }),
        )
        .default([]),
    })
    .default({ environmentVariables: {}, secretEnvironmentVariables: [] }),
});
type CloudFunction = z.infer<typeof functionSchema>;

/** A function with all URLs that serve it, and its newest source. */
export interface Deployed extends CloudFunction {
  readonly urls: readonly string[];
  /** The newest generation of its source in Cloud Storage; undefined if it cannot be read. */
  readonly newestSource?: string | undefined;
}

export const ENTRIES = ['receive', 'sync', 'renew'] as const;
export type Entry = (typeof ENTRIES)[number];

export type Deployment = Readonly<Record<Entry, Deployed | undefined>>;

export const NO_FUNCTIONS: Deployment = { receive: undefined, sync: undefined, renew: undefined };

/** The deployment that the CLI is configured for, by the variables that the functions use as well. */
export interface Ours {
  readonly project: string;
  readonly database: string;
  /** The topic's name. */
  readonly notifications: string;
}

/** Returns a function's short name and region. */
export function locationOf({ name }: CloudFunction): { readonly name: string; readonly region: string } {
  const [, region = '', short = ''] = /\/locations\/([^/]+)\/functions\/([^/]+)$/.exec(name) ?? [];
  return { name: short, region };
}

/** Returns whether `url` is `base` or below it. */
export function isBelow(url: string, base: string): boolean {
  const [at, below] = [URL.parse(url), URL.parse(base)];
  if (at === null || below === null || at.host !== below.host) return false;
  const path = below.pathname.replace(/\/$/, '');
  return at.pathname === path || at.pathname.startsWith(`${path}/`);
}

/** Scores how well a function matches this deployment, because another deployment may have the same entry points. */
function matchScore({ serviceConfig }: CloudFunction, entry: Entry, ours: Ours): number {
  const { environmentVariables: variables } = serviceConfig;
  const { GOOGLE_CLOUD_PROJECT: project } = variables;
  const topic = variables['NOTIFICATIONS_TOPIC'] ?? 'calendar-notifications';
  const database = variables['FIRESTORE_DATABASE'] ?? '(default)';
  return (
    (project === ours.project ? 4 : project === undefined ? 0 : 1) +
    (topic === ours.notifications ? 2 : 0) +
    (entry === 'receive' || database === ours.database ? 1 : 0)
  );
}

/** Finds the functions by entry point, because their names are free. Picks the best match. Pure. */
export function findDeployment(
  functions: readonly CloudFunction[],
  ours: Ours,
): Readonly<Record<Entry, CloudFunction | undefined>> {
  const find = (entry: Entry): CloudFunction | undefined =>
    functions
      .filter(({ environment, buildConfig }) => environment !== 'GEN_1' && buildConfig.entryPoint === entry)
      .toSorted((a, b) => matchScore(b, entry, ours) - matchScore(a, entry, ours))[0];
  return { receive: find('receive'), sync: find('sync'), renew: find('renew') };
}

const functionsSchema = z.object({
  functions: z.array(functionSchema).default([]),
  unreachable: z.array(z.string()).default([]),
});

const serviceSchema = z.object({ urls: z.array(z.string()).default([]) });

const objectSchema = z.object({ generation: z.string().nullish() });

/** Returns the newest generation of a function's source. */
async function newestSourceOf(api: CloudApi, { buildConfig }: CloudFunction): Promise<string | undefined> {
  const { bucket, object } = buildConfig.source?.storageSource ?? {};
  if (!bucket || !object) return undefined;
  const { storage } = await import('googleapis/build/src/apis/storage/index.js');
  const result = await api.get('storage', objectSchema, (options) =>
    storage('v1').objects.get({ bucket, object }, options),
  );
  return result.state === 'found' ? (result.value.generation ?? undefined) : undefined;
}

/** Adds what the function itself does not state. */
async function completed(api: CloudApi, found: CloudFunction | undefined): Promise<Deployed | undefined> {
  if (found === undefined) return undefined;
  const [urls, newestSource] = await Promise.all([urlsOf(api, found), newestSourceOf(api, found)]);
  return { ...found, urls, newestSource };
}

/** Returns all Cloud Run URLs of a function; the function itself lists only one. */
async function urlsOf(api: CloudApi, { url, serviceConfig }: CloudFunction): Promise<readonly string[]> {
  const named = [serviceConfig.uri, url].flatMap((each) => each ?? []);
  const { service: name } = serviceConfig;
  if (!name) return named;
  const { run } = await import('googleapis/build/src/apis/run/index.js');
  const result = await api.get('run', serviceSchema, (options) =>
    run('v2').projects.locations.services.get({ name }, options),
  );
  const others = result.state === 'found' ? result.value.urls : [];
  return [...new Set([...named, ...others])];
}

/** Returns the functions of this deployment, and the regions that did not respond. */
export async function locateFunctions(
  api: CloudApi,
  ours: Ours,
): Promise<LookupResult<{ readonly deployment: Deployment; readonly unreachable: readonly string[] }>> {
  const { cloudfunctions } = await import('googleapis/build/src/apis/cloudfunctions/index.js');
  const { functions } = cloudfunctions('v2').projects.locations;
  const parent = `projects/${ours.project}/locations/-`;
  const result = await api.list('cloudfunctions', functionsSchema, (options, pageToken) =>
    functions.list({ parent, pageSize: 1_000, ...(pageToken && { pageToken }) }, options),
  );
  if (result.state === 'unknown') return result;
  const pages = result.state === 'missing' ? [] : result.value;
  const found = findDeployment(
    pages.flatMap((page) => page.functions),
    ours,
  );
  const [receive, sync, renew] = await Promise.all(ENTRIES.map((entry) => completed(api, found[entry])));
  return {
    state: 'found',
    value: { deployment: { receive, sync, renew }, unreachable: pages.flatMap((page) => page.unreachable) },
  };
}
