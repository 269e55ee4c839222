import * as z from 'zod';

import type { Cloud } from '../cloud.ts';
import { notFound } from '../errors.ts';
import { parse, textIn, type Resource } from '../resource.ts';
import type { Call, Route } from '../routes.ts';

/**
 * Cloud Run's Knative API, which `gcloud run services update` calls on the region's host. It shows the same services.
 * [services] https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services
 */

const SERVICE = 'apis/serving.knative.dev/v1/namespaces/{project}/services/{service}';

/** https://cloud.google.com/run/docs/authenticating/public#invoker_check; gcloud sends `True`. */
const CHECK_DISABLED = 'run.googleapis.com/invoker-iam-disabled';

const serviceSchema = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
});
const containersSchema = z.object({
  template: z.object({ containers: z.array(z.object({ image: z.string() })) }),
});

function find({ cloud, ids }: Call): Resource {
  const services = cloud.store.list(`run/projects/${cloud.project.id}/locations/-/services`);
  const found = services.find((each) => textIn(each, 'name').endsWith(`/services/${ids['service'] ?? ''}`));
  if (found === undefined) throw notFound(ids['service'] ?? '');
  return found;
}

/** The Knative form of a service that is ready [services, Service]. */
function knative(service: Resource, { project }: Cloud): Resource {
  const [, region = '', name = ''] =
    /\/locations\/([^/]+)\/services\/(.+)$/.exec(textIn(service, 'name')) ?? [];
  const generation = Number(textIn(service, 'generation'));
  const revision = `${name}-${String(generation).padStart(5, '0')}-abc`;
  const ready = { type: 'Ready', status: 'True' };
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: project.number,
      generation,
      resourceVersion: textIn(service, 'etag'),
      labels: { 'cloud.googleapis.com/location': region },
      annotations: {
        'run.googleapis.com/ingress': 'all',
        ...(service['invokerIamDisabled'] === true && { [CHECK_DISABLED]: 'true' }),
      },
    },
    spec: {
      template: {
        metadata: { name: revision, annotations: {} },
        spec: { containers: [...parse(containersSchema, service).template.containers] },
      },
      traffic: [{ percent: 100, latestRevision: true }],
    },
    status: {
      observedGeneration: generation,
      conditions: [ready, { ...ready, type: 'ConfigurationsReady' }, { ...ready, type: 'RoutesReady' }],
      latestReadyRevisionName: revision,
      latestCreatedRevisionName: revision,
      url: textIn(service, 'uri'),
      address: { url: textIn(service, 'uri') },
      traffic: [{ revisionName: revision, percent: 100, latestRevision: true }],
    },
  };
}

/** @param deployed returns a service with what the server sets at a deployment. */
export const knativeRoutes = (
  deployed: (service: Resource, cloud: Cloud, name: string) => Resource,
): readonly Route[] => [
  { method: 'GET', pattern: SERVICE, handle: (call) => knative(find(call), call.cloud) },
  {
    method: 'PUT',
    pattern: SERVICE,
    handle: (call) => {
      const { cloud, body } = call;
      const { annotations } = parse(serviceSchema, body).metadata;
      const before = find(call);
      const name = textIn(before, 'name');
      const after = { ...before, invokerIamDisabled: annotations[CHECK_DISABLED]?.toLowerCase() === 'true' };
      cloud.store.replace(`run/${name}`, deployed(after, cloud, name));
      return knative(find(call), cloud);
    },
  },
];
