import * as z from 'zod';

import { routesOf } from '../kinds.ts';
import { parse, type Resource } from '../resource.ts';
import { fill, type Call, type Route } from '../routes.ts';

/** Cloud Scheduler. [jobs] https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs */

const JOB = 'projects/{project}/locations/{location}/jobs/{job}';

const jobSchema = z.object({
  name: z.string(),
  httpTarget: z.looseObject({ uri: z.url() }),
});

/** "Cloud Scheduler will encode some characters for safety and compatibility" [jobs, HttpTarget]: a bare host gets its slash. */
function withTarget(job: Resource, { cloud }: Call): Resource {
  const { httpTarget } = parse(jobSchema, job);
  return {
    ...job,
    httpTarget: parse(z.record(z.string(), z.json()), { ...httpTarget, uri: new URL(httpTarget.uri).href }),
    userUpdateTime: cloud.timestamp(),
  };
}

const setState =
  (state: 'ENABLED' | 'PAUSED') =>
  ({ cloud, ids }: Call): Resource => {
    const key = `cloudscheduler/${fill(JOB, ids)}`;
    cloud.store.replace(key, { ...cloud.store.get(key), state });
    return cloud.store.get(key);
  };

export const schedulerRoutes: readonly Route[] = [
  ...routesOf({
    service: 'cloudscheduler',
    version: 'v1',
    name: JOB,
    // "Optionally caller-specified in jobs.create" [jobs, name]
    idOf: ({ body }) => parse(jobSchema, body).name.split('/').at(-1),
    created: (job, call) => withTarget({ ...job, state: 'ENABLED' }, call),
    updated: (after, _, call) => withTarget(after, call),
  }),
  { method: 'POST', pattern: `v1/${JOB}:pause`, handle: setState('PAUSED') },
  { method: 'POST', pattern: `v1/${JOB}:resume`, handle: setState('ENABLED') },
];
