/** The steps of `cloudbuild.yaml` that deploy, with Google's real provider against the stand-in for Google Cloud. */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { runStep, submittedBuild } from '../../../support/gcloud/build.ts';
import { startMetadata } from '../../../support/identity/metadata.ts';
import { commandsOf, shellIn } from '../../../support/shell.ts';
import { inProject } from '../../../support/terraform/apply.ts';
import { whyNot } from '../../../support/terraform/terraform.ts';

/** Why the tests are left out, for their title. */
const missing = whyNot();

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const EXAMPLE = 'infra/terraform/example';

const documented = commandsOf(shellIn('infra/terraform/README.md', '## Cloud Build')).slice(1);

const isSource = (path: string): boolean => !/\.terraform|tfvars|tfstate/.test(path);

describe.skipIf(missing !== '')(`Cloud Build${missing}`, () => {
  test('deploys a checkout with the choices of the state bucket', { timeout: 600_000 }, () =>
    inProject({ pause: '0s', stateIn: 'bucket' }, async (deployment, cloud) => {
      const metadata = await startMetadata();
      const env = {
        ...deployment.env,
        PROJECT: cloud.project.id,
        METADATA_SERVER_DETECTION: 'assume-present',
        GCE_METADATA_HOST: new URL(metadata.url).host,
        CLOUD_API_ROOT_URL: cloud.url,
        HOME: '/nonexistent',
      };
      const typed = (line: string) =>
        promisify(execFile)('bash', ['-euc', line], { cwd: deployment.root, env });

      // On the machine of a person: choices and lock file, but no apply.
      const choices = `project_id = "${cloud.project.id}"\nregion = "europe-west1"\nlabels = { team = "calendars" }\n`;
      await writeFile(join(deployment.root, EXAMPLE, 'terraform.tfvars'), choices);
      for (const line of documented)
        await typed(
          line.replace('builds submit', `builds submit --async --no-source --config=${ROOT}cloudbuild.yaml`),
        );

      // What Cloud Build has: the sources and what the step build makes.
      const workspace = join(deployment.root, 'workspace');
      await mkdir(workspace);
      for (const folder of ['infra', 'functions'])
        await cp(join(deployment.root, folder), join(workspace, folder), {
          recursive: true,
          filter: isSource,
        });
      await mkdir(join(workspace, 'dist/cli'), { recursive: true });
      await writeFile(join(workspace, 'dist/cli/index.js'), `import('file://${ROOT}infra/cli/index.ts');\n`);

      const build = submittedBuild(cloud);
      const run = (id: string) => runStep(build, id, { workspace, env });
      for (const id of ['choices', 'terraform', 'plan'])
        expect([id, await run(id)]).toMatchObject([id, { code: 0 }]);

      cloud.refusals.vcpuQuota = 4;
      const refused = await run('check-plan');
      expect(refused).toMatchObject({
        code: 1,
        text: expect.stringContaining('max_instances to 4 or fewer'),
      });
      expect(cloud.requests.filter((request) => /^POST .*serviceAccounts/.test(request))).toEqual([]);
      cloud.refusals.vcpuQuota = 10;
      for (const id of ['check-plan', 'apply']) expect([id, await run(id)]).toMatchObject([id, { code: 0 }]);

      const topic = cloud.cloud.store.get(`pubsub/projects/${cloud.project.id}/topics/calendar-changes`);
      expect(topic['labels']).toMatchObject({ team: 'calendars' });
      // The person's next plan knows the same state.
      await rm(join(deployment.root, EXAMPLE, 'terraform.tfvars.json'));
      expect(await deployment.planned()).toEqual([]);
      await metadata.close();
    }),
  );
});
