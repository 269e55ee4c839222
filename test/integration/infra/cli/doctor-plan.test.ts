/** `calendar-mirror doctor --plan`, as it is run before an apply, against the stand-in for Google Cloud. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { commandLine, type Outcome } from '../../../support/command-line.ts';
import { startGoogleCloud, type GoogleCloud } from '../../../support/google-cloud/index.ts';
import { noRefusals } from '../../../support/google-cloud/refusals.ts';
import { startMetadata } from '../../../support/identity/metadata.ts';
import { planOfFirstApply } from '../../../support/planned-deployment.ts';

let cloud: GoogleCloud;
let metadata: Awaited<ReturnType<typeof startMetadata>>;
let folder: string;
beforeAll(async () => {
  cloud = await startGoogleCloud();
  metadata = await startMetadata();
  folder = await mkdtemp(join(tmpdir(), 'calendar-mirror-plan-'));
  await writeFile(join(folder, 'plan.json'), JSON.stringify(planOfFirstApply()));
});
afterAll(async () => {
  await Promise.all([cloud.close(), metadata.close(), rm(folder, { recursive: true })]);
});
beforeEach(() => {
  Object.assign(cloud.refusals, noRefusals());
});

const doctor = (...args: readonly string[]): Promise<Outcome> =>
  commandLine({
    METADATA_SERVER_DETECTION: 'assume-present',
    GCE_METADATA_HOST: new URL(metadata.url).host,
    CLOUD_API_ROOT_URL: cloud.url,
  }).run('--project', 'demo-project', 'doctor', ...args);

test('a plan that Google accepts is well', async () => {
  cloud.refusals.vcpuQuota = 10;
  const { code, stdout } = await doctor('--plan', join(folder, 'plan.json'));
  expect(code).toBe(0);
  expect(stdout).toMatch(/✓ +max instances +5 of calendar-receive, 10 of calendar-sync, 1 of calendar-renew/);
  expect(stdout).toMatch(/✓ +public access +the organisation allows the grant to allUsers/);
});

test('a small quota and an organisation that forbids allUsers fail, each with what to do', async () => {
  Object.assign(cloud.refusals, { vcpuQuota: 8, allUsersForbidden: true });
  const { code, stdout, stderr } = await doctor('--plan', join(folder, 'plan.json'));
  expect(code).toBe(1);
  expect(stdout).toContain('set its max_instances to 8 or fewer');
  expect(stdout).toContain('set public_access = "check-disabled" in terraform.tfvars');
  expect(stderr).toContain('2 of 2 checks failed');
});

test('what cannot be read does not fail, and says whom to ask', async () => {
  const { url } = cloud;
  const empty = await startGoogleCloud({ project: { id: 'other', number: '1' } });
  cloud = { ...cloud, url: empty.url };
  const { code, stdout } = await doctor('--plan', join(folder, 'plan.json'));
  cloud = { ...cloud, url };
  await empty.close();
  expect(code).toBe(0);
  expect(stdout).toMatch(/\? +max instances +access denied/);
  expect(stdout).toContain('ask an administrator of the organisation');
});

test('a file that is missing or not a plan is invalid usage', async () => {
  expect(await doctor('--plan', join(folder, 'none.json'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('terraform show -json plan'),
  });
  await writeFile(join(folder, 'text'), 'Terraform used the selected providers');
  expect(await doctor('--plan', join(folder, 'text'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--plan is not a plan of Terraform as JSON'),
  });
});
