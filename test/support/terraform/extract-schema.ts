import { KINDS, schemaOf, type ProviderSchemas } from './schema.ts';
import { typesInUse } from './types-in-use.ts';

/**
 * Returns the part of the providers' schemas that `infra/terraform` uses, without descriptions.
 * @param versions the version of each provider, by its address or name
 */
export function extractSchemas(
  schemas: ProviderSchemas,
  versions: Readonly<Record<string, string>> = {},
): ProviderSchemas {
  const inUse = typesInUse();
  const extracted = Object.entries(schemas.provider_schemas).flatMap(([address, provider]) => {
    const only: ProviderSchemas = { provider_schemas: { [address]: provider } };
    const kinds = (['resource', 'data', 'ephemeral'] as const).map((kind) => [
      KINDS[kind],
      Object.fromEntries(
        inUse.flatMap(({ kind: its, type }) => {
          const block = its === kind ? schemaOf(only, kind, type) : undefined;
          return block ? [[type, { block }] as const] : [];
        }),
      ),
    ]);
    const name = address.replace(/^.*\//, '');
    const version = versions[address] ?? provider.version;
    if (kinds.every(([, types]) => Object.keys(types ?? {}).length === 0)) return [];
    return [[name, { ...(version !== undefined && { version }), ...Object.fromEntries(kinds) }] as const];
  });
  return { provider_schemas: Object.fromEntries(extracted) };
}
