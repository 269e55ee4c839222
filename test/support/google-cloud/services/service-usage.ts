import * as z from 'zod';

import type { Cloud } from '../cloud.ts';
import { parse, type Resource } from '../resource.ts';
import type { Call, Route } from '../routes.ts';

/** Service Usage. https://cloud.google.com/service-usage/docs/reference/rest/v1/services */

/** APIs that a new project has. https://cloud.google.com/service-usage/docs/enabled-service#default */
const INITIALLY = ['bigquery', 'cloudresourcemanager', 'logging', 'monitoring', 'serviceusage', 'storage'];

const isInitial = (host: string): boolean => INITIALLY.some((name) => host === `${name}.googleapis.com`);

const isEnabled = ({ store }: Cloud, host: string): boolean =>
  isInitial(host)
    ? store.find(`disabled/${host}`) === undefined
    : store.find(`enabled/${host}`) !== undefined;

/** Whether the API responds, which it does some time after it was enabled. */
export function isUsable(cloud: Cloud, service: string): boolean {
  const host = `${service}.googleapis.com`;
  if (isInitial(host) || !isEnabled(cloud, host)) return isEnabled(cloud, host);
  return cloud.now() - cloud.store.createdAt(`enabled/${host}`) >= cloud.refusals.apiDelayMs;
}

function setEnabled({ store }: Cloud, host: string, on: boolean): void {
  const [mark, marks] = isInitial(host) ? [`disabled/${host}`, !on] : [`enabled/${host}`, on];
  if (marks === (store.find(mark) !== undefined)) return;
  if (marks) store.insert(mark, {});
  else store.remove(mark);
}

/** [services, Service]: "A valid name would be: projects/123/services/serviceusage.googleapis.com" */
const shown = (cloud: Cloud, host: string): Resource => ({
  name: `projects/${cloud.project.number}/services/${host}`,
  parent: `projects/${cloud.project.number}`,
  config: { name: host },
  state: isEnabled(cloud, host) ? 'ENABLED' : 'DISABLED',
});

const enabledHosts = (cloud: Cloud): readonly string[] =>
  [
    ...INITIALLY.map((name) => `${name}.googleapis.com`),
    ...cloud.store
      .keys()
      .flatMap((key) => (key.startsWith('enabled/') ? [key.slice('enabled/'.length)] : [])),
  ].filter((host) => isEnabled(cloud, host));

const change =
  (on: boolean) =>
  ({ cloud, ids }: Call): Resource =>
    cloud.operations.start('serviceusage', '', () => {
      const host = ids['service'] ?? '';
      setEnabled(cloud, host, on);
      return { service: shown(cloud, host) };
    });

const batchSchema = z.object({ serviceIds: z.array(z.string()).min(1).max(20) });

/** Creates a service's agent unless it is there. https://cloud.google.com/iam/docs/service-agents */
export function createAgent({ store }: Cloud, agent: string): void {
  if (store.find(`agents/${agent}`) === undefined) store.insert(`agents/${agent}`, {});
}

/**
 * https://cloud.google.com/service-usage/docs/reference/rest/v1beta1/services/generateServiceIdentity: an operation that is done at once,
 * as `gcloud beta services identity create` reads its response without waiting.
 */
function generateIdentity({ cloud, ids }: Call): Resource {
  const agent = (ids['service'] ?? '').split('.')[0] ?? '';
  createAgent(cloud, agent);
  const email = `service-${cloud.project.number}@gcp-sa-${agent}.iam.gserviceaccount.com`;
  const response = { email, uniqueId: String(cloud.serial()).padStart(21, '1') };
  return { name: `operations/finished.${String(cloud.serial())}`, done: true, response };
}

/**
 * The vCPUs of each region, in thousandths; -1 is unlimited.
 * https://cloud.google.com/service-usage/docs/reference/rest/v1beta1/services.consumerQuotaMetrics
 */
function quotaMetrics({ cloud: { refusals } }: Call): Resource {
  const limit = Number.isFinite(refusals.vcpuQuota) ? refusals.vcpuQuota * 1000 : -1;
  const quotaBuckets = [{ effectiveLimit: String(limit), defaultLimit: String(limit) }];
  const consumerQuotaLimits = [{ unit: '1/{project}/{region}', quotaBuckets }];
  return { metrics: [{ metric: 'run.googleapis.com/cpu_allocation', consumerQuotaLimits }] };
}

const SERVICES = 'projects/{project}/services';

export const serviceUsageRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: `v1/${SERVICES}`,
    handle: ({ cloud }) => ({ services: enabledHosts(cloud).map((host) => shown(cloud, host)) }),
  },
  {
    method: 'GET',
    pattern: `v1/${SERVICES}:batchGet`,
    handle: ({ cloud, query }) => ({
      services: query.getAll('names').map((name) => shown(cloud, name.split('/').at(-1) ?? '')),
    }),
  },
  {
    method: 'GET',
    pattern: `v1/${SERVICES}/{service}`,
    handle: ({ cloud, ids }) => shown(cloud, ids['service'] ?? ''),
  },
  {
    method: 'POST',
    pattern: `v1/${SERVICES}:batchEnable`,
    handle: ({ cloud, body }) => {
      const { serviceIds } = parse(batchSchema, body);
      return cloud.operations.start('serviceusage', '', () => {
        for (const host of serviceIds) setEnabled(cloud, host, true);
        return { services: serviceIds.map((host) => shown(cloud, host)) };
      });
    },
  },
  { method: 'GET', pattern: `v1beta1/${SERVICES}/{service}/consumerQuotaMetrics`, handle: quotaMetrics },
  { method: 'POST', pattern: `v1/${SERVICES}/{service}:enable`, handle: change(true) },
  { method: 'POST', pattern: `v1/${SERVICES}/{service}:disable`, handle: change(false) },
  {
    method: 'POST',
    pattern: `v1beta1/${SERVICES}/{service}:generateServiceIdentity`,
    handle: generateIdentity,
  },
];
