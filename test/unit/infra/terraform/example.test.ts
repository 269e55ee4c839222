/** The example passes every variable of the module, and every choice is in terraform.tfvars. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isBodies, readConfiguration } from '../../../support/terraform/configuration.ts';
import { Expression } from '../../../support/terraform/expression.ts';
import { MODULE } from '../../../support/terraform/module.ts';

const module = await readConfiguration(MODULE);
const example = await readConfiguration(`${MODULE}example/`);
const names = Object.keys(module.variables).toSorted();
const choices = readFileSync(`${MODULE}example/terraform.tfvars.example`, 'utf8');

/** Returns the type of a variable, without the defaults of an object's attributes. */
const typeOf = ({ variables }: typeof module, name: string): unknown => {
  const declared = variables[name];
  const type = isBodies(declared) ? declared['type'] : undefined;
  return type instanceof Expression ? type.text.replaceAll(/optional\((\w+), \d+\)/g, 'optional($1)') : type;
};

test('the example has every variable of the module, of the same type', () => {
  expect(Object.keys(example.variables).toSorted()).toEqual(names.toSorted());
  for (const name of names) expect([name, typeOf(example, name)]).toEqual([name, typeOf(module, name)]);
});

test('the example passes every variable to the module', () => {
  const { calendar_mirror: called } = example.modules;
  const { source, ...passed } = isBodies(called) ? called : {};
  expect(source).toBe('../');
  const texts = Object.entries(passed).map(([name, value]) => [
    name,
    value instanceof Expression ? value.text : value,
  ]);
  expect(Object.fromEntries(texts)).toEqual(
    Object.fromEntries(names.map((name) => [name, `\${var.${name}}`])),
  );
});

test('a variable that is not given has the default of the module', () => {
  const withDefault = Object.entries(module.variables).filter(
    ([, body]) => isBodies(body) && 'default' in body,
  );
  const inExample = Object.entries(example.variables).filter(
    ([, body]) => isBodies(body) && 'default' in body,
  );
  expect(inExample.map(([name]) => name).toSorted()).toEqual(withDefault.map(([name]) => name).toSorted());
  for (const [, body] of inExample) expect(body).toMatchObject({ default: null });
  // Otherwise null would replace the default.
  const nullable = withDefault.filter(
    ([, body]) => isBodies(body) && body['default'] !== null && body['nullable'] !== false,
  );
  expect(nullable.map(([name]) => name)).toEqual([]);
});

test('terraform.tfvars.example names every variable, and gives those without a default', () => {
  const named = [...choices.matchAll(/^(# )?(\w+) += /gm)].map(([, comment, name]) => [
    name,
    comment === undefined,
  ]);
  const expected = names.map((name) => {
    const body = module.variables[name];
    return [name, isBodies(body) && !('default' in body)];
  });
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(expected));
});

test('git ignores terraform.tfvars, and not the lock file of the providers', () => {
  const ignored = readFileSync(new URL('../../../../.gitignore', import.meta.url), 'utf8').split('\n');
  expect(ignored).toContain('infra/terraform/example/terraform.tfvars');
  expect(ignored.join('\n')).not.toContain('.lock.hcl');
});
