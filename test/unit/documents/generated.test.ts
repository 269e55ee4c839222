/** Generated documents and Terraform files are up to date: `npm run docs`. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { emulatorPage } from '../../../infra/build/clients.ts';
import { commandLinePage } from '../../../infra/build/command-line.ts';
import { configurationPage } from '../../../infra/build/configuration.ts';
import { coveragePage } from '../../../infra/build/coverage.ts';
import { exemptFields, indexedFields } from '../../../infra/build/indexes.ts';
import { tasksPage } from '../../../infra/build/tasks.ts';
import { readDocument } from '../../support/documents.ts';

test('infra/configuration.md is what the schemas of the variables say', () => {
  expect(readDocument('infra/configuration.md').text, 'stale: npm run docs').toBe(configurationPage());
});

test('infra/configuration.md says what each variable means, in lines of at most 160 characters', () => {
  const lines = configurationPage().split('\n');
  expect(lines.filter((line) => line.length > 160)).toEqual([]);
  expect(lines.filter((line) => /^- `\w+` – [A-Z`]/.test(line)).length).toBeGreaterThan(20);
  expect(lines.filter((line) => /^- .*– *$/.test(line))).toEqual([]);
});

test('infra/cli/README.md is what the help of the commands says', () => {
  expect(readDocument('infra/cli/README.md').text, 'stale: npm run docs').toBe(commandLinePage());
});

test('infra/emulator/COVERAGE.md is what the routes and the API definition say', async () => {
  expect(readDocument('infra/emulator/COVERAGE.md').text, 'stale: npm run docs').toBe(await coveragePage());
});

test('infra/emulator/README.md has the table of the clients that are tested', () => {
  expect(readDocument('infra/emulator/README.md').text, 'stale: npm run docs').toBe(emulatorPage());
});

test('infra/emulator/tasks.md shows the example files as they are tested', () => {
  expect(readDocument('infra/emulator/tasks.md').text, 'stale: npm run docs').toBe(tasksPage());
});

test.each([
  ['exempt-fields.tf', exemptFields],
  ['indexed-fields.tf', indexedFields],
])('infra/terraform/%s changes one index after the other', (name, render) => {
  const text = readFileSync(new URL(`../../../infra/terraform/${name}`, import.meta.url), 'utf8');
  expect(text, 'stale: npm run docs').toBe(render());
});
