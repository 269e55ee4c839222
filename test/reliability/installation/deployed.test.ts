/**
 * Rehearses the deployment: installs each folder that Terraform uploads as Google's builder does, and starts it with the environment that
 * Terraform sets. Only the addresses are those of the emulators. Then the steps of the demo must pass.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import type { CloudOptions } from '../../../infra/local/cloud.ts';
import { deleteEvents, editEvents, insertEvents } from '../../../infra/local/demo/edits.ts';
import { initialSync } from '../../../infra/local/demo/initial-sync.ts';
import { setStage, type Stage } from '../../../infra/local/demo/stage.ts';
import { burst, forgeNotifications } from '../../../infra/local/demo/disruptions.ts';
import { startScheduler } from '../../../infra/local/scheduler.ts';
import { verify } from '../../../infra/local/verify.ts';
import { eventually } from '../../support/eventually.ts';
import { readConfiguration } from '../../support/terraform/configuration.ts';
import { functionsOf, ofType, wordOf, type Deployed } from '../../support/terraform/deployed.ts';
import { install } from '../../support/terraform/installed.ts';
import { MODULE, PLAIN } from '../../support/terraform/module.ts';
import { planOf, type Plan } from '../../support/terraform/plan.ts';

const PROJECT = `demo-${randomBytes(4).toString('hex')}`;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const source = z.object({ source_dir: z.string() });
const built = z.object({
  build_config: z.tuple([
    z.object({
      source: z.tuple([z.object({ storage_source: z.tuple([z.object({ object: z.string() })]) })]),
    }),
  ]),
});

/** Returns the folder whose archive a function is built from. */
function sourceOf(plan: Plan, { entryPoint }: Deployed): string {
  const deployed = ofType(plan, 'google_cloudfunctions2_function').find(
    ({ values }) => values['name'] === `calendar-${entryPoint}`,
  );
  const [
    {
      source: [
        {
          storage_source: [{ object }],
        },
      ],
    },
  ] = built.parse(deployed?.values).build_config;
  const archive = plan.resources.find(
    ({ type, address }) => type === 'archive_file' && object.includes(`<${address}.`),
  );
  return source.parse(archive?.values).source_dir;
}

/** Returns the secret as Secret Manager would have it: the key as Terraform writes it, with random letters. */
function secretOf(plan: Plan, length: number): string {
  const [version] = ofType(plan, 'google_secret_manager_secret_version');
  const random = [...randomBytes(length)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return wordOf(version?.values['secret_data_wo']).replace(/<ephemeral[^>]*>/, random);
}

let folder: string;
let stage: Stage | undefined;
let scheduler: ReturnType<typeof startScheduler> | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'calendar-mirror-'));
  const plan = planOf(await readConfiguration(MODULE), {
    ...PLAIN,
    project_id: PROJECT,
    // That of the local cloud, which reads the mirror.
    firestore_database: '(default)',
    pace: { channel_ttl_seconds: 60, renew_before_seconds: 35, max_staleness_seconds: 12, poll_seconds: 10 },
  });
  const password = plan.resources.find(({ type }) => type === 'random_password');
  const secret = secretOf(plan, z.number().parse(password?.values['length']));
  const functions = functionsOf(plan);
  await Promise.all(functions.map((each) => install(sourceOf(plan, each), `${folder}/${each.entryPoint}`)));
  const deployed = Object.fromEntries(
    functions.map(
      ({ entryPoint, environment_variables: variables, secret_environment_variables: secrets }) => [
        entryPoint,
        {
          source: `${folder}/${entryPoint}`,
          env: { ...variables, ...Object.fromEntries(secrets.map(({ key }) => [key, secret])) },
        },
      ],
    ),
  );
  const { receive, sync, renew } = deployed;
  if (!receive || !sync || !renew) throw new Error('Terraform deploys fewer functions than there are');
  const options: CloudOptions = { projectId: PROJECT, deployed: { receive, sync, renew } };
  stage = await setStage(options);
  const { cloud } = stage;
  scheduler = startScheduler({
    everySeconds: 1,
    run: () => cloud.renew(),
    onError: () => undefined,
  });
});
afterAll(async () => {
  await scheduler?.stop();
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

test('each folder has its function, and nothing that the function does not need', async () => {
  const parts = await readdir(`${folder}/receive/node_modules/@google-cloud`);
  expect(parts).toEqual(['functions-framework']);
});

test('the steps of the demo pass: a first sync, edits, a burst and forged notifications', async () => {
  if (!stage) throw new Error('nothing is deployed');
  const { cloud, watches } = stage;
  await initialSync(stage, () => undefined);
  for (const play of [insertEvents, editEvents, deleteEvents, burst, forgeNotifications]) await play(stage);
  await cloud.calendar.settle();
  await eventually(async () => {
    const verdict = await verify(cloud);
    expect(verdict.differences).toEqual([]);
    expect(verdict.watches).toHaveLength(watches.length);
  });
});
