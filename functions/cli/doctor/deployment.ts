import * as z from 'zod';

import { notKnown, type CloudApi } from './cloud-api.ts';
import { well, wrong, type Finding } from './finding.ts';

/** The three functions as they are deployed ("Cloud Functions API v2: functions.list"), and the key that two of them share. */

const functionSchema = z.object({
  name: z.string(),
  state: z.string(),
  url: z.string().optional(),
  buildConfig: z.object({ entryPoint: z.string().optional() }).default({}),
  serviceConfig: z
    .object({
      uri: z.string().optional(),
      serviceAccountEmail: z.string().optional(),
      environmentVariables: z.record(z.string(), z.string()).default({}),
      secretEnvironmentVariables: z
        .array(z.object({ key: z.string(), secret: z.string(), version: z.string().default('latest') }))
        .default([]),
    })
    .default({ environmentVariables: {}, secretEnvironmentVariables: [] }),
});
export type Deployed = z.infer<typeof functionSchema>;

const functionsSchema = z.object({ functions: z.array(functionSchema).default([]) });

/** The functions by their entry points: what they are called is up to whoever deploys them. */
export interface Deployment {
  readonly receive: Deployed | undefined;
  readonly sync: Deployed | undefined;
  readonly renew: Deployed | undefined;
}

const NOTHING: Deployment = { receive: undefined, sync: undefined, renew: undefined };

const NAMES = ['receive', 'sync', 'renew'] as const;
const KEYS = 'CHANNEL_TOKEN_KEYS';

/** The function's name in its project, and where it is. */
export function whereabouts({ name }: Deployed): { readonly name: string; readonly region: string } {
  const [, region = '', short = ''] = /\/locations\/([^/]+)\/functions\/([^/]+)$/.exec(name) ?? [];
  return { name: short, region };
}

function judgeFunction(entry: (typeof NAMES)[number], found: Deployed | undefined, project: string): Finding {
  const mend = 'terraform apply, or gcloud functions deploy (README.md, Deploying)';
  if (found === undefined) return wrong(entry, 'is not deployed', mend);
  const { name, region } = whereabouts(found);
  if (found.state !== 'ACTIVE') {
    const logs = `gcloud functions logs read ${name} --gen2 --region=${region} --project=${project}`;
    return wrong(entry, `${name} is ${found.state}`, logs);
  }
  const given = found.serviceConfig.environmentVariables['GOOGLE_CLOUD_PROJECT'];
  return given === project
    ? well(entry, `${name} in ${region}`)
    : wrong(entry, `${name} has GOOGLE_CLOUD_PROJECT=${given ?? ''}, not ${project}`, mend);
}

const keysOf = (deployed: Deployed | undefined) =>
  deployed?.serviceConfig.secretEnvironmentVariables.find(({ key }) => key === KEYS);

/** Judges the functions, and whether what renew signs can be verified by receive. Pure. */
export function judgeDeployment(deployment: Deployment, project: string): readonly Finding[] {
  const findings = NAMES.map((entry) => judgeFunction(entry, deployment[entry], project));
  const { receive, renew } = deployment;
  if (receive === undefined || renew === undefined) return findings;
  const [verifies, signs] = [keysOf(receive), keysOf(renew)];
  const mend = `deploy both with the same --set-secrets=${KEYS}=… (README.md, Deploying)`;
  if (verifies === undefined || signs === undefined) {
    findings.push(wrong('channel token keys', `${KEYS} is no secret of receive and renew`, mend));
  } else if (verifies.secret !== signs.secret || verifies.version !== signs.version) {
    const [a, b] = [verifies, signs].map(({ secret, version }) => `${secret}:${version}`);
    const says = `receive has ${a ?? ''} and renew ${b ?? ''}: right during a rotation only`;
    findings.push(wrong('channel token keys', says, mend));
  }
  return findings;
}

const versionSchema = z.object({ state: z.string() });

async function examineKeys(
  api: CloudApi,
  deployment: Deployment,
  project: string,
): Promise<readonly Finding[]> {
  const keys = keysOf(deployment.receive);
  if (keys === undefined) return [];
  const what = 'channel token keys';
  const path = `v1/projects/${project}/secrets/${keys.secret}/versions/${keys.version}`;
  const looked = await api.look('secretmanager', path, versionSchema);
  const named = `${keys.secret}:${keys.version}`;
  const mend = `openssl rand -base64 32 | sed s/^/k1:/ | gcloud secrets versions add ${keys.secret} --data-file=- --project=${project}`;
  if (looked.state === 'unknown') return [notKnown(what, looked)];
  if (looked.state === 'missing') return [wrong(what, `there is no ${named}`, mend)];
  return looked.value.state === 'ENABLED'
    ? [well(what, named)]
    : [
        wrong(
          what,
          `${named} is ${looked.value.state}`,
          `gcloud secrets versions enable ${keys.version} --secret=${keys.secret} --project=${project}`,
        ),
      ];
}

/** Finds the functions, and what is wrong with them. */
export async function examineDeployment(
  api: CloudApi,
  project: string,
): Promise<{ readonly deployment: Deployment; readonly findings: readonly Finding[] }> {
  const path = `v2/projects/${project}/locations/-/functions?pageSize=1000`;
  const looked = await api.look('cloudfunctions', path, functionsSchema);
  if (looked.state === 'unknown') return { deployment: NOTHING, findings: [notKnown('functions', looked)] };
  const functions = looked.state === 'missing' ? [] : looked.value.functions;
  const byEntry = (entry: string): Deployed | undefined =>
    functions.find(({ buildConfig }) => buildConfig.entryPoint === entry);
  const deployment = { receive: byEntry('receive'), sync: byEntry('sync'), renew: byEntry('renew') };
  const findings = [
    ...judgeDeployment(deployment, project),
    ...(await examineKeys(api, deployment, project)),
  ];
  return { deployment, findings };
}
