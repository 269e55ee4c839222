import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseStartOptions } from '../../../infra/local/options.ts';

test('without options everything is on free ports, with a line per hop', () => {
  expect(parseStartOptions([])).toEqual({ json: false, quiet: false, help: false, build: true, ports: {} });
});

test('ports, seed and the kind of output can be chosen', () => {
  const options = parseStartOptions([
    '--ports',
    'receive=8081,calendar=9000',
    '--seed',
    'a.json',
    '--json',
    '--quiet',
    '--no-build',
  ]);
  expect(options).toEqual({
    json: true,
    quiet: true,
    help: false,
    build: false,
    seed: 'a.json',
    ports: { receive: 8081, calendar: 9000 },
  });
});

test.each([
  ['an unknown option', ['--port', '1'], /--port/],
  ['a word', ['now'], /now/],
  ['a part that has no port', ['--ports', 'mirror=8080'], /there is no mirror, only receive, sync/],
  ['a port that is no number', ['--ports', 'sync=web'], /sync=web is no port/],
  ['a port that cannot be', ['--ports', 'sync=70000'], /sync=70000 is no port/],
  ['a part without a port', ['--ports', 'sync'], /sync is no port; write sync=8080/],
  ['one port for two parts', ['--ports', 'sync=8080,renew=8080'], /8080 is given twice/],
])('%s on the command line is refused with the reason', (_name, args, reason) => {
  expect(() => parseStartOptions(args)).toThrow(reason);
});

const START = fileURLToPath(new URL('../../../infra/local/start.ts', import.meta.url));

function start(...args: string[]) {
  return spawnSync(process.execPath, [START, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
}

test('a wrong option ends npm start with exit code 2 and the way to help', () => {
  const { status, stderr, stdout } = start('--prots', 'sync=1');
  expect(status).toBe(2);
  expect(stderr).toMatch(/--prots.*npm start -- --help/s);
  expect(stdout).toBe('');
});

test('a seed that is none ends npm start with exit code 2 and what is wrong with it', () => {
  const { status, stderr } = start('--seed', fileURLToPath(import.meta.url));
  expect(status).toBe(2);
  expect(stderr).toContain('is no seed');
});

test('--help says what npm start does, and starts nothing', () => {
  const { status, stdout } = start('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('--ports');
});
