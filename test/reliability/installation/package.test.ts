/** The npm packages as their users get them: packed, installed in an empty folder, imported by name. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import * as z from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installNode, installPackage, type InstalledPackage } from '../../support/installed-package.ts';
import { sampleChange } from '../../support/sample-change.ts';

const run = promisify(execFile);
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const NODE_24 = path('../../../node_modules/node/bin/node');
const change = sampleChange(null, { id: 'review', summary: 'Review' });

const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });

let mirror: InstalledPackage;
let emulator: InstalledPackage;
let node22: { readonly path: string; remove(): Promise<void> } | { readonly missing: string };

beforeAll(async () => {
  [mirror, emulator, node22] = await Promise.all([
    installPackage('.'),
    installPackage('infra/emulator'),
    installNode('22'),
  ]);
}, 300_000);
afterAll(async () => {
  await Promise.all([mirror.remove(), emulator.remove(), 'path' in node22 && node22.remove()]);
});

const PACKAGES = [
  ['calendar-mirror', () => mirror],
  ['google-calendar-emulator', () => emulator],
] as const;

describe.each(PACKAGES)('%s', (_name, installed) => {
  test('has nothing for publint to report', async () => {
    const tarball = await readFile(installed().tarball);
    const { messages, pkg } = await publint({
      pack: { tarball: new Uint8Array(tarball).buffer },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  test('has types that resolve wherever ES modules do', async () => {
    const args = ['attw', installed().tarball, '--profile', 'esm-only', '--format', 'json'];
    const { stdout } = await run('npx', args, { cwd: path('../../..') });
    expect(JSON.parse(stdout)).toMatchObject({ analysis: { types: { kind: 'included' } } });
  });

  test('carries its license and its README', async () => {
    const { stdout } = await run('tar', ['-tf', installed().tarball]);
    expect(stdout.split('\n')).toEqual(expect.arrayContaining(['package/LICENSE', 'package/README.md']));
  });
});

const MIRROR_OUTPUT = [
  'review updated 7 Review',
  'data is not valid JSON',
  expect.stringMatching(/^data does not match the Change schema: watchId, user, /),
  'a poll',
  'invalidSpec invalid watch: spec.calendarId: is not valid with settings',
  '0 on, 0 busy',
  'zoom https://zoom.us/j/123',
];
const EMULATOR_OUTPUT = [
  '503 false',
  '200 true',
  'calendar.calendars.get 503, calendar.calendars.get 200',
  '200 text/html; charset=utf-8 true',
];

describe.each(['nodenext', 'bundler'] as const)(
  'a consumer that resolves modules as %s does',
  (resolution) => {
    test('compiles against calendar-mirror and runs', async () => {
      const program = await mirror.compile(path('mirror-consumer.ts'), resolution);
      const { stdout } = await run(NODE_24, [program, JSON.stringify(change), '{', '{"watchId":1}']);
      expect(stdout.trim().split('\n')).toEqual(MIRROR_OUTPUT);
    });

    test('compiles against google-calendar-emulator and runs', async () => {
      const program = await emulator.compile(path('emulator-consumer.ts'), resolution, []);
      const { stdout } = await run(NODE_24, [program]);
      expect(stdout.trim().split('\n')).toEqual(EMULATOR_OUTPUT);
    });
  },
);

test('the examples in the emulator’s README compile and print what they say', async () => {
  const readme = await readFile(`${emulator.folder}/node_modules/google-calendar-emulator/README.md`, 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block = '']) => block);
  const examples = blocks.flatMap((block) => {
    const [, printed] = /; \/\/ (\S+)$/m.exec(block) ?? [];
    return printed === undefined ? [] : [{ block, printed }];
  });
  expect(examples.length).toBeGreaterThan(1);
  for (const [index, { block, printed }] of examples.entries()) {
    const source = `${emulator.folder}/node_modules/readme-example-${String(index)}.ts`;
    await writeFile(source, block);
    const { stdout } = await run(NODE_24, [await emulator.compile(source, 'nodenext')]);
    expect(stdout).toBe(`${printed}\n`);
  }
});

test('`npx calendar-mirror` runs', async () => {
  const { stdout } = await run('npx', ['calendar-mirror', '--help'], { cwd: mirror.folder });
  expect(stdout).toMatch(/^Usage: calendar-mirror /);
});

/** Starts the emulator, makes one request, and ends it with SIGTERM. Resolves once all its processes have ended. */
async function tryEmulator(command: string, args: readonly string[]) {
  const child = spawn(command, [...args, '--port', '0'], {
    cwd: emulator.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A process group: npx does not forward signals to the command that it runs.
    detached: true,
  });
  const closed = once(child, 'close');
  const [ready] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), closed]);
  const url = /^Ready: (http:\S+)/.exec(String(ready))?.[1] ?? '';
  const headers = { authorization: 'Bearer ada@example.com' };
  const { status } = await fetch(`${url}/calendar/v3/users/me/calendarList`, { headers });
  process.kill(-Number(child.pid), 'SIGTERM');
  const [code] = await closed;
  return { status, code: Number(code) };
}

test('`npx google-calendar-emulator` serves the API until SIGTERM', async () => {
  expect(await tryEmulator('npx', ['google-calendar-emulator'])).toMatchObject({ status: 200 });
});

describe.each(['22', '24'])('on Node %s', (major) => {
  test('both packages and their commands run', async ({ skip }) => {
    if (major === '22' && 'missing' in node22) skip(`Node 22 could not be installed: ${node22.missing}`);
    const node = major === '22' && 'path' in node22 ? node22.path : NODE_24;
    const output = async (...args: readonly string[]): Promise<string> => (await run(node, [...args])).stdout;
    expect(await output('--version')).toMatch(`v${major}.`);
    expect(await output(`${mirror.folder}/node_modules/.bin/calendar-mirror`, '--help')).toMatch(/^Usage: /);
    const consumer = await mirror.compile(path('mirror-consumer.ts'), 'nodenext');
    expect(await output(consumer, JSON.stringify(change))).toMatch(/^review updated 7 Review\n/);
    const tester = await emulator.compile(path('emulator-consumer.ts'), 'nodenext');
    expect((await output(tester)).trim().split('\n')).toEqual(EMULATOR_OUTPUT);
    const served = tryEmulator(node, [`${emulator.folder}/node_modules/.bin/calendar-emulator`]);
    expect(await served).toEqual({ status: 200, code: 0 });
  });
});

/** The packages and modules of Node that a module of `calendar-mirror` loads, and the project's files that it is built from. */
async function loadedBy(
  module: string,
): Promise<{ files: readonly string[]; packages: ReadonlySet<string> }> {
  const { metafile } = await build({
    stdin: { contents: `import 'calendar-mirror/${module}'`, resolveDir: mirror.folder },
    absWorkingDir: mirror.folder,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    external: ['zod', 'temporal-polyfill', 'lru-cache', '@google-cloud/*', 'googleapis'],
  });
  const inputs = Object.entries(metafile.inputs).filter(([file]) => file !== '<stdin>');
  const imports = inputs.flatMap(([, input]) => input.imports.filter(({ external }) => external));
  return { files: inputs.map(([file]) => file), packages: new Set(imports.map((each) => each.path)) };
}

test.each([
  ['feed', 'no client of Google’s', ['zod', 'node:util', 'temporal-polyfill', 'lru-cache']],
  ['meetings', 'no client', ['zod', 'temporal-polyfill', 'lru-cache']],
  ['watches', 'no client but Firestore’s', ['zod', 'node:crypto', '@google-cloud/firestore']],
])('the module %s loads %s', async (module, _what, packages) => {
  const loaded = await loadedBy(module);
  expect(loaded.files.filter((file) => !file.includes('calendar-mirror/dist/package/'))).toEqual([]);
  expect(loaded.packages).toEqual(new Set(packages));
});

test.each(PACKAGES)('%s declares every package that it loads', async (name, installed) => {
  const home = `${installed().folder}/node_modules/${name}`;
  const { dependencies } = manifest.parse(JSON.parse(await readFile(`${home}/package.json`, 'utf8')));
  const { metafile } = await build({
    entryPoints: [`${home}/dist/**/*.js`],
    outdir: `${home}/dist`,
    bundle: true,
    packages: 'external',
    // The command line imports them only in a clone.
    external: ['*/infra/build/functions.ts', '*/infra/build/console-page.ts'],
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
  });
  const loaded = Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports.filter(({ external }) => external))
    .map(({ path: specifier }) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
    // `<runtime>` is esbuild's own code.
    .filter((specifier) => !isBuiltin(specifier) && !/^[.<]/.test(specifier));
  expect(loaded.filter((specifier) => !(specifier in dependencies))).toEqual([]);
});

test('every schema is exported under the version that its $id names', async () => {
  const folder = `${mirror.folder}/node_modules/calendar-mirror/functions/feed/schemas`;
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  expect(names).toContain('change.1.json');
  const program = `for (const name of process.argv.slice(1)) {
    const { default: schema } = await import('calendar-mirror/schemas/' + name, { with: { type: 'json' } });
    console.log(schema.$id);
  }`;
  const { stdout } = await run(NODE_24, ['--input-type=module', '--eval', program, ...names], {
    cwd: mirror.folder,
  });
  expect(stdout.trim().split('\n')).toEqual(
    names.map((name) => `urn:calendar-mirror:${name.replace('.json', '').replace('.', ':')}`),
  );
});

test('what consumers import carries no configuration and no secrets of the functions', async () => {
  const folder = `${mirror.folder}/node_modules/calendar-mirror/dist/package`;
  const files = (await readdir(folder, { recursive: true })).filter((file) => /\.[jt]s$/.test(file));
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, 'utf8')));
  expect(texts.join('\n')).not.toMatch(/CHANNEL_TOKEN_KEYS|createHmac/);
});
