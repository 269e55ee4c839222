import { readFileSync } from 'node:fs';
import { dictionary, GcloudCommand, seconds } from './command.ts';
import { deploy, grantKey, type Create, type Place, type Resources } from './deploy.ts';
import { runScript } from './words.ts';

/**
 * The resources that a script of gcloud commands creates, by kind and name, in the form that `planned.ts` gives those of Terraform.
 * A command or flag that is not known here is an error.
 */

const ROOT = new URL('../../../', import.meta.url);

const grantOn =
  (kind: string): Create =>
  (command, _, { region }) => {
    const target = command.arg();
    const location = command.maybe('region') ?? command.maybe('location') ?? region;
    if (location !== region) throw new Error(`${target} is in ${location}`);
    const { title, expression } = dictionary(command.maybe('condition') ?? 'None');
    return {
      [grantKey(kind, target, command.flag('role'), command.flag('member'))]:
        expression === undefined ? {} : { title, expression },
    };
  };

const nothing: Create = (command) => {
  command.args();
  command.maybe('format');
  command.maybe('region');
  command.has('update-adc');
  return {};
};

/** Reads a file that an earlier command wrote with `printf '%s' … > file`. */
const written = new Map<string, string>();

const indexesOf = (command: GcloudCommand): readonly string[] =>
  command.has('disable-indexes')
    ? []
    : command.all('index').map((index) => `COLLECTION ${(dictionary(index)['order'] ?? '').toUpperCase()}`);

const CREATE: Readonly<Record<string, Create>> = {
  'auth login': nothing,
  'config set': nothing,
  'functions describe': nothing,
  'iam service-accounts describe': nothing,
  'projects describe': nothing,
  // A way around organisations that forbid allUsers; Terraform has `public_access` for it.
  'run services update': (command) => {
    if (!command.has('no-invoker-iam-check')) throw new Error('--no-invoker-iam-check is missing');
    command.arg();
    command.flag('region');
    return {};
  },
  'services enable': (command) => Object.fromEntries(command.args().map((name) => [`API ${name}`, {}])),
  'beta services identity create': (command) => ({ [`agent of ${command.flag('service')}`]: {} }),
  'iam service-accounts create': (command) => ({
    [`account ${command.arg()}`]: { displayName: command.flag('display-name') },
  }),
  'artifacts repositories create': (command) => ({
    [`repository ${command.arg()}`]: {
      location: command.flag('location'),
      format: command.flag('repository-format').toUpperCase(),
      description: command.flag('description'),
    },
  }),
  'artifacts repositories set-cleanup-policies': (command) => {
    const name = command.arg();
    command.flag('location');
    // Without it, a policy deletes nothing.
    if (!command.has('no-dry-run')) throw new Error(`${name}: --no-dry-run is missing`);
    const text = written.get(command.flag('policy'));
    if (text === undefined) throw new Error(`${name}: the policies were not written`);
    return { [`cleanup of ${name}`]: JSON.parse(text) };
  },
  'firestore databases create': (command) => ({
    [`database ${command.flag('database')}`]: {
      location: command.flag('location'),
      type: command.flag('type').toUpperCase().replace('-', '_'),
      isProtected: command.has('delete-protection'),
      pointInTimeRecovery: command.has('enable-pitr'),
    },
  }),
  'firestore backups schedules create': (command) => ({
    [`backups of ${command.flag('database')}`]: {
      recurrence: command.flag('recurrence'),
      retention: seconds(command.flag('retention')),
    },
  }),
  'firestore indexes fields update': (command) => {
    const key = `field ${command.flag('database')} ${command.flag('collection-group')}.${command.arg()}`;
    if (!command.has('async')) throw new Error(`${key}: --async is missing`);
    return { [key]: indexesOf(command) };
  },
  'firestore indexes composite create': (command) => {
    const fields = command.all('field-config').map((config) => dictionary(config));
    const names = fields.map((each) => each['field-path']).join();
    const key = `index ${command.flag('database')} ${command.flag('collection-group')} ${names}`;
    if (!command.has('async')) throw new Error(`${key}: --async is missing`);
    return {
      [key]: {
        scope: command.flag('query-scope').toUpperCase().replace('-', '_'),
        orders: fields.map(({ order = '' }) => order.toUpperCase()),
      },
    };
  },
  // Terraform's exclusions of a project are those of this sink:
  // https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.exclusions/create
  'logging sinks update': (command) => {
    const sink = command.arg();
    if (sink !== '_Default') throw new Error(`${sink} is not the sink of a project's exclusions`);
    const { name = '', description, filter } = dictionary(command.flag('add-exclusion'));
    return { [`exclusion ${name}`]: { description, filter } };
  },
  'pubsub topics create': (command) => {
    const schema = command.maybe('schema');
    return {
      [`topic ${command.arg()}`]: {
        retention: seconds(command.flag('message-retention-duration')),
        regions: command.flag('message-storage-policy-allowed-regions').split(','),
        ...(schema && { schema, encoding: command.flag('message-encoding').toUpperCase() }),
      },
    };
  },
  'pubsub schemas create': (command) => ({
    [`schema ${command.arg()}`]: {
      type: command.flag('type').toUpperCase(),
      definition: readFileSync(new URL(command.flag('definition-file'), ROOT), 'utf8'),
    },
  }),
  'pubsub subscriptions create': (command) => {
    const endpoint = command.maybe('push-endpoint');
    const deadLetters = command.maybe('dead-letter-topic');
    const shortest = command.maybe('min-retry-delay');
    return {
      [`subscription ${command.arg()}`]: {
        topic: command.flag('topic'),
        isOrdered: command.has('enable-message-ordering'),
        ackDeadline: Number(command.flag('ack-deadline')),
        retention: seconds(command.flag('message-retention-duration')),
        expires: command.flag('expiration-period'),
        ...(endpoint && {
          endpoint,
          account: command.flag('push-auth-service-account'),
          audience: command.flag('push-auth-token-audience'),
        }),
        ...(shortest && { retry: [seconds(shortest), seconds(command.flag('max-retry-delay'))] }),
        ...(deadLetters && { deadLetters, attempts: Number(command.flag('max-delivery-attempts')) }),
      },
    };
  },
  'secrets create': (command) => {
    const name = command.arg();
    if (command.flag('data-file') !== '-') throw new Error(`${name}: the key must not be in a file`);
    return {
      [`secret ${name}`]: { replication: command.flag('replication-policy') },
      [`version ${name}:1`]: {},
    };
  },
  'kms keyrings create': (command) => ({
    [`key ring ${command.arg()}`]: { location: command.flag('location') },
  }),
  'kms keys create': (command) => {
    const name = command.arg();
    const rotation = command.flag('rotation-period');
    // Without a time, a key with a period is refused.
    if (command.flag('next-rotation-time') !== `+p${rotation}`) throw new Error(`${name}: rotates at once`);
    return {
      [`key ${name}`]: {
        ring: command.flag('keyring'),
        location: command.flag('location'),
        purpose: command.flag('purpose'),
        rotation: seconds(rotation),
      },
    };
  },
  'kms keys add-iam-policy-binding': (command, ...rest) => {
    command.flag('keyring');
    return grantOn('key')(command, ...rest);
  },
  'functions deploy': deploy,
  'scheduler jobs create http': (command) => ({
    [`job ${command.arg()}`]: {
      location: command.flag('location'),
      description: command.flag('description'),
      schedule: command.flag('schedule'),
      timeZone: command.flag('time-zone'),
      uri: command.flag('uri'),
      method: command.flag('http-method'),
      account: command.flag('oidc-service-account-email'),
      audience: command.flag('oidc-token-audience'),
      deadline: seconds(command.flag('attempt-deadline')),
      attempts: Number(command.flag('max-retry-attempts')),
      backoff: [seconds(command.flag('min-backoff')), seconds(command.flag('max-backoff'))],
    },
  }),
  'artifacts repositories add-iam-policy-binding': grantOn('repository'),
  'iam service-accounts add-iam-policy-binding': grantOn('account'),
  'projects add-iam-policy-binding': grantOn('project'),
  'pubsub subscriptions add-iam-policy-binding': grantOn('subscription'),
  'pubsub topics add-iam-policy-binding': grantOn('topic'),
  'run services add-iam-policy-binding': grantOn('service'),
  'secrets add-iam-policy-binding': grantOn('secret'),
};

/** What a command in `$(…)` prints, as `planned.ts` names it. */
function outputOf(words: readonly string[]): string {
  const text = words.join(' ');
  const [, name = ''] = /^gcloud functions describe (\S+)/.exec(text) ?? [];
  if (text.endsWith('--format=value(url)')) return `<url of ${name}>`;
  if (text.endsWith('--format=value(serviceConfig.uri)')) return `<uri of ${name}>`;
  if (text.endsWith('--format=value(projectNumber)')) return '<number>';
  if (words[0] === 'openssl') return '<key>';
  throw new Error(`the output is not known here: ${text}`);
}

/** Returns the resources that a script creates. @throws Error for a command, a flag or a variable that is not known */
export function createdBy(commands: readonly string[], place: Place): Resources {
  const resources: Resources = {};
  written.clear();
  for (const words of runScript(commands, outputOf)) {
    const [program, ...rest] = words;
    const to = words.indexOf('>');
    if (program === 'printf' && to > 0) written.set(words[to + 1] ?? '', rest.slice(1, to - 1).join(''));
    if (program !== 'gcloud') continue;
    const command = new GcloudCommand(words, Object.keys(CREATE));
    const made = CREATE[command.name]?.(command, resources, place) ?? {};
    const left = command.left();
    if (left.length > 0) throw new Error(`${left.join(' ')} is not known here: ${words.join(' ')}`);
    Object.assign(resources, made);
  }
  return resources;
}
