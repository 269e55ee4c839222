/** The Avro records of messages with the libraries of Python and Java: one writes, both read, across versions of a schema. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { replayEndedMessage } from '../../../infra/cli/replay/ended.ts';
import { changeMessage, type Change } from '../../../functions/feed/change.ts';
import { watchMessage } from '../../../functions/feed/watch-message.ts';
import { sampleChange } from '../../support/sample-change.ts';

const run = promisify(execFile);
const SCHEMAS = new URL('../../../functions/feed/schemas/', import.meta.url);
const schemaOf = z.looseObject({ fields: z.array(z.looseObject({ name: z.string() })) });
type Schema = z.infer<typeof schemaOf>;

const published = (kind: string): Schema =>
  schemaOf.parse(JSON.parse(readFileSync(new URL(`${kind}.1.avsc`, SCHEMAS), 'utf8')));

/** The schema as it might be a version later, and as it might have been before the fields with a default came. */
const later = ({ fields, ...rest }: Schema): Schema => ({
  ...rest,
  fields: [...fields, { name: 'tenant', type: ['null', 'string'], default: null }],
});
const earlier = ({ fields, ...rest }: Schema): Schema => ({
  ...rest,
  fields: fields.filter((field) => !('default' in field)),
});

type Command = readonly [program: string, ...args: string[]];
interface Language {
  readonly name: string;
  /** Why its tests are left out; an empty text if they are not. */
  readonly missing: string;
  /** Installs the library with its pinned version in a folder; returns the command that runs the program. */
  readonly install: (folder: string) => Promise<Command>;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const without = (name: string, command: string, ...args: readonly string[]): string =>
  spawnSync(command, args).status === 0 ? '' : `${name} is not installed`;

const LANGUAGES: readonly Language[] = [
  {
    name: 'Python',
    missing: without('Python', 'python3', '-c', 'import pip, venv'),
    install: async (folder) => {
      await run('python3', ['-m', 'venv', '--without-pip', folder]);
      const pip = ['-m', 'pip', '--python', `${folder}/bin/python`, '--quiet', 'install', '--no-compile'];
      await run('python3', [...pip, '-r', here('python/requirements.txt')]);
      return [`${folder}/bin/python`, here('python/records.py')];
    },
  },
  {
    name: 'Java',
    missing: without('Maven', 'mvn', '--version'),
    install: async (folder) => {
      await cp(here('java'), folder, { recursive: true });
      const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath';
      await run('mvn', ['-q', '-B', plugin, '-Dmdep.outputFile=classpath'], { cwd: folder });
      const classpath = await readFile(`${folder}/classpath`, 'utf8');
      return ['java', '-cp', classpath.trim(), `${folder}/Records.java`];
    },
  },
];
const present = LANGUAGES.filter(({ missing }) => missing === '');

let root: string;
const commands = new Map<string, Command>();
beforeAll(async () => {
  root = await mkdtemp(`${tmpdir()}/calendar-mirror-avro-`);
  await Promise.all(
    present.map(async ({ name, install }) => commands.set(name, await install(`${root}/${name}`))),
  );
}, 600_000);
afterAll(() => rm(root, { recursive: true, force: true }));

interface Case {
  readonly writer: Schema;
  readonly reader: Schema;
  readonly data?: unknown;
  readonly bytes?: string;
}
const resultsSchema = z.array(z.object({ bytes: z.string(), record: z.record(z.string(), z.unknown()) }));

/** Runs cases with the library of a language. */
async function through(name: string, cases: readonly Case[]): Promise<z.infer<typeof resultsSchema>> {
  const [program = '', ...args] = commands.get(name) ?? [];
  const child = spawn(program, args);
  child.stdin.end(JSON.stringify(cases));
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(errors);
  return resultsSchema.parse(JSON.parse(output));
}

const json = z.record(z.string(), z.unknown());
const dataOf = ({ data }: { readonly data: Buffer }) => json.parse(JSON.parse(data.toString()));

const CHANGE = sampleChange(
  { id: 'r', summary: 'Jause ☕ "nu"' },
  { id: 'r', reminders: { overrides: [5] } },
);
const TEAM = { user: 'ada@example.com', resource: 'events', calendarId: 'team' } as const;
const TIME = '2030-01-01T00:00:00.000Z';
const changeOf = (more: Partial<Change>) => dataOf(changeMessage({ ...CHANGE, ...more }, 'users/x'));

const MESSAGES: readonly (readonly [name: string, kind: string, data: Record<string, unknown>])[] = [
  ['an edited event', 'change', changeOf({})],
  ['a deletion', 'change', changeOf({ change: 'deleted', after: null, sequence: 2 ** 53 - 1 })],
  ['a setting', 'change', changeOf({ resource: 'settings', calendarId: null, before: null })],
  ['a change of a kind that does not exist yet', 'change', { ...changeOf({}), change: 'archived' }],
  ['a change with omissions', 'change', changeOf({ before: null, omitted: ['before', 'description'] })],
  [
    'a new state of a watch',
    'watch',
    dataOf(watchMessage({ watchId: 'w', ...TEAM, state: 'active', sequence: 0, occurredAt: TIME }, 1)),
  ],
  [
    'the end of a full sync',
    'watch',
    dataOf(
      watchMessage({ watchId: 'w', ...TEAM, state: 'active', sequence: 7, items: 7, occurredAt: TIME }, 2),
    ),
  ],
  [
    'the end of a replay',
    'replay-ended',
    dataOf(replayEndedMessage({ watchId: 'w', replay: 'r', count: 7, sequence: 9 }, TEAM, TIME)),
  ],
];

/** A message in each pair of a schema that wrote it and a schema that reads it, and what the reader must find. */
const CASES = MESSAGES.flatMap(([name, kind, data]) => {
  const now = published(kind);
  const pairs = [
    ['by the same version', now, now],
    ['by an older reader', later(now), now],
    ['by a newer reader', now, later(now)],
    ['by a reader from before the optional fields', now, earlier(now)],
    ['by a reader of today, from before the optional fields', earlier(now), now],
  ] as const;
  return pairs.map(([how, writer, reader]) => {
    const sent = { tenant: 'acme', ...data };
    const known = new Set(writer.fields.map((field) => field.name));
    const expected = Object.fromEntries(
      reader.fields.map((field) => [
        field.name,
        known.has(field.name) && field.name in sent ? Reflect.get(sent, field.name) : field['default'],
      ]),
    );
    return { name: `${name} ${how}`, expected, writer, reader, data: sent };
  });
});

/** Objects are JSON text in a record. */
const parsed = (record: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      ['before', 'after'].includes(name) && typeof value === 'string' ? JSON.parse(value) : value,
    ]),
  );

describe.each(LANGUAGES)('Avro records that $name writes', ({ name, missing }) => {
  test('are read by old and new readers, in the same language and in the other', async ({ skip }) => {
    if (missing !== '') skip(missing);
    const cases = CASES.map(({ writer, reader, data }) => ({ writer, reader, data }));
    const written = await through(name, cases);
    expect(written.map(({ record }) => parsed(record))).toEqual(CASES.map(({ expected }) => expected));
    const bytes = written.map((each, index) => ({ ...cases[index], data: undefined, bytes: each.bytes }));
    for (const other of present) {
      const read = await through(other.name, z.custom<Case[]>().parse(bytes));
      const found = read.map(({ record }, index) => [CASES[index]?.name, parsed(record)]);
      expect(found).toEqual(CASES.map((each) => [each.name, each.expected]));
    }
  });
});
