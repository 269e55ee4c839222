import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import type { GoogleCloud } from '../google-cloud/index.ts';
import { parse } from '../google-cloud/resource.ts';
import { buildSchema, substituted, type BuildStep } from '../google-cloud/services/cloud-build.ts';

/** Runs steps of `cloudbuild.yaml` as Cloud Build does, but in a folder of this machine and without their images. */

/** Files of the images that steps name. */
const OF_IMAGES: Readonly<Record<string, string>> = { '/bin/terraform': 'terraform' };

export interface Build {
  readonly steps: readonly BuildStep[];
  readonly substitutions: Readonly<Record<string, string>>;
}

interface Workplace {
  /** Stands for /workspace. https://cloud.google.com/build/docs/build-config-file-schema#dir */
  readonly workspace: string;
  readonly env: NodeJS.ProcessEnv;
}

interface Ran {
  readonly code: number;
  /** What the step printed, on both streams. */
  readonly text: string;
}

/** Returns the build that was submitted to the stand-in. @throws Error unless there is one. */
export function submittedBuild({ cloud, project }: GoogleCloud): Build {
  const [build] = cloud.store.list(`cloudbuild/projects/${project.id}/builds`);
  const { steps, substitutions } = parse(buildSchema, build);
  return { steps, substitutions: { ...substitutions, PROJECT_ID: project.id } };
}

/** Runs one step to its end. */
export async function runStep(
  { steps, substitutions }: Build,
  id: string,
  { workspace, env }: Workplace,
): Promise<Ran> {
  const step = steps.find((each) => each.id === id);
  if (step === undefined) throw new Error(`the build has no step ${id}`);
  const args = step.args.map((arg) =>
    substituted(OF_IMAGES[arg] === undefined ? arg : pathOf(OF_IMAGES[arg], env), substitutions).replaceAll(
      '/workspace/',
      `${workspace}/`,
    ),
  );
  const own = Object.fromEntries(step.env.map((line) => line.split('=')));
  const child = spawn(step.entrypoint, args, {
    cwd: join(workspace, step.dir),
    env: { ...env, ...own },
    // Without input, as in Cloud Build: bash takes a socket for that of a remote login, and reads the start files of this machine.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code: Number(code ?? 1), text: `${stdout}${stderr}` };
}

/** Where a program is. */
function pathOf(program: string, { PATH = '' }: NodeJS.ProcessEnv): string {
  const found = PATH.split(':')
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${program} is not installed`);
  return found;
}
