import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { portAnswers, freePort } from '../../../../infra/local/ports.ts';
import { startProcess, type ProcessSpec } from '../../../../infra/local/process.ts';

const LISTEN = `require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1')`;

function listener(port: number, program: string): ProcessSpec {
  return {
    name: 'the listener',
    command: process.execPath,
    args: ['-e', program, String(port)],
    env: {},
    ready: () => portAnswers(port),
  };
}

test('stop ends a process and its children', async () => {
  const port = await freePort();
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(LISTEN)}, process.argv[1]]);
    process.on('SIGTERM', () => process.exit());`;
  const running = await startProcess(listener(port, parent));
  expect(await portAnswers(port)).toBe(true);
  await running.stop();
  expect(await portAnswers(port)).toBe(false);
});

test('kill ends a process that ignores SIGTERM', async () => {
  const port = await freePort();
  const running = await startProcess(listener(port, `process.on('SIGTERM', () => {}); ${LISTEN}`));
  await running.kill();
  await running.ended;
  expect(existsSync(`/proc/${running.pid}`)).toBe(false);
});

test('a process that exits before it is ready is an error with the end of its output', async () => {
  const port = await freePort();
  const failing = startProcess(listener(port, `console.error('no disk'); process.exit(3)`));
  await expect(failing).rejects.toThrow(/the listener did not start: it ended with exit code 3.*no disk/s);
});

test('a missing program is an error with its path', async () => {
  const spec = { ...listener(1, ''), command: '/nowhere/program' };
  await expect(startProcess(spec)).rejects.toThrow(/the listener cannot be started: .*\/nowhere\/program/);
});
