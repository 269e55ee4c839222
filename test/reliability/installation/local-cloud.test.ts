/** The cloud on this machine, from the installed package: with the built functions, without sources and esbuild. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test as base } from 'vitest';
import * as z from 'zod';
import { installNode, installPackage } from '../../support/installed-package.ts';

const run = promisify(execFile);
const Ready = z.object({
  type: z.literal('ready'),
  urls: z.record(z.string(), z.url()),
  watches: z.array(z.string()),
});
const NODE_24 = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url));
const { FIRESTORE_EMULATOR_HOST = '', PUBSUB_EMULATOR_HOST = '', HOME, PATH = '' } = process.env;

const test = base
  .extend('installed', { scope: 'file' }, async ({}, { onCleanup }) => {
    const installed = await installPackage('.');
    onCleanup(() => installed.remove());
    return installed;
  })
  .extend('node22', { scope: 'file' }, async ({}, { onCleanup }) => {
    const node = await installNode('22');
    onCleanup(async () => ('remove' in node ? node.remove() : undefined));
    return node;
  })
  .extend('environmentOn', ({ installed, node22, skip }) => (major: string) => {
    if (major === '22' && 'missing' in node22) skip(`Node 22 could not be installed: ${node22.missing}`);
    const node = major === '22' && 'path' in node22 ? node22.path : NODE_24;
    return {
      FIRESTORE_EMULATOR_HOST,
      PUBSUB_EMULATOR_HOST,
      HOME,
      PATH: `${dirname(node)}:${PATH}`,
      // Of these tests alone, so that they neither find nor replace a cloud that the user runs.
      XDG_CACHE_HOME: `${installed.folder}/caches`,
    };
  });
test.beforeAll(({ installed, node22 }) => void [installed, node22], 300_000);

test('`npx calendar-mirror demo` on Node 22 ends with the verdict that mirror and feed are true', async ({
  installed,
  environmentOn,
}) => {
  const env = environmentOn('22');
  const { stdout } = await run('npx', ['calendar-mirror', 'demo'], { cwd: installed.folder, env });
  expect(stdout).toMatch(/✓ build the functions +as installed/);
  expect(stdout).toMatch(/^✓ mirror = calendar: .*feed = changes: /m);
}, 600_000);

test('`npx calendar-mirror dev` on Node 24 serves the cloud until Ctrl-C, found by other commands, and writes nothing beside the package', async ({
  installed,
  environmentOn,
}) => {
  const env = environmentOn('24');
  const child = spawn('npx', ['calendar-mirror', 'dev', '--json', '--quiet'], {
    cwd: installed.folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    // A terminal sends Ctrl-C to all that runs in it.
    detached: true,
  });
  const closed = once(child, 'close');
  const [ready] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), closed]);
  const { urls, watches } = Ready.parse(JSON.parse(String(ready)));
  expect(urls).toHaveProperty('sync');
  const { FIRESTORE_EMULATOR_HOST: _, PUBSUB_EMULATOR_HOST: __, ...elsewhere } = env;
  const options = { cwd: installed.folder, env: elsewhere };
  const { stdout } = await run('npx', ['calendar-mirror', 'list', '--json'], options);
  expect(stdout.trim().split('\n')).toHaveLength(watches.length);
  process.kill(-Number(child.pid), 'SIGINT');
  await closed;
  expect(existsSync(`${installed.folder}/node_modules/.cache`)).toBe(false);
}, 600_000);

test('without emulators and gcloud, the error says how to get them', async ({ installed }) => {
  const bin = `${installed.folder}/bin`;
  await symlink(dirname(NODE_24), bin);
  const program = `${installed.folder}/node_modules/.bin/calendar-mirror`;
  const { code, stderr } = await run(NODE_24, [program, 'demo'], { env: { PATH: bin } }).then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^cannot start the .* emulators: gcloud and java not found on the PATH: install /);
  expect(stderr).toContain('gcloud components install beta cloud-firestore-emulator pubsub-emulator');
});
