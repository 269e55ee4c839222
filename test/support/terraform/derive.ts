/**
 * Derives `schema.json` from the prebuilt providers of CDK for Terraform, whose sources contain every attribute of the providers' own
 * schemas. They have 300 MB, and so are not a dependency: unpack them (`npm pack @cdktf/provider-google@16`, and likewise
 * `provider-archive` and `provider-random`) and pass the folders.
 *
 *   node test/support/terraform/derive.ts <folder>… > test/support/terraform/schema.json
 *
 * Includes the resources that `infra/terraform` uses.
 */
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { blockIn } from './read-provider.ts';
import { ProviderSchema } from './schema.ts';
import { typesInUse } from './types-in-use.ts';

const sourceMap = z.object({ sourcesContent: z.tuple([z.string()]) });

/** Returns the TypeScript source of a resource's module. */
function sourceOf(folder: string, module: string): string | undefined {
  const path = `${folder}/lib/${module}/index.js`;
  if (!existsSync(path)) return undefined;
  const [, map = ''] =
    /sourceMappingURL=data:application\/json;base64,(\S+)/.exec(readFileSync(path, 'utf8')) ?? [];
  return sourceMap.parse(JSON.parse(Buffer.from(map, 'base64').toString())).sourcesContent[0];
}

const folders = process.argv.slice(2);
const schema: ProviderSchema = { providers: {}, resource: {}, data: {} };
for (const name of typesInUse()) {
  const [kind = '', type = ''] = name.split('.');
  // A prebuilt provider omits its own name in the module of a resource, but not of a data source.
  const [provider = '', ...words] = type.split('_');
  const module = kind === 'data' ? ['data', provider, ...words].join('-') : words.join('-');
  const source = folders
    .filter((folder) =>
      readFileSync(`${folder}/package.json`, 'utf8').includes(`"@cdktf/provider-${provider}"`),
    )
    .flatMap((folder) => sourceOf(folder, module) ?? [])[0];
  if (source === undefined) throw new Error(`${name}: none of the folders has ${module}`);
  const [, className = ''] =
    new RegExp(`export class (\\w+) extends cdktf\\.Terraform(?:Resource|DataSource)`).exec(source) ?? [];
  const [, version = ''] = /providerVersion: '([^']+)'/.exec(source) ?? [];
  schema.providers[provider] = version;
  schema[kind === 'data' ? 'data' : 'resource'][type] = blockIn(source, className);
}
process.stdout.write(`${JSON.stringify(ProviderSchema.parse(schema), null, 1)}\n`);
