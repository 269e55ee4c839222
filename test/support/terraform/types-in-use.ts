import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../infra/terraform/', import.meta.url);

/** Every type of resource and data source that `infra/terraform` names, as `resource.google_pubsub_topic`. */
export function typesInUse(): readonly string[] {
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tf'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const found = texts.flatMap((text) =>
    [...text.matchAll(/^(resource|data|ephemeral) "(\w+)"/gm)].map(([, kind = '', type = '']) =>
      // An ephemeral resource has the attributes of the resource of its name; the prebuilt providers know it only as that.
      kind === 'ephemeral' ? `resource.${type}` : `${kind}.${type}`,
    ),
  );
  return [...new Set(found)].filter((name) => !name.endsWith('.terraform_data')).toSorted();
}
