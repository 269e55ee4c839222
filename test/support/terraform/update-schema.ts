/**
 * Writes `schema.json` anew, after `terraform init` in the example:
 *
 *   terraform -chdir=infra/terraform/example providers schema -json > /tmp/schemas.json
 *   terraform -chdir=infra/terraform/example version -json > /tmp/versions.json
 *   node test/support/terraform/update-schema.ts /tmp/schemas.json /tmp/versions.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { extractSchemas } from './extract-schema.ts';
import { ProviderSchemas } from './schema.ts';

const selections = z.object({ provider_selections: z.record(z.string(), z.string()).default({}) });

const [schemas = '', versions] = process.argv.slice(2);
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const extracted = extractSchemas(
  ProviderSchemas.parse(read(schemas)),
  versions === undefined ? {} : selections.parse(read(versions)).provider_selections,
);
writeFileSync(new URL('schema.json', import.meta.url), `${JSON.stringify(extracted, null, 1)}\n`);
