/**
 * The emulator's package in an empty folder, on a machine with Node and npm but without Java and the Google Cloud CLI: its command,
 * every example of its README as it stands, and the example files in the test runners that they are for.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf } from '../../support/documents.ts';
import { installPackage, type InstalledPackage } from '../../support/installed-package.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const EXAMPLES = `${ROOT}infra/emulator/examples`;
const JEST = 'jest@30.5.2';

let emulator: InstalledPackage;
let readme: { readonly path: string; readonly text: string };
let env: NodeJS.ProcessEnv;
let running: ChildProcess | undefined;

beforeAll(async () => {
  emulator = await installPackage('infra/emulator');
  const path = `${emulator.folder}/node_modules/google-calendar-emulator/README.md`;
  readme = { path, text: await readFile(path, 'utf8') };
  const bin = `${emulator.folder}/bin`;
  await mkdir(bin);
  await symlink(process.execPath, `${bin}/node`);
  for (const program of ['npm', 'npx', 'sh', 'curl', 'cat'])
    await symlink(await realpath((await run('which', [program])).stdout.trim()), `${bin}/${program}`);
  // Behind a proxy, npm needs the machine's certificates.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|NODE_(?!EXTRA_CA_CERTS)|TEST$|JAVA_HOME)/.test(name),
  );
  env = { ...Object.fromEntries(inherited), PATH: bin };
}, 300_000);
afterEach(async () => {
  if (running) await stop(running);
  running = undefined;
});
afterAll(() => emulator.remove());

const shell = (command: string) => run('sh', ['-c', command], { cwd: emulator.folder, env });

/** Runs a command in a process group of its own, as npx does not pass signals on, until it is ready. */
async function start(command: string): Promise<string> {
  running = spawn('sh', ['-c', command], {
    cwd: emulator.folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { stdout } = running;
  if (stdout === null) throw new Error('no output');
  const [ready] = await Promise.race([
    once(createInterface({ input: stdout }), 'line'),
    once(running, 'close'),
  ]);
  return /^Ready: (http:\S+)/.exec(String(ready))?.[1] ?? '';
}

async function stop(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  process.kill(-Number(child.pid), 'SIGTERM');
  await closed;
}

/** The README's blocks of a language. */
const bodies = (language: string): string[] =>
  blocksOf(readme)
    .filter((block) => block.language === language)
    .map(({ body }) => body);

/** Returns the commands of a block: a command goes on where a quote is open. */
function commandsIn(block: string): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of block.trim().split('\n')) {
    open = open === '' ? line : `${open}\n${line}`;
    if (open.split("'").length % 2 === 0) continue;
    commands.push(open);
    open = '';
  }
  return commands;
}

test('the machine has neither Java nor the Google Cloud CLI', async () => {
  for (const program of ['java', 'gcloud', 'docker'])
    await expect(shell(`command -v ${program}`)).rejects.toThrow('Command failed');
});

test('every command of the README runs on the emulator that its first one starts', async () => {
  const [first = '', ...commands] = bodies('sh').flatMap(commandsIn);
  expect(first).toBe('npx google-calendar-emulator');
  expect(await start(first)).toBe('http://127.0.0.1:9199');
  await writeFile(`${emulator.folder}/token.txt`, 'ada@example.com');
  expect(commands.length).toBeGreaterThan(5);
  const outputs = new Map<string, string>();
  for (const command of commands) {
    // What the network would be needed for is here: the package, and a server to compare with.
    const here = command
      .replace('--save-dev google-calendar-emulator', `--save-dev ${emulator.tarball}`)
      .replace('https://www.googleapis.com ', 'http://127.0.0.1:9199 ');
    const { stdout } = await shell(here.replace(/^curl /, 'curl --silent --show-error --fail '));
    outputs.set(command, stdout);
  }
  const lists = [...outputs].filter(([command]) => command.includes('calendarList'));
  expect(lists.map(([, stdout]): unknown => JSON.parse(stdout))).toMatchObject([
    { items: [{ primary: true }] },
  ]);
});

test('the seed of the README is served', async () => {
  const [seed = '', ...others] = bodies('yaml');
  expect(others).toEqual([]);
  await writeFile(`${emulator.folder}/seed.yaml`, seed);
  const url = await start('npx google-calendar-emulator --port 0 --seed seed.yaml');
  const answer = await fetch(
    `${url}/calendar/v3/calendars/team@group.calendar.google.com/events?singleEvents=true`,
    {
      headers: { authorization: 'Bearer bob@example.com' },
    },
  );
  expect(await answer.json()).toMatchObject({
    accessRole: 'writer',
    items: expect.arrayContaining([expect.anything()]),
  });
});

test('the fault rules of the README are accepted', async () => {
  const url = await start('npx google-calendar-emulator --port 0');
  const rules = bodies('json').filter((body) => body.includes('"on"'));
  expect(rules.length).toBeGreaterThan(0);
  for (const body of rules)
    expect(await (await fetch(`${url}/emulator/faults`, { method: 'POST', body })).json()).toHaveProperty(
      'ids',
    );
});

test('each program of the README compiles, and prints what it says', async () => {
  const programs = bodies('ts');
  expect(programs.length).toBeGreaterThan(1);
  for (const [index, program] of programs.entries()) {
    const source = `${emulator.folder}/node_modules/readme-${index}.ts`;
    await writeFile(source, program);
    const expected = [...program.matchAll(/^\s*console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
    expect(expected).not.toEqual([]);
    const { stdout } = await run(process.execPath, [await emulator.compile(source, 'nodenext', [])], { env });
    expect(stdout.trim().split('\n')).toEqual(expected);
  }
});

/** Copies an example into the folder, as its reader would. */
async function copied(name: string): Promise<string> {
  await copyFile(`${EXAMPLES}/${name}`, `${emulator.folder}/${name}`);
  return name;
}

describe('the example of one file passes', () => {
  test('with node:test', async () => {
    const { stdout } = await shell(`node --test --test-reporter=tap ${await copied('node.test.js')}`);
    expect(stdout).toMatch(/^# pass 3\n# fail 0$/m);
  });

  test('with Vitest', async () => {
    const name = await copied('vitest.test.ts');
    await symlink(`${ROOT}node_modules/vitest`, `${emulator.folder}/node_modules/vitest`);
    const vitest = 'node node_modules/vitest/vitest.mjs run --reporter=json --outputFile=vitest.json';
    await shell(`${vitest} ${name}`);
    const report = await readFile(`${emulator.folder}/vitest.json`, 'utf8');
    expect(JSON.parse(report)).toMatchObject({ numPassedTests: 3, numFailedTests: 0 });
  });

  test('with Jest', async () => {
    const name = await copied('jest.test.js');
    await shell(`npm install --prefer-offline --no-audit --no-fund --save-dev ${JEST}`);
    const [, command = ''] = /^ \*     (node .*)$/m.exec(await readFile(`${EXAMPLES}/${name}`, 'utf8')) ?? [];
    const { stdout } = await shell(`${command} --json ${name}`);
    expect(JSON.parse(stdout)).toMatchObject({ numPassedTests: 3, numFailedTests: 0 });
  });
});
