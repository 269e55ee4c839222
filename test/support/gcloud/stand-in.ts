import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGoogleCloud, type GoogleCloud } from '../google-cloud/index.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The APIs that the gcloud way calls, as gcloud's settings name them. https://cloud.google.com/sdk/gcloud/reference/config/set#api_endpoint_overrides */
const APIS = [
  'artifactregistry',
  'cloudbuild',
  'cloudfunctions',
  'cloudresourcemanager',
  'cloudscheduler',
  'firestore',
  'iam',
  'pubsub',
  'run',
  'secretmanager',
  'serviceusage',
  'storage',
];

export interface GcloudBench {
  readonly cloud: GoogleCloud;
  /** Where commands run. */
  readonly folder: string;
  /** Variables with which gcloud calls the stand-in. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Runs a line of a shell script with gcloud, and keeps the variables that it sets.
   * @throws Error with what it printed if it fails.
   */
  run(line: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the stand-in for Google Cloud, and prepares gcloud to call it, with a made-up access token. */
export async function startGcloudBench(project: string): Promise<GcloudBench> {
  const cloud = await startGoogleCloud({
    project: { id: project, number: '123456789012' },
    operationMs: 100,
  });
  const folder = await mkdtemp(join(tmpdir(), 'gcloud-way-'));
  await writeFile(join(folder, 'token'), 'made-up');
  // The documented commands name paths below the repository, and write into dist.
  await symlink(join(ROOT, 'functions'), join(folder, 'functions'));
  await mkdir(join(folder, 'dist'));
  for (const name of ['receive', 'sync', 'renew'])
    await symlink(join(ROOT, 'dist', name), join(folder, 'dist', name));
  const overrides = APIS.map(
    (name) =>
      [
        `CLOUDSDK_API_ENDPOINT_OVERRIDES_${name.toUpperCase()}`,
        `${cloud.url}/${name}/${name === 'storage' ? 'storage/v1/' : ''}`,
      ] as const,
  );
  const env = {
    ...process.env,
    CLOUDSDK_CONFIG: folder,
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(folder, 'token'),
    CLOUDSDK_CORE_PROJECT: project,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    ...Object.fromEntries(overrides),
  };
  const variables = join(folder, 'variables');
  await writeFile(variables, '');
  const options = { cwd: folder, env, maxBuffer: 16 * 1024 * 1024 };
  return {
    cloud,
    folder,
    env,
    run: async (line) => {
      const [, name] = /^(?:export )?([A-Za-z_]\w*)=/.exec(line) ?? [];
      const kept = name === undefined ? '' : `\ndeclare -p ${name} >> ${variables}`;
      await promisify(execFile)(
        'bash',
        ['-euo', 'pipefail', '-c', `. ${variables}\n${line}${kept}`],
        options,
      );
    },
    [Symbol.asyncDispose]: async () => {
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
