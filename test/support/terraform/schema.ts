import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** What a provider says of its resources: `schema.json`, which `derive.ts` made of the providers' own. */

const types = ['string', 'number', 'bool', 'list', 'set', 'map'] as const;

const attribute = z.object({
  /** Of what holds others: of what kind these are; a block where they are objects. */
  type: z.enum(types),
  of: z.union([z.enum(['string', 'number', 'bool']), z.lazy(() => block)]).optional(),
  required: z.boolean().optional(),
  optional: z.boolean().optional(),
  computed: z.boolean().optional(),
});
export type Attribute = z.infer<typeof attribute>;

export interface Block {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly blocks: Readonly<Record<string, NestedBlock>>;
}

export interface NestedBlock extends Block {
  /** `single`: at most one, not in a list. */
  readonly nesting: 'list' | 'set' | 'single';
  /** Of a list: at most one. */
  readonly once?: boolean | undefined;
  readonly required?: boolean | undefined;
}

const block: z.ZodType<Block> = z.lazy(() =>
  z.object({
    attributes: z.record(z.string(), attribute),
    blocks: z.record(z.string(), nestedBlock),
  }),
);

const nestedBlock: z.ZodType<NestedBlock> = z.lazy(() =>
  z.object({
    nesting: z.enum(['list', 'set', 'single']),
    once: z.boolean().optional(),
    required: z.boolean().optional(),
    attributes: z.record(z.string(), attribute),
    blocks: z.record(z.string(), nestedBlock),
  }),
);

export const ProviderSchema = z.object({
  /** The version of each provider. */
  providers: z.record(z.string(), z.string()),
  resource: z.record(z.string(), block),
  data: z.record(z.string(), block),
});
export type ProviderSchema = z.infer<typeof ProviderSchema>;

export const readSchema = (): ProviderSchema =>
  ProviderSchema.parse(JSON.parse(readFileSync(new URL('schema.json', import.meta.url), 'utf8')));
