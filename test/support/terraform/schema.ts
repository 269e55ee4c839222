import { readFileSync } from 'node:fs';
import * as z from 'zod';

/**
 * The providers' schemas, as `terraform providers schema -json` prints them.
 * @see https://developer.hashicorp.com/terraform/cli/commands/providers/schema
 */

/** The type of a value: `string`, or `["list", "string"]` and the like. */
type Type = string | readonly [string, Type | Readonly<Record<string, Type>>];
const type: z.ZodType<Type> = z.lazy(() =>
  z.union([z.string(), z.tuple([z.string(), z.union([type, z.record(z.string(), type)])])]),
);

const attribute = z.object({
  type: type.optional(),
  required: z.boolean().optional(),
  optional: z.boolean().optional(),
  computed: z.boolean().optional(),
});
export type Attribute = z.infer<typeof attribute>;

export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>> | undefined;
  readonly block_types?: Readonly<Record<string, NestedBlock>> | undefined;
}

interface NestedBlock {
  readonly nesting_mode: string;
  readonly min_items?: number | undefined;
  readonly max_items?: number | undefined;
  readonly block: Block;
}

const block: z.ZodType<Block> = z.lazy(() =>
  z.object({
    attributes: z.record(z.string(), attribute).optional(),
    block_types: z.record(z.string(), nestedBlock).optional(),
  }),
);
const nestedBlock: z.ZodType<NestedBlock> = z.lazy(() =>
  z.object({
    nesting_mode: z.string(),
    min_items: z.number().optional(),
    max_items: z.number().optional(),
    block,
  }),
);

const schemas = z.record(z.string(), z.object({ block })).optional();
/** Of one provider. `version` is added by `extract-schema.ts`. */
const provider = z.object({
  version: z.string().optional(),
  resource_schemas: schemas,
  data_source_schemas: schemas,
  ephemeral_resource_schemas: schemas,
});
export const ProviderSchemas = z.object({ provider_schemas: z.record(z.string(), provider) });
export type ProviderSchemas = z.infer<typeof ProviderSchemas>;

/** The kinds of types that a configuration uses, each with its key in the schemas. */
export const KINDS = {
  resource: 'resource_schemas',
  data: 'data_source_schemas',
  ephemeral: 'ephemeral_resource_schemas',
} as const;
export type Kind = keyof typeof KINDS;

/** Returns the schema of a type, or undefined if no provider has it. */
export const schemaOf = (
  { provider_schemas: providers }: ProviderSchemas,
  kind: Kind,
  name: string,
): Block | undefined => Object.values(providers).flatMap((each) => each[KINDS[kind]]?.[name]?.block ?? [])[0];

export const readSchemas = (): ProviderSchemas =>
  ProviderSchemas.parse(JSON.parse(readFileSync(new URL('schema.json', import.meta.url), 'utf8')));

const listOfObjects = z.tuple([z.string(), z.tuple([z.literal('object'), z.record(z.string(), type)])]);

/** Returns the attributes of the objects in a list as a block, or undefined if the attribute is anything else. */
export function objectIn(given: Attribute | undefined): Block | undefined {
  const list = listOfObjects.safeParse(given?.type);
  if (!list.success) return undefined;
  const attributes = Object.entries(list.data[1][1]).map(([name, each]) => [name, { type: each }] as const);
  return { attributes: Object.fromEntries(attributes) };
}
