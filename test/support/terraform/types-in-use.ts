import { readdirSync, readFileSync } from 'node:fs';
import type { Kind } from './schema.ts';

const FOLDERS = ['terraform', 'examples'].map((name) => new URL(`../../../infra/${name}/`, import.meta.url));

/** A type of resource, data source or ephemeral resource. */
export interface TypeInUse {
  readonly kind: Kind;
  readonly type: string;
}

const isKind = (word: string): word is Kind => ['resource', 'data', 'ephemeral'].includes(word);

/** Returns every type that `infra/terraform` and the examples use, except `terraform_data`, which is built into Terraform. */
export function typesInUse(): readonly TypeInUse[] {
  const texts = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.tf') && !name.includes('.terraform/'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8')),
  );
  const found = texts.flatMap((text) =>
    [...text.matchAll(/^(\w+) "(\w+)" "\w+" \{/gm)].flatMap(([, kind = '', type = '']) =>
      isKind(kind) ? [{ kind, type }] : [],
    ),
  );
  const byName = new Map(found.map((each) => [`${each.kind}.${each.type}`, each]));
  return [...byName.values()]
    .filter(({ type }) => type !== 'terraform_data')
    .toSorted((a, b) => a.type.localeCompare(b.type));
}
