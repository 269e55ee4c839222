/** The documented deployment, command by command: each uses only variables that an earlier one set. */
import { describe, expect, test } from 'vitest';
import { commandsOf, shellIn, unsetIn } from '../../../support/shell.ts';
import { isBodies, readConfiguration } from '../../../support/terraform/configuration.ts';
import { MODULE } from '../../../support/terraform/module.ts';

const configuration = await readConfiguration(MODULE);
const example = await readConfiguration(`${MODULE}example/`);

const quickStart = commandsOf(shellIn('README.md', '## Deploy'));
const deploying = ['## Deploying', '## Removing a deployment'].flatMap((part) =>
  commandsOf(shellIn('infra/terraform/README.md', part)),
);
const operating = commandsOf(shellIn('infra/operations.md'));

/** Returns the position of the first command that contains a text. */
const at = (part: string): number => deploying.findIndex((command) => command.includes(part));

test.each([
  ['README.md', quickStart],
  ['infra/terraform/README.md', deploying],
  ['infra/operations.md', operating],
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
