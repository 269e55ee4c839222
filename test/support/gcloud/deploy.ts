import { dictionary, seconds, type GcloudCommand } from './command.ts';

/** What `gcloud functions deploy` creates, and what all commands have in common. */

export type Resources = Record<string, unknown>;

export interface Place {
  readonly project: string;
  readonly region: string;
}

export type Create = (command: GcloudCommand, resources: Resources, place: Place) => Resources | undefined;

/** Returns the key of a grant. */
export const grantKey = (kind: string, target: string, role: string, member: string): string =>
  `grant of ${role} on ${kind} ${target} to ${member}`;

const secretVariables = (text: string | undefined): Readonly<Record<string, string>> =>
  text === undefined ? {} : dictionary(text);

const INGRESS: Readonly<Record<string, string>> = {
  all: 'ALLOW_ALL',
  'internal-only': 'ALLOW_INTERNAL_ONLY',
};

/** A deployment of a function that is there changes only the variables that it names. */
export const deploy: Create = (command, resources, { region }) => {
  const name = command.arg();
  const key = `function ${name}`;
  if (!command.has('gen2') || command.flag('region') !== region)
    throw new Error(`${name}: no --gen2 or --region`);
  const source = command.flag('source');
  const known = resources[key];
  const changed = command.maybe('update-env-vars');
  if (known !== undefined && changed !== undefined) {
    // Without it, gcloud asks Cloud Build for the default account of the project.
    command.flag('build-service-account');
    const { environment } = Object.assign({ environment: {} }, known);
    return { [key]: { ...known, environment: { ...environment, ...dictionary(changed) } } };
  }
  if (!command.has('trigger-http')) throw new Error(`${name} has no --trigger-http`);
  const isPublic = command.has('allow-unauthenticated');
  if (!isPublic && !command.has('no-allow-unauthenticated')) throw new Error(`${name}: public or not?`);
  const deployed = {
    source,
    runtime: command.flag('runtime'),
    entryPoint: command.flag('entry-point'),
    builder: command.flag('build-service-account'),
    images: command.flag('docker-repository'),
    account: command.flag('service-account'),
    timeout: seconds(command.flag('timeout')),
    cpu: command.flag('cpu'),
    memory: command.flag('memory'),
    concurrency: Number(command.flag('concurrency')),
    minInstances: Number(command.flag('min-instances')),
    maxInstances: Number(command.flag('max-instances')),
    ingress: INGRESS[command.flag('ingress-settings')],
    environment: dictionary(command.flag('set-env-vars')),
    secrets: secretVariables(command.maybe('set-secrets')),
  };
  const open = isPublic ? { [grantKey('service', name, 'roles/run.invoker', 'allUsers')]: {} } : {};
  return { [key]: deployed, ...open };
};
