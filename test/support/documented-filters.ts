import { readFileSync, readdirSync } from 'node:fs';

import { allDocuments, blocksOf, spansOf, type Document } from './documents.ts';
import { commandsOf } from './shell.ts';

/** The filters of Pub/Sub subscriptions that readers are told to use. */

const INFRA = new URL('../../infra/', import.meta.url);

/** The option of `gcloud pubsub subscriptions create`. In double quotes, a shell would take quotes and variables out of the filter. */
const OPTION = /--message-filter[= ]('[^']*'|\S*)/g;
const SPAN = /^(?:[(-]|NOT |hasPrefix\()*attributes *[.:]/;

/** Returns the filters of a document: those of its commands, and those that are code in its text. */
export function filtersOf(document: Document): readonly string[] {
  const shells = blocksOf(document).filter(({ language }) => language === 'sh');
  const commands = [...shells.flatMap(({ body }) => commandsOf(body)), ...spansOf(document)];
  return [
    ...commands.flatMap((command) => [...command.matchAll(OPTION)]).map(([, given = '']) => unquoted(given)),
    ...spansOf(document).filter((span) => SPAN.test(span)),
  ];
}

const unquoted = (given: string): string => (given.startsWith("'") ? given.slice(1, -1) : given);

/** Returns the filters of the subscriptions in a Terraform file. */
export function filtersOfTerraform(text: string): readonly string[] {
  const resources = text.matchAll(/^resource "google_pubsub_subscription" .*?^\}$/gms);
  return [...resources].flatMap(([resource]) =>
    [...resource.matchAll(/^ +filter += ("(?:[^"\\]|\\.)*")$/gm)].map(([, literal]) =>
      JSON.parse(literal ?? ''),
    ),
  );
}

/** Returns every filter of the documents and Terraform files, once. */
export function documentedFilters(): readonly string[] {
  const terraform = readdirSync(INFRA, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(?!.*\.terraform\/).*\.tf$/.test(name),
  );
  const all = [
    ...allDocuments().flatMap(filtersOf),
    ...terraform.flatMap((name) => filtersOfTerraform(readFileSync(new URL(name, INFRA), 'utf8'))),
  ];
  return [...new Set(all)].toSorted();
}
