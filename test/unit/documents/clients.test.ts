/** The table of clients in the emulator's README says what test/clients runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  clientsTable,
  emulatorPage,
  testedClients,
  type TestedClient,
} from '../../../infra/build/clients.ts';

const LOCK = fileURLToPath(new URL('../../../package-lock.json', import.meta.url));

/** Returns whether a file of the client's folder (or of npm, the root's lock file) has the client's version. */
function isPinned({ folder, version, language }: TestedClient): boolean {
  if (version === 'any') return true;
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'client.json')
    .map(({ name }) => `${folder}/${name}`);
  const pinning = language === 'JavaScript' ? [...files, LOCK] : files;
  return pinning.some((file) => readFileSync(file, 'utf8').includes(version));
}

test('every version in client.json is pinned beside it', () => {
  expect(testedClients().filter((client) => !isPinned(client))).toEqual([]);
});

test('the emulator’s README has a place for the table', () => {
  expect(emulatorPage()).toMatch(/<!-- clients: npm run docs -->\n.*<!-- end of clients -->/s);
});

const client: TestedClient = {
  name: 'gcsa',
  language: 'Python',
  version: '2.6.0',
  notes: 'a | b',
  checks: 12,
  folder: LOCK.replace(/[^/]+$/, 'test/clients'),
};

test('a version that no file pins is found', () => {
  expect(isPinned({ ...client, version: '0.0.0-none' })).toBe(false);
  expect(isPinned({ ...client, version: 'any' })).toBe(true);
});

test('a row has the client’s name, language, version, notes and number of checks', () => {
  expect(clientsTable([client]).split('\n').at(-1)).toMatch(
    /^\| `gcsa` +\| Python +\| 2\.6\.0 +\| a \\\| b +\| 12 +\|$/,
  );
});
