/** The documented deployment, command by command: each uses only variables and resources that an earlier one created. */
import { describe, expect, test } from 'vitest';
import { environmentNames } from '../../../../infra/build/configuration.ts';
import { commandsOf, shellIn, unsetIn } from '../../../support/shell.ts';
import { isBodies, readConfiguration } from '../../../support/terraform/configuration.ts';
import { functionsOf, ofType, wordOf } from '../../../support/terraform/deployed.ts';
import { MODULE, PLAIN } from '../../../support/terraform/module.ts';
import { planOf } from '../../../support/terraform/plan.ts';

const configuration = await readConfiguration(MODULE);
const example = await readConfiguration(`${MODULE}example/`);
const plan = planOf(configuration, PLAIN);

const quickStart = commandsOf(shellIn('README.md', '## Deploy'));
const deploying = ['## Deploying', '## Removing a deployment'].flatMap((part) =>
  commandsOf(shellIn('infra/terraform/README.md', part)),
);
const operating = commandsOf(shellIn('infra/operations.md'));
const byHand = commandsOf(shellIn('infra/gcloud.md'));

/** Returns the position of the first command that contains a text. */
const at = (part: string): number => deploying.findIndex((command) => command.includes(part));

test.each([
  ['README.md', quickStart],
  ['infra/terraform/README.md', deploying],
  ['infra/operations.md', operating],
  ['infra/gcloud.md', byHand],
])('%s sets every variable before it is used', (_, commands) => {
  expect(commands.length).toBeGreaterThan(5);
  expect(unsetIn(commands)).toEqual([]);
});

test('a variable that is not set is found', () => {
  expect(unsetIn(['A=1', 'echo $A $B', "echo '$C'"])).toEqual(['B in: echo $A $B']);
});

describe('with Terraform', () => {
  const all = [...quickStart, ...deploying, ...operating];

  test('README deploys in eight commands, which are those of the guide in the same order', () => {
    const [, , ...commands] = quickStart;
    expect(commands).toHaveLength(8);
    expect(quickStart.slice(0, -1)).toEqual(deploying.slice(0, quickStart.length - 1));
    expect(commands.at(-1)).toContain('npx calendar-mirror');
  });

  test('commands name folders, variables and outputs that exist', () => {
    expect(all.filter((command) => command.startsWith('terraform')).length).toBeGreaterThan(6);
    for (const command of all) {
      for (const [, folder] of command.matchAll(/-chdir=(\S+)/g))
        expect(folder).toBe('infra/terraform/example');
      for (const [, one, other = ''] of command.matchAll(/-var='?(\w+)=|TF_VAR_(\w+)/g))
        expect(Object.keys(example.variables)).toContain(one ?? other);
      for (const [, name = ''] of command.matchAll(/jq (?:-r )?'?\.(\w+)/g))
        expect(Object.keys(configuration.outputs)).toContain(name);
    }
  });

  test('every variable without a default is given', () => {
    const needed = Object.entries(example.variables).flatMap(([name, body]) =>
      isBodies(body) && !('default' in body) ? [name] : [],
    );
    expect(needed).toEqual(['project_id', 'region']);
    for (const command of all.filter((each) => / (apply|destroy) /.test(each)))
      for (const name of needed) expect(command).toContain(`-var=${name}=$`);
  });

  test('the bucket for the state is created before init, and the functions are built before apply', () => {
    expect(at('buckets create gs://$PROJECT-terraform')).toBeGreaterThan(at('login'));
    expect(at('bucket=$PROJECT-terraform')).toBeGreaterThan(at('buckets create'));
    expect(at('npm run build')).toBeGreaterThan(-1);
    expect(at(' apply')).toBeGreaterThan(Math.max(at('npm run build'), at(' init ')));
    expect(at('RECEIVE_URL=')).toBeGreaterThan(at(' apply'));
  });
});

/** The command that creates a resource of each kind. */
const CREATORS = {
  topic: /^gcloud pubsub topics create ([\w-]+)/,
  schema: /^gcloud pubsub schemas create ([\w-]+)/,
  subscription: /^gcloud pubsub subscriptions create ([\w-]+)/,
  account: /^gcloud iam service-accounts create ([\w-]+)/,
  secret: / gcloud secrets create ([\w-]+)/,
  function: /^gcloud functions deploy ([\w-]+)/,
  job: /^gcloud scheduler jobs create http ([\w-]+)/,
};
const created = (kind: keyof typeof CREATORS, commands = byHand): readonly string[] =>
  commands.flatMap((command) => CREATORS[kind].exec(command)?.[1] ?? []);

describe('without Terraform', () => {
  const USES: readonly (readonly [keyof typeof CREATORS, RegExp])[] = [
    ['topic', /--(?:dead-letter-)?topic=([\w-]+)/g],
    ['topic', /pubsub topics add-iam-policy-binding ([\w-]+)/g],
    ['schema', /--schema=([\w-]+)/g],
    ['subscription', /pubsub subscriptions add-iam-policy-binding ([\w-]+)/g],
    ['account', /(?:serviceAccount:|-account=|-account-email=)([\w-]+)@\$AT/g],
    ['secret', /secrets add-iam-policy-binding ([\w-]+)|CHANNEL_TOKEN_KEYS=([\w-]+):/g],
    ['function', /functions describe ([\w-]+)|run services add-iam-policy-binding ([\w-]+)/g],
  ];

  test('each command uses only resources that an earlier one created', () => {
    const uses = byHand.flatMap((command, index) =>
      USES.flatMap(([kind, pattern]) =>
        [...command.matchAll(pattern)].map(([, one, other]) => ({ kind, name: one ?? other ?? '', index })),
      ),
    );
    expect(new Set(uses.map(({ kind }) => kind)).size).toBe(6);
    const isThere = ({ kind, name, index }: (typeof uses)[0]): boolean =>
      created(kind, byHand.slice(0, index)).includes(name);
    expect(uses.filter((use) => !isThere(use))).toEqual([]);
  });

  test.each([
    ['topic', 'google_pubsub_topic', 'name'],
    ['schema', 'google_pubsub_schema', 'name'],
    ['subscription', 'google_pubsub_subscription', 'name'],
    ['account', 'google_service_account', 'account_id'],
    ['secret', 'google_secret_manager_secret', 'secret_id'],
    ['function', 'google_cloudfunctions2_function', 'name'],
    ['job', 'google_cloud_scheduler_job', 'name'],
  ] as const)('every %s has the same name as with Terraform', (kind, type, name) => {
    const names = ofType(plan, type).map(({ values }) => wordOf(values[name]));
    // gcloud builds with the default account of the project.
    expect(created(kind).toSorted()).toEqual(names.filter((each) => each !== 'calendar-build').toSorted());
  });

  test.each(functionsOf(plan))('$name has the same limits and variables', (deployed) => {
    const command = byHand.find((each) => each.startsWith(`gcloud functions deploy ${deployed.name} `)) ?? '';
    const flags = [
      `--runtime=${deployed.runtime}`,
      `--entry-point=${deployed.entryPoint}`,
      `--source=dist/${deployed.entryPoint}`,
      `--timeout=${String(deployed.timeout_seconds)}s`,
      `--memory=${deployed.available_memory}`,
      `--concurrency=${String(deployed.max_instance_request_concurrency)}`,
      `--max-instances=${String(deployed.max_instance_count)}`,
      deployed.entryPoint === 'receive' ? '--allow-unauthenticated' : '--ingress-settings=internal-only',
    ];
    for (const flag of flags) expect(command).toContain(` ${flag} `);
    for (const name of environmentNames(deployed.entryPoint).required) expect(command).toContain(`${name}=`);
  });

  test('the IAM grants are the same as with Terraform', () => {
    const grants = byHand.flatMap((command) => {
      const [, target, role, member = ''] =
        /add-iam-policy-binding (\S+) .*--role=(\S+) --member=(\S+)/.exec(command) ?? [];
      if (target === undefined || role === undefined) return [];
      const account =
        /^serviceAccount:([\w-]+)@\$AT$/.exec(member)?.[1] ?? (member === '$AGENT' ? 'agent' : member);
      return [`${account} ${role} ${target.replace('$PROJECT', 'some-project')}`];
    });
    const expected = plan.resources
      .filter(
        ({ type, name }) => type.endsWith('_iam_member') && name !== 'build' && !name.startsWith('everybody'),
      )
      .map(({ values }) => {
        const member = wordOf(values['member']);
        const account = /^<google_service_account\.(\w+)\.member>$/.exec(member)?.[1];
        const { topic, subscription, secret_id: secret, name, project, role } = values;
        const target = wordOf(topic ?? subscription ?? secret ?? name ?? project);
        return `${account === undefined ? 'agent' : `calendar-${account}`} ${wordOf(role)} ${target}`;
      });
    expect(grants.toSorted()).toEqual(expected.toSorted());
  });

  test('the indexed fields are the same as with Terraform', () => {
    const fields = byHand.flatMap((command) => {
      const [, field, collection] =
        /indexes fields update (\S+) --collection-group=(\S+)/.exec(command) ?? [];
      return field === undefined ? [] : [`${String(collection)}.${field.replaceAll("'", '')}`];
    });
    const expected = ofType(plan, 'google_firestore_field').map(
      ({ values }) => `${wordOf(values['collection'])}.${wordOf(values['field'])}`,
    );
    expect(fields.toSorted()).toEqual(expected.toSorted());
  });
});
