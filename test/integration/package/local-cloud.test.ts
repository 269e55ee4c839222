/** The cloud on this machine, from the installed package: with the built functions, without sources and esbuild. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installPackage, type InstalledPackage } from '../../support/installed-package.ts';

const run = promisify(execFile);
const NODE = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url));
const { FIRESTORE_EMULATOR_HOST = '', PUBSUB_EMULATOR_HOST = '', HOME, PATH = '' } = process.env;
const ENVIRONMENT = {
  FIRESTORE_EMULATOR_HOST,
  PUBSUB_EMULATOR_HOST,
  HOME,
  PATH: `${dirname(NODE)}:${PATH}`,
};

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage('.');
}, 300_000);
afterAll(() => installed.remove());

test('`npx calendar-mirror demo` ends with the verdict that mirror and feed are true', async () => {
  const options = { cwd: installed.folder, env: ENVIRONMENT };
  const { stdout } = await run('npx', ['calendar-mirror', 'demo'], options);
  expect(stdout).toMatch(/✓ build the functions +as installed/);
  expect(stdout).toMatch(/^✓ mirror = calendar: .*feed = changes: /m);
}, 240_000);

test('`npx calendar-mirror dev` serves the cloud until Ctrl-C', async () => {
  const child = spawn('npx', ['calendar-mirror', 'dev', '--json', '--quiet'], {
    cwd: installed.folder,
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'ignore'],
    // A terminal sends Ctrl-C to all that runs in it.
    detached: true,
  });
  const closed = once(child, 'close');
  const [ready] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), closed]);
  expect(JSON.parse(String(ready))).toMatchObject({ type: 'ready', urls: { sync: expect.any(String) } });
  process.kill(-Number(child.pid), 'SIGINT');
  await closed;
}, 90_000);

test('without emulators and gcloud, the error says how to get them', async () => {
  const bin = `${installed.folder}/bin`;
  await symlink(dirname(NODE), bin);
  const program = `${installed.folder}/node_modules/.bin/calendar-mirror`;
  const { code, stderr } = await run(NODE, [program, 'demo'], { env: { PATH: bin } }).then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^cannot start the .* emulators: gcloud and java not found on the PATH: install /);
  expect(stderr).toContain('gcloud components install beta cloud-firestore-emulator pubsub-emulator');
});
