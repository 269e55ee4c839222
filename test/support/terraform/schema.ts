import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** The schema of resources in `schema.json`, which `derive.ts` derives from the providers' own. */

const types = ['string', 'number', 'bool', 'list', 'set', 'map'] as const;

const attribute = z.object({
  /** Of a collection: the type of its elements; a block if they are objects. */
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
  /** By provider: its version. */
  providers: z.record(z.string(), z.string()),
  resource: z.record(z.string(), block),
  data: z.record(z.string(), block),
});
export type ProviderSchema = z.infer<typeof ProviderSchema>;

export const readSchema = (): ProviderSchema =>
  ProviderSchema.parse(JSON.parse(readFileSync(new URL('schema.json', import.meta.url), 'utf8')));
