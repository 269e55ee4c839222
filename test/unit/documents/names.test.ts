/** Environment variables and fields of a watch that the documents name exist in the code. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allDocuments, spansOf, type Document } from '../../support/documents.ts';

const FUNCTIONS = new URL('../../../functions/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, FUNCTIONS), 'utf8');
const config = `${read('config.ts')}\n${read('../infra/cli/config.ts')}`;
const watches = readdirSync(new URL('watches/', FUNCTIONS))
  .map((name) => read(`watches/${name}`))
  .join('\n');

/**
 * Read by Node, by npm packages, by examples, by Google's libraries, by Terraform, by the clients that test/clients runs
 * and by this machine's tools, not by the configuration.
 */
const OF_OTHERS = new Set([
  'CALENDAR_EMULATOR_URL',
  'HTTPS_PROXY',
  'NODE_OPTIONS',
  'NO_COLOR',
  'PATIENCE_SECONDS',
  'REQUESTS_CA_BUNDLE',
  'SSL_CERT_FILE',
  'TF_CLI_CONFIG_FILE',
  'XDG_CACHE_HOME',
]);

/** Returns each name that neither the configuration nor the schema of a watch has. */
const unknownNames = (documents: readonly Document[]): readonly string[] =>
  documents.flatMap((document) =>
    spansOf(document).filter((span) => {
      if (/^[A-Z]+(?:_[A-Z]+)+$/.test(span)) return !config.includes(span) && !OF_OTHERS.has(span);
      const [, ...fields] = /^status(?:\.\w+)+$/.test(span) ? span.split('.') : [];
      return !fields.every((field) => new RegExp(`\\b${field}\\b`).test(watches));
    }),
  );

test('every environment variable and every field of a status that a document names exists', () => {
  const documents = allDocuments();
  const spans = documents.flatMap(spansOf);
  expect(spans).toEqual(expect.arrayContaining(['MAX_STALENESS_SECONDS', 'status.state']));
  expect(unknownNames(documents)).toEqual([]);
});

test('a name that does not exist is found', () => {
  const text = 'Set `POLL_MINUTES` and `POLL_SECONDS`; see `status.sync.cursor` and `status.state`.';
  expect(unknownNames([{ path: 'x.md', text }])).toEqual(['POLL_MINUTES', 'status.sync.cursor']);
});
