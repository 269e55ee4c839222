import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { table } from './markdown.ts';

/** Generates the table of tested clients in the emulator's README, from `test/clients/<folder>/client.json`. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLIENTS = `${ROOT}test/clients`;
const README = `${ROOT}infra/emulator/README.md`;

const Client = z.strictObject({
  name: z.string().min(1),
  language: z.enum(['Python', 'Go', 'Java', 'Rust', 'JavaScript', 'browser', 'shell']),
  version: z.string().min(1),
  notes: z.string().min(1).max(120),
  checks: z.int().min(1),
});

/** A client that a suite below `test/clients` runs. */
export interface TestedClient extends z.infer<typeof Client> {
  /** The path of its folder. */
  readonly folder: string;
}

/**
 * Returns the clients in the order of language and name.
 * @throws Error for a `client.json` that does not match the schema, with the path of the file
 */
export function testedClients(): readonly TestedClient[] {
  const folders = readdirSync(CLIENTS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${CLIENTS}/${name}`);
  return folders
    .filter((folder) => existsSync(`${folder}/client.json`))
    .flatMap((folder) => {
      const file = `${folder}/client.json`;
      const parsed = z.union([Client, z.array(Client)]).safeParse(JSON.parse(readFileSync(file, 'utf8')));
      if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
      return [parsed.data].flat().map((client) => ({ ...client, folder }));
    })
    .toSorted((a, b) => a.language.localeCompare(b.language, 'en') || a.name.localeCompare(b.name, 'en'));
}

/** Renders the table of clients. */
export const clientsTable = (clients: readonly TestedClient[]): string =>
  table([
    ['client', 'language', 'version', 'how it is pointed at the emulator', 'checks'],
    ...clients.map(({ name, language, version, notes, checks }) => [
      `\`${name}\``,
      language,
      version,
      notes.replaceAll('|', '\\|'),
      String(checks),
    ]),
  ]);

const SECTION = /(?<=<!-- clients: npm run docs -->\n).*?(?=<!-- end of clients -->)/s;

/** Returns the emulator's README with the table of the clients that are tested now. */
export function emulatorPage(): string {
  const clients = testedClients();
  const section = clients.length === 0 ? '' : `\n${clientsTable(clients)}\n\n`;
  return readFileSync(README, 'utf8').replace(SECTION, () => section);
}
