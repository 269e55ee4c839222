import * as z from 'zod';

import { lookupFailure, type CloudApi, type LookupResult } from './cloud-api.ts';
import { unknown, well, wrong, type Finding } from './finding.ts';
import { isBelow, locationOf, type Deployed } from './functions.ts';

/** Checks that Cloud Scheduler calls renew every minute. https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs */

const jobSchema = z.object({
  name: z.string(),
  schedule: z.string().nullish(),
  state: z.string().nullish(),
  httpTarget: z
    .object({
      uri: z.string(),
      oidcToken: z.object({ serviceAccountEmail: z.string().nullish() }).nullish(),
    })
    .nullish(),
  /** The status of the last attempt. Responses omit the code 0, which means success. */
  status: z.object({ code: z.number().nullish() }).nullish(),
  lastAttemptTime: z.string().nullish(),
});
const jobsSchema = z.object({ jobs: z.array(jobSchema).default([]) });
export type Job = z.infer<typeof jobSchema>;

const WHAT = 'scheduler';

/** Every minute, in each supported syntax. https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules */
const EVERY_MINUTE = /^(?:\*(?:\/1)?(?: +\*){4}|every +(?:1 +)?min(?:ute)?s?)$/i;

/** Status codes that stand for HTTP 403 and 401. https://grpc.io/docs/guides/status-codes */
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** Returns the job that calls renew, preferably an enabled one. */
function jobOf(jobs: readonly Job[], renew: Deployed): Job | undefined {
  const calling = jobs.filter(({ httpTarget }) =>
    renew.urls.some((url) => httpTarget && isBelow(httpTarget.uri, url)),
  );
  return calling.find(({ state }) => state === 'ENABLED') ?? calling[0];
}

/** Returns a job's short name and place. Its region may differ from that of renew. */
function placeOf({ name }: Job): Readonly<Record<'name' | 'region' | 'project', string>> {
  const [, project = '', region = '', short = ''] =
    /^projects\/([^/]+)\/locations\/([^/]+)\/jobs\/([^/]+)$/.exec(name) ?? [];
  return { name: short, region, project };
}

/** The account that Terraform and the gcloud commands give the job. */
const usualAccount = (project: string): string => `calendar-scheduler@${project}.iam.gserviceaccount.com`;

/** Judges the jobs of a project. Pure. */
export function judgeJobs(jobs: readonly Job[], renew: Deployed, project: string): Finding {
  const { name: renewName, region } = locationOf(renew);
  const of = `--region=${region} --project=${project}`;
  const job = jobOf(jobs, renew);
  if (job === undefined) {
    const url = renew.urls[0] ?? '$RENEW_URL';
    return wrong(
      WHAT,
      'no job calls renew: channels are neither opened nor renewed',
      `gcloud scheduler jobs create http calendar-renew --schedule='* * * * *' --uri=${url} --http-method=POST --oidc-service-account-email=${usualAccount(project)} --oidc-token-audience=${url} --attempt-deadline=120s --max-retry-attempts=3 --location=${region} --project=${project}`,
    );
  }
  const { name, ...place } = placeOf(job);
  const at = `--location=${place.region} --project=${place.project}`;
  const update = `gcloud scheduler jobs update http ${name} ${at}`;
  if (job.state === 'PAUSED') {
    return wrong(WHAT, `${name} is PAUSED`, `gcloud scheduler jobs resume ${name} ${at}`);
  }
  if (job.state !== 'ENABLED') {
    // Only a successful update leaves these states.
    const says = `${name} is ${job.state ?? 'in an unknown state'}`;
    return wrong(WHAT, says, `${update} --schedule='* * * * *'`);
  }
  const account = job.httpTarget?.oidcToken?.serviceAccountEmail;
  if (!account) {
    const url = renew.urls[0] ?? '$RENEW_URL';
    return wrong(
      WHAT,
      `${name} calls renew without a service account`,
      `${update} --oidc-service-account-email=${usualAccount(project)} --oidc-token-audience=${url}`,
    );
  }
  if (!EVERY_MINUTE.test(job.schedule?.trim() ?? '')) {
    const says = `the schedule of ${name} is ${job.schedule ?? 'missing'}, not every minute`;
    return wrong(WHAT, says, `${update} --schedule='* * * * *'`);
  }
  const code = job.status?.code ?? 0;
  if (code === PERMISSION_DENIED || code === UNAUTHENTICATED) {
    return wrong(
      WHAT,
      `renew rejects the calls of ${name}`,
      `gcloud functions add-invoker-policy-binding ${renewName} ${of} --member=serviceAccount:${account}`,
    );
  }
  if (code !== 0) {
    return wrong(
      WHAT,
      `the last call of ${name} failed (code ${String(code)})`,
      `gcloud functions logs read ${renewName} --gen2 ${of}`,
    );
  }
  return job.lastAttemptTime ? well(WHAT, `${name}, every minute`) : unknown(WHAT, `${name} has not run yet`);
}

async function jobsIn(api: CloudApi, project: string, region: string): Promise<LookupResult<readonly Job[]>> {
  const { cloudscheduler } = await import('googleapis/build/src/apis/cloudscheduler/index.js');
  const parent = `projects/${project}/locations/${region}`;
  const result = await api.list('cloudscheduler', jobsSchema, (options, pageToken) =>
    cloudscheduler('v1').projects.locations.jobs.list({ parent, ...(pageToken && { pageToken }) }, options),
  );
  return result.state === 'found'
    ? { state: 'found', value: result.value.flatMap(({ jobs }) => jobs) }
    : result;
}

const locationsSchema = z.object({ locations: z.array(z.object({ locationId: z.string() })).default([]) });

/** Returns the jobs of all other regions. Not every region offers Cloud Scheduler, and each list call covers one region. */
async function jobsElsewhere(api: CloudApi, project: string, region: string): Promise<readonly Job[]> {
  const { cloudscheduler } = await import('googleapis/build/src/apis/cloudscheduler/index.js');
  const result = await api.list('cloudscheduler', locationsSchema, (options, pageToken) =>
    cloudscheduler('v1').projects.locations.list(
      { name: `projects/${project}`, ...(pageToken && { pageToken }) },
      options,
    ),
  );
  if (result.state !== 'found') return [];
  const regions = result.value.flatMap(({ locations }) => locations.map(({ locationId }) => locationId));
  const others = await Promise.all(
    regions.filter((each) => each !== region).map((each) => jobsIn(api, project, each)),
  );
  return others.flatMap((each) => (each.state === 'found' ? each.value : []));
}

export async function examineScheduler(
  api: CloudApi,
  renew: Deployed | undefined,
  project: string,
): Promise<readonly Finding[]> {
  // The check of the functions already reports a missing renew.
  if (renew === undefined) return [];
  const { region } = locationOf(renew);
  const result = await jobsIn(api, project, region);
  if (result.state === 'unknown') return [lookupFailure(WHAT, result)];
  const here = result.state === 'missing' ? [] : result.value;
  const jobs = jobOf(here, renew) === undefined ? await jobsElsewhere(api, project, region) : [];
  return [judgeJobs([...here, ...jobs], renew, project)];
}
