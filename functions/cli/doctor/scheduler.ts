import * as z from 'zod';

import { notKnown, type CloudApi } from './cloud-api.ts';
import { whereabouts, type Deployed } from './deployment.ts';
import { unknown, well, wrong, type Finding } from './finding.ts';

/** Whether renew is called every minute ("Cloud Scheduler API: jobs.list"). */

const jobSchema = z.object({
  name: z.string(),
  schedule: z.string().default(''),
  state: z.string().default(''),
  httpTarget: z
    .object({ uri: z.string(), oidcToken: z.object({ serviceAccountEmail: z.string() }).optional() })
    .optional(),
  /** Of the last attempt; a code of 0 or none is a good one. */
  status: z.object({ code: z.number().default(0) }).optional(),
  lastAttemptTime: z.string().optional(),
});
const jobsSchema = z.object({ jobs: z.array(jobSchema).default([]) });
export type Job = z.infer<typeof jobSchema>;

const WHAT = 'scheduler';

/** Judges the jobs of renew's region. Pure. */
export function judgeJobs(jobs: readonly Job[], renew: Deployed): Finding {
  const { region } = whereabouts(renew);
  const addresses = [renew.url, renew.serviceConfig.uri].flatMap((url) => (url === undefined ? [] : [url]));
  const job = jobs.find(({ httpTarget }) =>
    addresses.some((url) => httpTarget?.uri.startsWith(url) === true),
  );
  if (job === undefined) {
    return wrong(
      WHAT,
      'nothing calls renew: channels are neither opened nor renewed',
      `gcloud scheduler jobs create http calendar-renew --schedule='* * * * *' --uri=${addresses[0] ?? '$RENEW_URL'} --http-method=POST --oidc-service-account-email=$INVOKER --attempt-deadline=120s --location=${region}`,
    );
  }
  const name = job.name.split('/').at(-1) ?? '';
  const update = `gcloud scheduler jobs update http ${name} --location=${region}`;
  if (job.state !== 'ENABLED') {
    return wrong(
      WHAT,
      `${name} is ${job.state}`,
      `gcloud scheduler jobs resume ${name} --location=${region}`,
    );
  }
  if (job.httpTarget?.oidcToken === undefined) {
    return wrong(WHAT, `${name} calls without an account`, `${update} --oidc-service-account-email=$INVOKER`);
  }
  if (job.schedule !== '* * * * *') {
    return wrong(
      WHAT,
      `${name} calls at ${job.schedule}, not every minute`,
      `${update} --schedule='* * * * *'`,
    );
  }
  const code = job.status?.code ?? 0;
  if (code !== 0) {
    // Its codes are those of gRPC: 7 and 16 are the answers 403 and 401.
    return code === 7 || code === 16
      ? wrong(
          WHAT,
          `renew refuses ${name}`,
          `gcloud functions add-invoker-policy-binding ${whereabouts(renew).name} --region=${region} --member=serviceAccount:${job.httpTarget.oidcToken.serviceAccountEmail}`,
        )
      : wrong(
          WHAT,
          `the last call of ${name} failed (code ${String(code)})`,
          `gcloud functions logs read ${whereabouts(renew).name} --gen2 --region=${region}`,
        );
  }
  return job.lastAttemptTime === undefined
    ? unknown(WHAT, `${name} has not called yet`)
    : well(WHAT, `${name}, every minute`);
}

export async function examineScheduler(
  api: CloudApi,
  renew: Deployed | undefined,
  project: string,
): Promise<readonly Finding[]> {
  // Where renew is not deployed there is nothing to call, and that has been said.
  if (renew === undefined) return [];
  const path = `v1/projects/${project}/locations/${whereabouts(renew).region}/jobs`;
  const looked = await api.look('cloudscheduler', path, jobsSchema);
  if (looked.state === 'unknown') return [notKnown(WHAT, looked)];
  return [judgeJobs(looked.state === 'missing' ? [] : looked.value.jobs, renew)];
}
