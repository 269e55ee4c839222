import * as z from 'zod';

import type { Cloud } from '../cloud.ts';
import { CloudError } from '../errors.ts';
import { routesOf } from '../kinds.ts';
import { policyRoutes } from '../policies.ts';
import { parse, textIn, type Resource } from '../resource.ts';
import type { Route } from '../routes.ts';
import { knativeRoutes } from './run-knative.ts';

/** Cloud Run. [services] https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services */

const placeSchema = z
  .string()
  .transform((name) => /\/locations\/(?<region>[^/]+)\/services\/(?<id>[^/]+)$/.exec(name)?.groups)
  .pipe(z.object({ region: z.string(), id: z.string() }));

/** Both URLs of a service: "All URLs serving traffic for this Service" [services, urls]. */
function urlsOf({ project }: Cloud, name: string): readonly [hashed: string, numbered: string] {
  const { region, id } = parse(placeSchema, name);
  const short = region.replace(/^(\w)\w*-(\w)\w*?(\d*)$/, '$1$2');
  return [`https://${id}-abcdefghij-${short}.a.run.app`, `https://${id}-${project.number}.${region}.run.app`];
}

const deployed = (service: Resource, cloud: Cloud, name: string): Resource => {
  const [uri, numbered] = urlsOf(cloud, name);
  return {
    ...service,
    name,
    // "this is an int64 value … its JSON representation will be a string" [services, generation]
    generation: String(Number(textIn(service, 'generation')) + 1),
    uri,
    urls: [numbered, uri],
    ingress: service['ingress'] ?? 'INGRESS_TRAFFIC_ALL',
    terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
    updateTime: cloud.timestamp(),
    etag: `"${cloud.serial().toString(16)}"`,
  };
};

/**
 * Deploys a revision of a function's service.
 * @throws CloudError if its instances need more vCPUs than the region has.
 * https://cloud.google.com/run/docs/configuring/max-instances-limits
 */
export function deployService(
  cloud: Cloud,
  name: string,
  {
    image,
    cpu,
    maxInstances,
  }: { readonly image: string; readonly cpu: number; readonly maxInstances: number },
): Resource {
  const { store, refusals } = cloud;
  const most = Math.floor(refusals.vcpuQuota / cpu);
  if (maxInstances > most) {
    throw new CloudError(
      'INVALID_ARGUMENT',
      `Could not create or update Cloud Run service ${parse(placeSchema, name).id}, spec.template.spec.containers[0].resources.limits.cpu: Max instances must be set to ${String(most)} or fewer in order to set the requested total CPU. Learn more about your quota at https://cloud.google.com/run/docs/configuring/max-instances-limits`,
    );
  }
  const key = `run/${name}`;
  const before = store.find(key);
  const { invokerIamDisabled, ...kept } = before ?? { createTime: cloud.timestamp() };
  const service = {
    ...kept,
    ...(invokerIamDisabled !== undefined && !refusals.deploymentChecksInvoker && { invokerIamDisabled }),
    template: { containers: [{ image }], scaling: { maxInstanceCount: maxInstances } },
  };
  if (before === undefined) store.insert(key, deployed(service, cloud, name));
  else store.replace(key, deployed(service, cloud, name));
  return store.get(key);
}

const SERVICE = 'projects/{project}/locations/{location}/services/{service}';

export const runRoutes: readonly Route[] = [
  ...routesOf({
    service: 'run',
    version: 'v2',
    name: SERVICE,
    operationsIn: 'projects/{project}/locations/{location}',
    created: (service, { cloud }, name) =>
      deployed({ ...service, createTime: cloud.timestamp() }, cloud, name),
    updated: (after, _, { cloud }, name) => deployed(after, cloud, name),
    hasPolicy: true,
  }),
  // gcloud's version. https://cloud.google.com/run/docs/reference/rest/v1/projects.locations.services
  ...policyRoutes('run', 'v1', SERVICE),
  ...knativeRoutes(deployed),
];
