/** The package as others import it: built, by its name, with its types. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TSC = `${ROOT}node_modules/typescript/bin/tsc`;
const run = promisify(execFile);
const change = {
  watchId: 'team',
  user: 'ada@example.com',
  resource: 'events',
  calendarId: 'team@group.calendar.google.com',
  itemId: 'review',
  change: 'updated',
  sequence: 7,
  before: null,
  after: { id: 'review', summary: 'Review' },
  occurredAt: '2030-01-01T00:00:00.000Z',
};

/** A folder inside the package, whose name is its own there too. */
let folder: string;

beforeAll(async () => {
  await run(process.execPath, [TSC, '-p', `${ROOT}infra/package.tsconfig.json`]);
  folder = await mkdtemp(`${ROOT}dist/consumer-`);
  // Compiled as elsewhere: strictly, from the declarations alone, and with nothing that this project has set for itself.
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    strict: true,
    types: ['node'],
    rootDir: ROOT,
    outDir: folder,
  };
  const files = [fileURLToPath(new URL('consumer.ts', import.meta.url))];
  await writeFile(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, files }));
});
afterAll(() => rm(folder, { recursive: true }));

test('a consumer’s program compiles against the types and runs', async () => {
  await run(process.execPath, [TSC, '-p', folder]).catch((error: { stdout?: string }) => {
    throw new Error(`it does not compile: ${error.stdout ?? ''}`, { cause: error });
  });
  const program = `${folder}/test/integration/package/consumer.js`;
  const { stdout } = await run(process.execPath, [program, JSON.stringify(change), '{', '{"watchId":1}']);
  expect(stdout.trim().split('\n')).toEqual([
    'review updated 7 Review',
    'the data is no JSON',
    expect.stringMatching(/^the data is no change: watchId, user, /),
    'a poll',
    '0 on',
  ]);
});

test('the feed’s module loads zod and nothing of Google’s', async () => {
  const { metafile } = await build({
    stdin: { contents: `import 'calendar-mirror/feed'`, resolveDir: folder },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    external: ['zod', '@google-cloud/*', 'googleapis'],
  });
  const inputs = Object.entries(metafile.inputs).filter(([file]) => file !== '<stdin>');
  expect(inputs.map(([file]) => file).filter((file) => !file.startsWith('dist/package/'))).toEqual([]);
  const others = inputs.flatMap(([, { imports }]) => imports.filter(({ external }) => external));
  expect(new Set(others.map(({ path }) => path))).toEqual(new Set(['zod', 'node:crypto']));
});
