import * as z from 'zod';

import type { Cloud } from '../cloud.ts';
import { CloudError } from '../errors.ts';
import { routesOf } from '../kinds.ts';
import { parse, resourceSchema, type Resource } from '../resource.ts';
import { encodeSlash, type Call, type Route } from '../routes.ts';
import { timeSeriesRoutes } from './time-series.ts';

/**
 * Cloud Monitoring: alert policies, notification channels, dashboards.
 * [policies] https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies
 * [channels] https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.notificationChannels
 * [dashboards] https://cloud.google.com/monitoring/api/ref_dashboards/rest/v1/projects.dashboards
 */

const policySchema = z.object({ conditions: z.array(resourceSchema) });

/** A log-based metric reaches Monitoring some time after it was created. The text is that of Monitoring's error. */
function checkMetrics(cloud: Cloud, policy: Resource): void {
  const types = JSON.stringify(policy).matchAll(
    /metric\.type\s*=\s*\\"logging\.googleapis\.com\/user\/([^\\]+)\\"/g,
  );
  for (const [, metric = ''] of types) {
    const key = `logging/projects/${cloud.project.id}/metrics/${encodeSlash(metric)}`;
    const isKnown =
      cloud.store.find(key) !== undefined &&
      cloud.now() - cloud.store.createdAt(key) >= cloud.refusals.metricDelayMs;
    if (isKnown) continue;
    throw new CloudError(
      'NOT_FOUND',
      `Cannot find metric that matches type = "logging.googleapis.com/user/${metric}". If a metric was created recently, it could take up to 10 minutes to become available. Please try again soon.`,
    );
  }
}

/** "When creating a new alerting policy, … conditions … Cloud Monitoring sets name" [policies, Condition]. */
function withConditions(policy: Resource, { cloud }: Call, name: string): Resource {
  checkMetrics(cloud, policy);
  const { conditions } = parse(policySchema, policy);
  return {
    ...policy,
    enabled: policy['enabled'] ?? true,
    conditions: conditions.map((condition) => ({
      ...condition,
      name: condition['name'] ?? `${name}/conditions/${String(cloud.serial())}`,
    })),
    mutationRecord: { mutateTime: cloud.timestamp(), mutatedBy: 'operator@example.com' },
  };
}

/** Ids that the server gives. */
const numberedId = ({ cloud }: Call): string => String(cloud.serial()).padStart(19, '1');

/** [dashboards]: "projects/[PROJECT_ID_OR_NUMBER]/dashboards/[DASHBOARD_ID]", in responses with the number. */
const tagged = (dashboard: Resource, { cloud }: Call, name: string): Resource => ({
  ...dashboard,
  name: name.replace(`projects/${cloud.project.id}/`, `projects/${cloud.project.number}/`),
  etag: cloud.serial().toString(16),
});

export const monitoringRoutes: readonly Route[] = [
  ...timeSeriesRoutes,
  ...routesOf({
    service: 'monitoring',
    version: 'v3',
    name: 'projects/{project}/alertPolicies/{policy}',
    idOf: numberedId,
    created: (policy, call, name) =>
      withConditions(
        {
          ...policy,
          creationRecord: { mutateTime: call.cloud.timestamp(), mutatedBy: 'operator@example.com' },
        },
        call,
        name,
      ),
    updated: (after, _, call, name) => withConditions(after, call, name),
  }),
  ...routesOf({
    service: 'monitoring',
    version: 'v3',
    name: 'projects/{project}/notificationChannels/{channel}',
    idOf: numberedId,
    created: (channel) => ({ ...channel, enabled: channel['enabled'] ?? true }),
  }),
  ...routesOf({
    service: 'monitoring',
    version: 'v1',
    name: 'projects/{project}/dashboards/{dashboard}',
    idOf: numberedId,
    created: tagged,
    updated: (after, _, call, name) => tagged(after, call, name),
  }),
];
