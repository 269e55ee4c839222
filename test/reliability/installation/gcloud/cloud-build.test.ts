/** `cloudbuild.yaml`, submitted by gcloud to the stand-in for Google Cloud, and the scripts of its steps that need no build. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../../../infra/emulator/wire/wire.ts';
import { runStep, submittedBuild, type Build } from '../../../support/gcloud/build.ts';
import { startGcloudBench, type GcloudBench } from '../../../support/gcloud/stand-in.ts';
import { commandsOf, shellIn } from '../../../support/shell.ts';

const PROJECT = 'my-project';
const CONFIG = fileURLToPath(new URL('../../../../cloudbuild.yaml', import.meta.url));

const documented = commandsOf(shellIn('infra/terraform/README.md', '## Cloud Build'));
const commandWith = (part: string): string => documented.find((line) => line.includes(part)) ?? '';

let bench: GcloudBench;
let build: Build;
let workspace: string;
beforeAll(async () => {
  bench = await startGcloudBench(PROJECT);
  workspace = await mkdtemp(join(tmpdir(), 'cloud-build-'));
  await mkdir(join(workspace, 'infra/terraform/example'), { recursive: true });
  await bench.run(`PROJECT=${PROJECT}`);
  await bench.run('gcloud services enable cloudbuild.googleapis.com');
  await bench.run('gcloud storage buckets create gs://$PROJECT-terraform --location=europe-west1');
  await bench.run(`${commandWith('builds submit')} --async --no-source --config=${CONFIG}`);
  build = submittedBuild(bench.cloud);
}, 300_000);
afterAll(async () => {
  await rm(workspace, { recursive: true });
  await bench[Symbol.asyncDispose]();
});

const run = (id: string, of = build) => runStep(of, id, { workspace, env: bench.env });

test('gcloud and Cloud Build accept it with the documented command', () => {
  expect(build.substitutions).toMatchObject({ _STATE_BUCKET: 'my-project-terraform', _CACHE_BUCKET: '' });
  expect(build.steps.map(({ id }) => id)).toEqual([
    'choices',
    'cached',
    'install',
    'check',
    'build',
    'test',
    'cache',
    'terraform',
    'plan',
    'check-plan',
    'apply',
    'smoke-test',
  ]);
});

test('nothing is deployed before the tests have passed', () => {
  const waitingFor = (id: string): readonly string[] => {
    const { waitFor = [] } = build.steps.find((step) => step.id === id) ?? {};
    return waitFor.flatMap((other) => [other, ...waitingFor(other)]);
  };
  expect(waitingFor('apply')).toEqual(
    expect.arrayContaining(['check-plan', 'plan', 'choices', 'terraform', 'test', 'check', 'build']),
  );
});

describe('the choices', { timeout: 120_000 }, () => {
  const example = 'infra/terraform/example';
  const files = { 'terraform.tfvars': 'region = "europe-west1"\n', '.terraform.lock.hcl': '# versions\n' };

  test.each(Object.keys(files))('are refused without %s, with where they are expected', async (name) => {
    for (const other of Object.keys(files).filter((each) => each !== name)) {
      await writeFile(join(bench.folder, 'file'), 'x');
      await bench.run(`gcloud storage cp file gs://${PROJECT}-terraform/calendar-mirror/${other}`);
    }
    const { code, text } = await run('choices');
    expect(code).toBe(1);
    expect(text).toContain(
      `${name} is not in gs://my-project-terraform/calendar-mirror/. See infra/terraform/`,
    );
    for (const other of Object.keys(files).filter((each) => each !== name))
      await bench.run(`gcloud storage rm gs://${PROJECT}-terraform/calendar-mirror/${other}`);
  });

  test('and the versions of the providers come from where the documented command puts them', async () => {
    await mkdir(join(bench.folder, example), { recursive: true });
    for (const [name, content] of Object.entries(files))
      await writeFile(join(bench.folder, example, name), content);
    await bench.run(commandWith('storage cp'));
    expect(await run('choices')).toMatchObject({ code: 0 });
    for (const [name, content] of Object.entries(files))
      expect(await readFile(join(workspace, example, name), 'utf8')).toBe(content);
  });
});

test.each(['choices', 'plan', 'check-plan', 'apply', 'smoke-test'])(
  'without a bucket for the state, the step %s does nothing',
  async (id) => {
    const before = bench.cloud.requests.length;
    const without = { ...build, substitutions: { ...build.substitutions, _STATE_BUCKET: '' } };
    expect(await run(id, without)).toEqual({ code: 0, text: '' });
    expect(bench.cloud.requests).toHaveLength(before);
  },
);

test.each([
  ['accepts receive', { POST: 400, GET: 405 }, 0],
  ['rejects a function that is not public', { POST: 403, GET: 403 }, 1],
])('the smoke test %s', async (_, statuses: Readonly<Record<string, number>>, code) => {
  const server = createServer(({ method = '' }, response) => {
    response.writeHead(statuses[method] ?? 500).end();
  });
  const url = await listen(server, 0);
  await writeFile(join(workspace, 'deployed.json'), JSON.stringify({ receive_url: url }));
  expect((await run('smoke-test')).code).toBe(code);
  await rm(join(workspace, 'deployed.json'));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
