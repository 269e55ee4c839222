/** Terraform's own checks of the module, with the real providers, where `terraform init` can get them. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { buildFunction } from '../../../../infra/build/functions.ts';
import { extractSchemas } from '../../../support/terraform/extract-schema.ts';
import { ProviderSchemas, readSchemas } from '../../../support/terraform/schema.ts';
import { addMockedTests, copyModule, initialize } from '../../../support/terraform/terraform.ts';

const copy = copyModule();
afterAll(copy.remove);

const missing = initialize(copy);

const planned = z.object({
  resource_changes: z.array(
    z.object({
      address: z.string(),
      change: z.object({ after: z.looseObject({ name: z.unknown().optional() }) }),
    }),
  ),
});

/** Returns the names of the archives in a plan, which have their hashes. */
function archives(): readonly unknown[] {
  expect(copy.terraform(['plan', '-out=plan'])).toMatchObject({ status: 0 });
  const { resource_changes: changes } = planned.parse(
    JSON.parse(copy.terraform(['show', '-json', 'plan']).text),
  );
  return changes
    .filter(({ address }) => address.includes('google_storage_bucket_object.source'))
    .map(({ change }) => change.after.name);
}

describe.skipIf(missing !== '')(`terraform${missing}`, () => {
  test('validate accepts the module and the example', () => {
    expect(copy.terraform(['validate'])).toEqual({ status: 0, text: expect.stringContaining('is valid') });
  });

  test('validate finds a misspelt attribute', () => {
    const file = join(copy.root, 'infra/terraform/topics.tf');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('kms_key_name ', 'kms_key_names '));
    const mistaken = copy.terraform(['validate']);
    writeFileSync(file, text);
    expect(mistaken).toEqual({
      status: 1,
      text: expect.stringContaining('"kms_key_names" is not expected here'),
    });
  });

  test('plan creates everything, and asks Google nothing', () => {
    const { status, text } = copy.terraform(['plan']);
    expect({ status, text }).toMatchObject({ status: 0 });
    expect(text).toMatch(/Plan: 1\d\d to add, 0 to change, 0 to destroy\./);
  });

  test('two builds of the same code have the same archives', async () => {
    const first = archives();
    expect(first).toHaveLength(3);
    // Beside dist, as the source map has relative paths.
    const dist = fileURLToPath(new URL('../../../../dist-again', import.meta.url));
    await buildFunction('receive', 'functions/receive/index.ts', { dist });
    cpSync(`${dist}/receive`, join(copy.root, 'dist/receive'), { recursive: true });
    rmSync(dist, { recursive: true });
    expect(archives()).toEqual(first);
  });

  test('schema.json is an extract of the schemas of the providers', () => {
    const { text } = copy.terraform(['providers', 'schema', '-json']);
    const { provider_schemas: real } = extractSchemas(ProviderSchemas.parse(JSON.parse(text)));
    for (const [name, { version: _, ...kept }] of Object.entries(readSchemas().provider_schemas))
      expect([name, kept]).toEqual([name, real[name]]);
  });

  test('the tests with mocked providers pass', { timeout: 180_000 }, () => {
    addMockedTests(copy);
    expect(copy.terraform(['init'], 'infra/terraform')).toMatchObject({ status: 0 });
    const { status, text } = copy.terraform(['test'], 'infra/terraform');
    expect({ status, text }).toMatchObject({ status: 0 });
    expect(text).toMatch(/Success! \d+ passed, 0 failed\./);
  });
});
