import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

import { eventually } from '../eventually.ts';
import { cloudClient } from '../google-cloud/client.ts';
import { gcloudEnvironment } from '../google-cloud/gcloud.ts';
import { startGoogleCloud, type GoogleCloud } from '../google-cloud/index.ts';
import { MODULE } from './module.ts';

/**
 * Runs Terraform itself, with Google's real provider, on a copy of `infra/terraform` against the stand-in for Google Cloud. The copy
 * differs by override files only (https://developer.hashicorp.com/terraform/language/files/override): state on disk, short waits, a
 * small build of the functions.
 */

/** The outcome of a command. */
interface Ran {
  readonly code: number;
  /** What Terraform printed, on both streams. */
  readonly text: string;
}

interface Deployment {
  /** The copy of the repository's root. */
  readonly root: string;
  /** Variables with which Terraform and gcloud call the stand-in. */
  readonly env: NodeJS.ProcessEnv;
  /** Writes the choices, as `terraform.tfvars` of `example` has them; the others have their defaults. */
  readonly choose: (choices: Choices) => Promise<void>;
  /** Changes the code of a function. */
  readonly edit: (name: string, code: string) => Promise<void>;
  /** Runs a command in `example`. */
  readonly terraform: (...args: readonly string[]) => Promise<Ran>;
  /**
   * Starts a command, and kills it with its providers as soon as the condition holds, as the end of a container does. The state has
   * nothing of the command then: otherwise Terraform writes it every 20 s.
   * @throws Error if the command ends before.
   */
  readonly killed: (isTime: () => boolean, ...args: readonly string[]) => Promise<void>;
  /** Runs a command that must succeed. */
  readonly run: (...args: readonly string[]) => Promise<void>;
  /** Applies, which must succeed. */
  readonly apply: (...args: readonly string[]) => Promise<void>;
  /** Returns what a plan would change: an action and an address for each resource. */
  readonly planned: () => Promise<readonly string[]>;
  readonly remove: () => Promise<void>;
}

/** Variables of `example` and their values. */
type Choices = Readonly<Record<string, unknown>>;

/** The provider's variables for endpoints, and the API below the stand-in's root. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  ARTIFACT_REGISTRY: 'artifactregistry/v1',
  // Not enabled, as in most projects: the provider goes on without the billing account.
  CLOUD_BILLING: 'cloudbilling/v1',
  BIG_QUERY: 'bigquery/bigquery/v2',
  CLOUD_RUN_V2: 'run/v2',
  CLOUD_SCHEDULER: 'cloudscheduler/v1',
  CLOUDFUNCTIONS2: 'cloudfunctions/v2',
  FIRESTORE: 'firestore/v1',
  IAM_BETA: 'iam/v1',
  LOGGING: 'logging/v2',
  MONITORING: 'monitoring',
  PUBSUB: 'pubsub/v1',
  RESOURCE_MANAGER: 'cloudresourcemanager/v1',
  SECRET_MANAGER: 'secretmanager/v1',
  SERVICE_USAGE: 'serviceusage/v1',
  // Of the provider, and of the backend for the state.
  STORAGE: 'storage/storage/v1',
};

const environmentFor = (cloud: GoogleCloud, token: string): NodeJS.ProcessEnv => ({
  ...process.env,
  // For the module's provisioners.
  ...gcloudEnvironment(cloud, token),
  // Any token will do.
  GOOGLE_OAUTH_ACCESS_TOKEN: 'made-up',
  CHECKPOINT_DISABLE: '1',
  TF_IN_AUTOMATION: '1',
  TF_INPUT: '0',
  ...Object.fromEntries(
    Object.entries(ENDPOINTS).map(([name, path]) => [
      `GOOGLE_${name}_CUSTOM_ENDPOINT`,
      `${cloud.url}/${path}/`,
    ]),
  ),
});

/** `text` as a value in Terraform's JSON syntax is taken literally, but for templates. */
const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** Names of the module's pauses. */
async function pausesIn(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.tf'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    [...text.matchAll(/^resource "time_sleep" "(\w+)"/gm)].map(([, name = '']) => name),
  );
}

const execute = (folder: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile('terraform', args, { cwd: folder, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, text: `${stdout}${stderr}` });
    });
  });

async function startAndKill(
  folder: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  isTime: () => boolean,
): Promise<void> {
  // A process group of its own, which has the providers too.
  const slow = { ...env, TF_STATE_PERSIST_INTERVAL: '3600' };
  const child = spawn('terraform', args, { cwd: folder, env: slow, stdio: 'ignore', detached: true });
  const ended = once(child, 'exit');
  try {
    await eventually(() => {
      if (child.exitCode !== null) return;
      if (!isTime()) throw new Error('it is not time yet');
    }, 300_000);
    if (child.exitCode !== null) throw new Error('terraform ended before it was killed');
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await ended;
  }
}

const plannedSchema = z.object({
  type: z.literal('planned_change'),
  change: z.object({ action: z.string(), resource: z.object({ addr: z.string() }) }),
});

/** More than the default of 10, as most of a run is waiting. */
const PARALLEL = '-parallelism=40';

/** A bucket for the state, as the documents create it. */
async function createStateBucket({ url, project }: GoogleCloud): Promise<string> {
  const name = `${project.id}-terraform`;
  await cloudClient(url).make('POST', `storage/storage/v1/b?project=${project.id}`, { name });
  return name;
}

async function createDeployment(cloud: GoogleCloud, { pause, stateIn }: ProjectOptions): Promise<Deployment> {
  const root = await mkdtemp(join(tmpdir(), 'calendar-mirror-terraform-'));
  const module = join(root, 'infra/terraform');
  const folder = join(module, 'example');
  await cp(MODULE, module, { recursive: true, filter: (path) => !path.includes('.terraform') });
  await cp(join(MODULE, '../../functions/feed/schemas'), join(root, 'functions/feed/schemas'), {
    recursive: true,
  });
  const edit = async (name: string, code: string): Promise<void> => {
    await mkdir(join(root, 'dist', name), { recursive: true });
    await writeFile(join(root, 'dist', name, 'index.js'), code);
  };
  for (const name of ['receive', 'sync', 'renew']) await edit(name, `// ${name}\n`);
  const backend =
    stateIn === 'bucket'
      ? { gcs: { bucket: await createStateBucket(cloud), prefix: 'calendar-mirror' } }
      : { local: {} };
  const override = {
    terraform: { backend },
    // The default is 10 s for each operation.
    provider: { google: { poll_interval: '100ms', batching: { send_after: '500ms' } } },
    module: { calendar_mirror: { dist: join(root, 'dist') } },
  };
  await writeFile(join(folder, 'test_override.tf.json'), json(override));
  const pauses = await pausesIn(module);
  if (pauses.length > 0) {
    const time_sleep = Object.fromEntries(pauses.map((name) => [name, { create_duration: pause }]));
    await writeFile(join(module, 'test_override.tf.json'), json({ resource: { time_sleep } }));
  }

  const token = join(root, 'token');
  await writeFile(token, 'made-up');
  const env = environmentFor(cloud, token);
  const terraform = (...args: readonly string[]): Promise<Ran> => execute(folder, env, args);
  const required = async (...args: readonly string[]): Promise<string> => {
    const { code, text } = await terraform(...args);
    if (code !== 0) throw new Error(`terraform ${args.join(' ')} failed:\n${text}`);
    return text;
  };
  const choose = (choices: Choices): Promise<void> =>
    writeFile(
      join(folder, 'terraform.tfvars.json'),
      json({ project_id: cloud.project.id, region: 'europe-west1', ...choices }),
    );
  await choose({});
  await required('init', '-no-color');

  return {
    root,
    env,
    choose,
    edit,
    terraform,
    killed: (isTime, ...args) => startAndKill(folder, env, args, isTime),
    run: async (...args) => {
      await required(...args);
    },
    apply: async (...args) => {
      await required('apply', '-auto-approve', '-no-color', PARALLEL, ...args);
    },
    planned: async () => {
      // https://developer.hashicorp.com/terraform/internals/machine-readable-ui#planned-change
      const text = await required('plan', '-json', PARALLEL);
      return text
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .flatMap((line) => plannedSchema.safeParse(JSON.parse(line)).data ?? [])
        .map(({ change }) => `${change.action} ${change.resource.addr}`);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

interface ProjectOptions {
  /** How long each pause of the module takes. */
  readonly pause: string;
  /** Where the state is; on disk by default. */
  readonly stateIn?: 'bucket';
}

/** Runs a test with a project of its own. */
export async function inProject(
  options: ProjectOptions,
  body: (deployment: Deployment, cloud: GoogleCloud) => Promise<void>,
): Promise<void> {
  const cloud = await startGoogleCloud();
  const deployment = await createDeployment(cloud, options);
  try {
    await body(deployment, cloud);
  } finally {
    await deployment.remove();
    await cloud.close();
  }
}
