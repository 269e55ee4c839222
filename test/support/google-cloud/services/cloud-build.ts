import { randomUUID } from 'node:crypto';
import * as z from 'zod';

import { invalid } from '../errors.ts';
import { parse, resourceSchema, type Resource } from '../resource.ts';
import type { Call, Route } from '../routes.ts';

/**
 * Cloud Build, which keeps builds and runs none.
 * [builds] https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds
 * [substitutions] https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values
 * [order] https://cloud.google.com/build/docs/configuring-builds/configure-build-step-order
 */

const stepSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  entrypoint: z.string(),
  args: z.array(z.string()),
  dir: z.string().default(''),
  env: z.array(z.string()).default([]),
  waitFor: z.array(z.string()).default([]),
});
export type BuildStep = z.infer<typeof stepSchema>;

export const buildSchema = z.looseObject({
  steps: z.array(stepSchema).min(1),
  substitutions: z.record(z.string(), z.string()).default({}),
});

/** Those of every build [substitutions]. */
const BUILT_IN = new Set(['PROJECT_ID', 'BUILD_ID', 'PROJECT_NUMBER', 'LOCATION']);

/** `$NAME` and `${NAME}`; `$$` is a dollar sign [substitutions]. */
const KEY = /\$\$|\$\{(\w+)\}|\$([A-Za-z_]\w*)/g;

/** Returns a text of a step with its substitutions. */
export const substituted = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(KEY, (whole: string, braced?: string, plain?: string) =>
    whole === '$$' ? '$' : (values[braced ?? plain ?? ''] ?? ''),
  );

/** @throws CloudError 400 for what Cloud Build rejects before it starts a build. */
function check({ steps, substitutions }: z.infer<typeof buildSchema>): void {
  const texts = steps.flatMap(({ args, env, dir }) => [...args, ...env, dir]);
  const used = new Set(
    texts.flatMap((text) => [...text.matchAll(KEY)].flatMap(([, braced, plain]) => braced ?? plain ?? [])),
  );
  for (const key of used) {
    if (!key.startsWith('_') && !BUILT_IN.has(key))
      throw invalid(`key in the template "${key}" is not a valid built-in substitution`);
    if (key.startsWith('_') && !(key in substitutions))
      throw invalid(`key in the template "${key}" has no substitution`);
  }
  for (const key of Object.keys(substitutions)) {
    if (!/^_[A-Z0-9_]+$/.test(key)) throw invalid(`substitution key "${key}" is not valid`);
    if (!used.has(key)) throw invalid(`key "${key}" in the substitution data is not matched in the template`);
  }
  const earlier = new Set<string>(['-']);
  for (const { id, waitFor } of steps) {
    for (const other of waitFor)
      if (!earlier.has(other))
        throw invalid(`step "${id}" waits for "${other}", which is not an earlier step`);
    earlier.add(id);
  }
}

function createBuild({ cloud, body }: Call): Resource {
  const build = parse(buildSchema, body);
  check(build);
  const id = randomUUID();
  const name = `projects/${cloud.project.id}/builds/${id}`;
  const kept = parse(resourceSchema, {
    ...build,
    id,
    projectId: cloud.project.id,
    status: 'QUEUED',
    createTime: cloud.timestamp(),
    logUrl: `https://console.cloud.google.com/cloud-build/builds/${id}?project=${cloud.project.number}`,
  });
  cloud.store.insert(`cloudbuild/${name}`, kept);
  const type = 'type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata';
  return { name: `operations/build/${cloud.project.id}/${id}`, metadata: { '@type': type, build: kept } };
}

export const cloudBuildRoutes: readonly Route[] = ['', '/locations/{location}'].map((place) => ({
  method: 'POST',
  pattern: `v1/projects/{project}${place}/builds`,
  handle: createBuild,
}));
