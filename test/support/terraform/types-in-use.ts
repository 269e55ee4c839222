import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../infra/terraform/', import.meta.url);

/** Returns every type of resource and data source in `infra/terraform`, such as `resource.google_pubsub_topic`. */
export function typesInUse(): readonly string[] {
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tf'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const found = texts.flatMap((text) =>
    [...text.matchAll(/^(resource|data|ephemeral) "(\w+)"/gm)].map(([, kind = '', type = '']) =>
      // An ephemeral resource has the attributes of the resource of the same name, which is the one that prebuilt providers have.
      kind === 'ephemeral' ? `resource.${type}` : `${kind}.${type}`,
    ),
  );
  return [...new Set(found)].filter((name) => !name.endsWith('.terraform_data')).toSorted();
}
