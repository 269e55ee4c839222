/** The documented deployment, command by command: each uses only variables that an earlier one set. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandsOf, shellIn, unsetIn } from '../../../support/shell.ts';
import { allDocuments } from '../../../support/documents.ts';
import { readConfiguration } from '../../../support/terraform/configuration.ts';
import { MODULE, PLAIN } from '../../../support/terraform/module.ts';
import { planOf } from '../../../support/terraform/plan.ts';

const configuration = await readConfiguration(MODULE);
const readText = (path: string): string =>
  readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

const README = 'infra/terraform/README.md';
const quickStart = commandsOf(shellIn('README.md', '## Deploy'));
const sections = [...readFileSync(`${MODULE}README.md`, 'utf8').matchAll(/^## .+$/gm)]
  .map(([heading]) => [heading, commandsOf(shellIn(README, heading))] as const)
  .filter(([, commands]) => commands.length > 0);
const commandsIn = (heading: string): readonly string[] =>
  sections.find(([each]) => each === heading)?.[1] ?? [];
const deploying = commandsIn('## Deploying');
const operating = commandsOf(shellIn('infra/operations.md'));

/** Returns the position of the first command that contains a text. */
const at = (part: string): number => deploying.findIndex((command) => command.includes(part));

const documented: readonly (readonly [string, readonly string[]])[] = [
  ['README.md', quickStart],
  ['infra/operations.md', operating],
  ...sections.map(([heading, commands]) => [`${README}, ${heading}`, commands] as const),
];

test.each(documented)('%s sets every variable before it is used', (_, commands) => {
  expect(commands.length).toBeGreaterThan(0);
  expect(unsetIn(commands)).toEqual([]);
});

test('a variable that is not set is found', () => {
  expect(unsetIn(['A=1', 'echo $A $B', "echo '$C'"])).toEqual(['B in: echo $A $B']);
});

describe('with Terraform', () => {
  const all = [...quickStart, ...sections.flatMap(([, commands]) => commands), ...operating];

  test('README deploys in nine commands, which are those of the guide in the same order', () => {
    const [, , ...commands] = quickStart;
    expect(commands).toHaveLength(9);
    expect(quickStart.slice(0, -1)).toEqual(deploying.slice(0, quickStart.length - 1));
    expect(commands.at(-1)).toContain('npx calendar-mirror');
  });

  test('commands name folders and outputs that exist', () => {
    expect(all.filter((command) => command.startsWith('terraform')).length).toBeGreaterThan(12);
    for (const command of all) {
      for (const [, folder] of command.matchAll(/-chdir=(\S+)/g))
        expect(folder).toBe('infra/terraform/example');
      for (const [, name = ''] of command.matchAll(/jq (?:-r )?'?\.(\w+)/g))
        expect(Object.keys(configuration.outputs)).toContain(name);
    }
  });

  test('no document gives a choice by -var: the next apply would not know it', () => {
    const texts = [
      ...allDocuments().filter(({ path }) => path !== 'CHANGELOG.md'),
      { path: 'cloudbuild.yaml', text: readText('cloudbuild.yaml') },
    ];
    for (const { path, text } of texts)
      expect([path, /(?:^|[\s`'"])-var\b|TF_VAR_/.exec(text)]).toEqual([path, null]);
  });

  test('the commands name resources that exist', () => {
    const everything = planOf(configuration, {
      ...PLAIN,
      bigquery_table: { dataset: 'd', table: 't' },
      calendar_auth: 'oauth',
      oauth_token_store: 'firestore',
      oauth_token_operators: ['user:ada@example.com'],
    });
    const known = new Set(
      everything.resources.flatMap(({ address, type, name }) => [address, `${type}.${name}`]),
    );
    const named = all.flatMap((command) => [
      ...[...command.matchAll(/module\.calendar_mirror\.([a-z]\w+\.\w+(?:\[[^\]]+\])?)/g)].map(
        ([, address]) => address,
      ),
      ...[...command.matchAll(/^import '?([^'\s]+)/g)].map(([, address]) => address),
    ]);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((address = '') => !known.has(address))).toEqual([]);
  });

  test('choices are written before the first plan, and only once', () => {
    const written = at('terraform.tfvars.example > ');
    expect(written).toBeLessThan(at(' apply'));
    expect(deploying[written]).toMatch(/^test -e \S+terraform\.tfvars \|\| /);
  });

  test('the bucket for the state is created before init, and the functions are built before apply', () => {
    expect(at('buckets create gs://$PROJECT-terraform')).toBeGreaterThan(at('login'));
    expect(at('buckets update gs://$PROJECT-terraform --versioning')).toBeGreaterThan(-1);
    expect(at('bucket=$PROJECT-terraform')).toBeGreaterThan(at('buckets create'));
    expect(at('npm run build')).toBeGreaterThan(-1);
    expect(at(' apply')).toBeGreaterThan(Math.max(at('npm run build'), at(' init ')));
    expect(at('RECEIVE_URL=')).toBeGreaterThan(at(' apply'));
  });
});

/** Types whose creation does not fail if the resource exists: it is updated, adopted, or made a second time. */
const ADOPTED =
  /_iam_member$|^google_(project_service|service_account|firestore_field|storage_bucket_object|secret_manager_secret_version|monitoring_\w+)$|^terraform_data$|^time_sleep$/;

test('after a killed apply, everything that Google has already can be imported', () => {
  const imports = commandsIn('## A killed apply').flatMap(
    (command) => /^import '?([^'\s]+)/.exec(command)?.[1] ?? [],
  );
  const plan = planOf(configuration, { ...PLAIN, bigquery_table: { dataset: 'd', table: 't' } });
  const needed = plan.resources
    .filter(({ kind, type }) => kind === 'resource' && !ADOPTED.test(type))
    // One of the metrics stands for all.
    .filter(({ type, address }) => type !== 'google_logging_metric' || address.includes('"syncs"'))
    .map(({ address }) => address);
  expect(imports.toSorted()).toEqual(needed.toSorted());
});

test('a restore makes Terraform forget everything that is in the database', () => {
  const command = commandsIn('## Restoring a backup').find((each) => each.includes(' state rm ')) ?? '';
  const [, pattern = ''] = /state list \| grep -E '([^']+)'/.exec(command) ?? [];
  const listed = planOf(configuration, PLAIN).resources.filter(({ kind }) => kind === 'resource');
  const isForgotten = new RegExp(pattern);
  expect(listed.filter(({ address }) => isForgotten.test(address)).map(({ address }) => address)).toEqual(
    listed
      .filter(({ type, name }) => type.startsWith('google_firestore_') || name === 'installation')
      .map(({ address }) => address),
  );
  // The shell passes on each word of the list as it is.
  expect(listed.filter(({ address }) => isForgotten.test(address) && /["' *?]/.test(address))).toEqual([]);
});

describe('cloudbuild.yaml', () => {
  const steps = readText('cloudbuild.yaml');

  test("takes the choices and the providers' versions from the state bucket, or refuses", () => {
    expect(steps).toContain('for file in terraform.tfvars .terraform.lock.hcl; do');
    expect(steps).toContain('"gs://$_STATE_BUCKET/calendar-mirror/$$file"');
    expect(steps).toMatch(/\|\|\s+\{ echo .*; exit 1; \}/);
    expect(commandsIn('## Cloud Build').join('\n')).toContain(
      'terraform.tfvars infra/terraform/example/.terraform.lock.hcl gs://$PROJECT-terraform/calendar-mirror/',
    );
  });
});
