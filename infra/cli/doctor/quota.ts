import * as z from 'zod';

import { lookupFailure, type CloudApi } from './cloud-api.ts';
import { unknown, well, wrong, type Finding } from './finding.ts';
import { ENTRIES, locationOf, type Deployment } from './functions.ts';

/**
 * Checks that each function may have as many instances as it is deployed with, or is to be deployed with. Cloud Run rejects the
 * deployment of a service that could take more vCPUs than the project has in its region.
 * https://cloud.google.com/run/docs/configuring/max-instances-limits
 */

const WHAT = 'max instances';

/** In milli vCPU, per project and region. https://cloud.google.com/run/quotas#cloud_run_limits */
const METRIC = 'run.googleapis.com/cpu_allocation';

/** https://cloud.google.com/service-usage/docs/reference/rest/v1beta1/services.consumerQuotaMetrics */
const metricSchema = z.object({
  metric: z.string().nullish(),
  consumerQuotaLimits: z
    .array(
      z.object({
        unit: z.string().nullish(),
        quotaBuckets: z
          .array(
            z.object({
              /** An int64 as a string. -1 is unlimited. Responses omit 0. */
              effectiveLimit: z.string().nullish(),
              dimensions: z.record(z.string(), z.string()).nullish(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});
export type Quota = z.infer<typeof metricSchema>;

const metricsSchema = z.object({ metrics: z.array(metricSchema).default([]) });

/** Returns the quota of a region in milli vCPU; undefined if there is none. */
function limitOf({ consumerQuotaLimits }: Quota, region: string): number | undefined {
  const buckets = consumerQuotaLimits
    .filter(({ unit }) => unit === '1/{project}/{region}')
    .flatMap(({ quotaBuckets }) => quotaBuckets);
  const own = buckets.find(({ dimensions }) => dimensions?.['region'] === region);
  const found = own ?? buckets.find(({ dimensions }) => Object.keys(dimensions ?? {}).length === 0);
  const limit = found && Number(found.effectiveLimit ?? 0);
  return limit === undefined || limit < 0 ? undefined : limit;
}

/** Returns a number of CPUs, such as `1` or `500m`, in milli vCPU. */
function milliCpus(text: string): number | undefined {
  const [, count, unit] = /^([\d.]+)(m?)$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  return unit === 'm' ? Number(count) : Number(count) * 1_000;
}

const vcpus = (milli: number): string => String(milli / 1_000);

/** A function and the most instances that it may have. */
export interface Scaling {
  readonly name: string;
  readonly region: string;
  /** Undefined or 0 is Google's default. */
  readonly most: number | undefined;
  /** vCPUs of one instance, such as `1` or `500m`. */
  readonly cpu: string | undefined;
}

/** Judges the most instances of one function. */
function judge(
  { name, region, most, cpu: text }: Scaling,
  quota: Quota,
  project: string,
): Finding | undefined {
  const cpu = milliCpus(text ?? '');
  const limit = limitOf(quota, region);
  if (!most || cpu === undefined || limit === undefined || most * cpu <= limit) return undefined;
  return wrong(
    WHAT,
    `${name} may have ${String(most)} instances of ${vcpus(cpu)} vCPU, and ${project} ${vcpus(limit)} vCPU in ${region}: its next deployment is rejected`,
    `set its max_instances to ${String(Math.floor(limit / cpu))} or fewer, or ask for more of "Total CPU allocation" at https://console.cloud.google.com/iam-admin/quotas?service=run.googleapis.com&project=${project}`,
  );
}

/** Judges the most instances of all functions. Pure. */
export function judgeScaling(
  functions: readonly Scaling[],
  quota: Quota,
  project: string,
): readonly Finding[] {
  const problems = functions.flatMap((each) => judge(each, quota, project) ?? []);
  if (problems.length > 0 || functions.length === 0) return problems;
  const counts = functions.map(({ name, most }) => `${String(most ?? 'any number')} of ${name}`);
  return [well(WHAT, counts.join(', '))];
}

/** Returns the most instances of deployed functions. Pure. */
export const scalingOf = (deployment: Deployment): readonly Scaling[] =>
  ENTRIES.flatMap((entry) => deployment[entry] ?? []).map((found) => ({
    ...locationOf(found),
    most: found.serviceConfig.maxInstanceCount ?? undefined,
    cpu: found.serviceConfig.availableCpu ?? undefined,
  }));

/** Checks the most instances of the functions against the quota. */
export async function examineQuota(
  api: CloudApi,
  functions: readonly Scaling[],
  project: string,
): Promise<readonly Finding[]> {
  const { serviceusage } = await import('googleapis/build/src/apis/serviceusage/index.js');
  const parent = `projects/${project}/services/run.googleapis.com`;
  // The name of one metric contains a slash that Google's client encodes twice.
  const result = await api.list('serviceusage', metricsSchema, (options, pageToken) =>
    serviceusage('v1beta1').services.consumerQuotaMetrics.list(
      { parent, ...(pageToken && { pageToken }) },
      options,
    ),
  );
  if (result.state === 'unknown') return [lookupFailure(WHAT, result)];
  const pages = result.state === 'missing' ? [] : result.value;
  const quota = pages.flatMap(({ metrics }) => metrics).find(({ metric }) => metric === METRIC);
  return quota === undefined
    ? [unknown(WHAT, 'Cloud Run has no quota of CPUs here')]
    : judgeScaling(functions, quota, project);
}
