import * as z from 'zod';

import { routesOf } from '../kinds.ts';
import { parse, resourceSchema, type Resource } from '../resource.ts';
import { encodeSlash, type Call, type Route } from '../routes.ts';

/**
 * Log-based metrics and exclusions.
 * [metrics] https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.metrics
 * [exclusions] https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.exclusions
 */

const metricSchema = z.object({
  name: z.string(),
  filter: z.string(),
  metricDescriptor: resourceSchema.default({ metricKind: 'DELTA', valueType: 'INT64' }),
});

/** A metric keeps its short name; its descriptor gets name and type [metrics, LogMetric]. */
function described(metric: Resource, call: Call): Resource {
  const { name, metricDescriptor } = parse(metricSchema, { ...metric, name: call.body['name'] });
  const type = `logging.googleapis.com/user/${name}`;
  return {
    ...metric,
    name,
    metricDescriptor: {
      ...metricDescriptor,
      name: `projects/${call.cloud.project.id}/metricDescriptors/${type}`,
      type,
    },
    updateTime: call.cloud.timestamp(),
  };
}

const exclusionSchema = z.object({ name: z.string(), filter: z.string() });

export const loggingRoutes: readonly Route[] = [
  ...routesOf({
    service: 'logging',
    version: 'v2',
    name: 'projects/{project}/metrics/{metric}',
    idOf: ({ body }) => encodeSlash(parse(metricSchema, body).name),
    created: (metric, call) => described({ ...metric, createTime: call.cloud.timestamp() }, call),
    updated: (after, _, call) => described(after, call),
  }),
  // "A client-assigned identifier", without the project [exclusions, LogExclusion].
  ...routesOf({
    service: 'logging',
    version: 'v2',
    name: 'projects/{project}/exclusions/{exclusion}',
    idOf: ({ body }) => parse(exclusionSchema, body).name,
    created: (exclusion, { body }) => ({ ...exclusion, name: parse(exclusionSchema, body).name }),
    updated: (after, before) => ({ ...after, name: parse(exclusionSchema, before).name }),
  }),
];
