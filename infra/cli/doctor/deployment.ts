import * as z from 'zod';

import { lookupFailure, type CloudApi } from './cloud-api.ts';
import { judgeEndpoint } from './endpoint.ts';
import { well, wrong, type Finding } from './finding.ts';
import {
  ENTRIES,
  locateFunctions,
  NO_FUNCTIONS,
  type Deployed,
  type Deployment,
  type Ours,
} from './functions.ts';
import { judgeFunction } from './serving.ts';

/** Checks that the three functions are serving, and that receive and renew share their key. */

const KEYS = 'CHANNEL_TOKEN_KEYS';
/** The secret that a function reads its keys from. */
interface Keys {
  readonly project: string;
  readonly secret: string;
  readonly version: string;
}

/** Returns the secret of a function's keys. `project` may be an id or a number, which cannot be compared. */
function keysOf(deployed: Deployed | undefined, project: string): Keys | undefined {
  const found = deployed?.serviceConfig.secretEnvironmentVariables.find(({ key }) => key === KEYS);
  return found && { ...found, project: found.projectId || project };
}

const named = ({ secret, version }: Keys): string => `${secret}:${version}`;

/** Judges the functions, and whether receive can verify the tokens that renew signs. Pure. */
export function judgeDeployment(
  deployment: Deployment,
  project: string,
  unreachable: readonly string[] = [],
): readonly Finding[] {
  const findings = ENTRIES.map((entry) => judgeFunction(entry, deployment[entry], project, unreachable));
  const { receive, renew } = deployment;
  if (receive === undefined || renew === undefined) return findings;
  const [verifies, signs] = [keysOf(receive, project), keysOf(renew, project)];
  const fix = `deploy both with the same --set-secrets=${KEYS}=… (infra/gcloud.md)`;
  if (verifies === undefined || signs === undefined) {
    findings.push(
      wrong('channel token keys', `receive and renew do not both read ${KEYS} from a secret`, fix),
    );
  } else if (named(verifies) !== named(signs)) {
    const says = `receive has ${named(verifies)} and renew has ${named(signs)}: expected only during a rotation`;
    findings.push(wrong('channel token keys', says, fix));
  }
  return findings;
}

const versionSchema = z.object({ state: z.string().nullish() });

/** Judges the secret version that receive reads its keys from; `state` is undefined if it does not exist. Pure. */
export function judgeKeys(state: string | undefined, keys: Keys): Finding {
  const what = 'channel token keys';
  const of = `--project=${keys.project}`;
  if (state === 'ENABLED') return well(what, named(keys));
  if (state === 'DISABLED') {
    const enable = `gcloud secrets versions enable ${keys.version} --secret=${keys.secret} ${of}`;
    return wrong(
      what,
      `${named(keys)} is DISABLED`,
      `${enable}, or deploy receive and renew with another version`,
    );
  }
  // Adding a version does not help: the functions name this one, and a new key invalidates every signed token.
  return wrong(
    what,
    state === undefined ? `${named(keys)} does not exist` : `${named(keys)} is ${state}`,
    `deploy receive and renew with an enabled version: gcloud secrets versions list ${keys.secret} ${of}`,
  );
}

async function examineKeys(
  api: CloudApi,
  deployment: Deployment,
  project: string,
): Promise<readonly Finding[]> {
  const keys = keysOf(deployment.receive, project);
  if (keys === undefined) return [];
  const { secretmanager } = await import('googleapis/build/src/apis/secretmanager/index.js');
  const name = `projects/${keys.project}/secrets/${keys.secret}/versions/${keys.version}`;
  const result = await api.get('secretmanager', versionSchema, (options) =>
    secretmanager('v1').projects.secrets.versions.get({ name }, options),
  );
  if (result.state === 'unknown') return [lookupFailure('channel token keys', result)];
  return [
    judgeKeys(result.state === 'missing' ? undefined : (result.value.state ?? 'in an unknown state'), keys),
  ];
}

/** Finds the deployed functions and judges them. */
export async function examineDeployment(
  api: CloudApi,
  ours: Ours,
): Promise<{ readonly deployment: Deployment; readonly findings: readonly Finding[] }> {
  const result = await locateFunctions(api, ours);
  if (result.state === 'unknown')
    return { deployment: NO_FUNCTIONS, findings: [lookupFailure('functions', result)] };
  const { deployment, unreachable } =
    result.state === 'missing' ? { deployment: NO_FUNCTIONS, unreachable: [] } : result.value;
  const findings = [
    ...judgeDeployment(deployment, ours.project, unreachable),
    ...(await examineKeys(api, deployment, ours.project)),
    ...judgeEndpoint(deployment, ours.project),
  ];
  return { deployment, findings };
}
