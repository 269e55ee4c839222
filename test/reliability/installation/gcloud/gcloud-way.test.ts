/** The gcloud way, typed command by command against the stand-in for Google Cloud, is what `doctor` expects. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCloudApi } from '../../../../infra/cli/doctor/cloud-api.ts';
import { examineDatabase, judgeChoice } from '../../../../infra/cli/doctor/database.ts';
import { examineDeployment } from '../../../../infra/cli/doctor/deployment.ts';
import type { Finding } from '../../../../infra/cli/doctor/finding.ts';
import { examineQuota, scalingOf } from '../../../../infra/cli/doctor/quota.ts';
import { examineScheduler } from '../../../../infra/cli/doctor/scheduler.ts';
import { examineServices } from '../../../../infra/cli/doctor/services.ts';
import { startGcloudBench, type GcloudBench } from '../../../support/gcloud/stand-in.ts';
import { commandsOf, shellIn } from '../../../support/shell.ts';

const PROJECT = 'my-project';
const DATABASE = 'calendar-mirror';

/** Commands that change the machine, need a person, or call an endpoint whose host cannot be replaced. */
const LEFT_OUT =
  /^(?:npm|npx|gcloud auth login|gcloud config set|gcloud logging sinks update|gcloud run services update) /;

const script = commandsOf(shellIn('infra/gcloud.md', '## Installing')).filter((line) => !LEFT_OUT.test(line));

let bench: GcloudBench;
beforeAll(async () => {
  bench = await startGcloudBench(PROJECT);
  for (const line of script) await bench.run(line);
  // Some 75 commands, each of which takes gcloud a second, and several on a machine that is busy.
}, 1_800_000);
afterAll(() => bench[Symbol.asyncDispose]());

/** Returns the findings of `doctor` that are not well. */
async function notWell(): Promise<readonly Finding[]> {
  const api = createCloudApi(bench.cloud.url, PROJECT, () => Promise.resolve('made-up'));
  const ours = { project: PROJECT, database: DATABASE, notifications: 'calendar-notifications' };
  const { deployment, findings } = await examineDeployment(api, ours);
  const all = [
    ...(await examineServices(api, PROJECT, 'delegation')),
    ...judgeChoice(DATABASE, deployment),
    ...(await examineDatabase(api, ours)),
    ...findings,
    ...(await examineQuota(api, scalingOf(deployment), PROJECT)),
    ...(await examineScheduler(api, deployment.renew, PROJECT)),
  ];
  return all.filter(({ verdict }) => verdict !== 'well');
}

/** The stand-in runs no jobs. */
const NOT_RUN = { what: 'scheduler', verdict: 'unknown', says: 'calendar-renew has not run yet' };

test('every command succeeds, and doctor finds no problem', async () => {
  expect(script.length).toBeGreaterThan(70);
  expect(bench.cloud.requests.filter((request) => / (?:400|403|409|5\d\d)$/.test(request))).toEqual([]);
  expect(await notWell()).toEqual([NOT_RUN]);
});

test('a failed update is reported with its message, and is well after the next deployment', async () => {
  const deploy =
    'gcloud functions deploy calendar-sync --gen2 --region=$REGION --source=dist/sync --build-service-account=$BUILDER --update-env-vars=A=b';
  bench.cloud.refusals.failsBuild = (name, during) => name === 'calendar-sync' && during === 'update';
  await expect(bench.run(deploy)).rejects.toThrow('Build failed');
  expect(await notWell()).toEqual([
    expect.objectContaining({
      what: 'sync',
      verdict: 'wrong',
      says: expect.stringContaining('Build failed'),
    }),
    NOT_RUN,
  ]);
  bench.cloud.refusals.failsBuild = () => false;
  await bench.run(deploy);
  expect(await notWell()).toEqual([NOT_RUN]);
}, 300_000);

test('fewer vCPUs than the functions may use are reported', async () => {
  bench.cloud.refusals.vcpuQuota = 5;
  expect(await notWell()).toEqual([
    expect.objectContaining({
      what: 'max instances',
      fix: expect.stringMatching(/^set its max_instances to 5 /),
    }),
    NOT_RUN,
  ]);
  bench.cloud.refusals.vcpuQuota = Infinity;
});
