import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import { clientOf } from '../../support/emulator/client.ts';
import { ADA } from '../../support/emulator/emulated.ts';

const main = fileURLToPath(new URL('../../../infra/emulator/main.ts', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'calendar-emulator-'));
});

afterAll(() => rm(folder, { recursive: true }));

function launch(...args: string[]) {
  return spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(...args: string[]) {
  const child = launch(...args);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code: Number(code) };
}

async function fileWith(content: string): Promise<string> {
  const file = join(folder, 'seed.json');
  await writeFile(file, content);
  return file;
}

test.each(['SIGINT', 'SIGTERM'] as const)('it serves a seed until %s, then exits with 0', async (signal) => {
  const seed = await fileWith(JSON.stringify({ users: [{ email: ADA, calendars: [{ summary: 'Team' }] }] }));
  const child = launch('--port', '0', '--seed', seed);
  const ready = await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  const url = /^Ready: (http:\S+)/.exec(String(ready[0]))?.[1] ?? '';
  const { data } = await clientOf(url, ADA).calendarList.list();
  expect(data.items?.map((item) => item.summary)).toEqual(expect.arrayContaining([ADA, 'Team']));
  child.kill(signal);
  expect(await once(child, 'close')).toEqual([0, null]);
});

test('--help prints every option to stdout', async () => {
  const { stdout, stderr, code } = await run('--help');
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  for (const option of ['--port', '--seed', '--random-seed', '--quotas']) expect(stdout).toContain(option);
});

describe('a usage error goes to stderr, with exit code 2', () => {
  test.each([
    ['an unknown option', ['--color'], "Unknown option '--color'"],
    [
      'a port that is not a number',
      ['--port', 'http'],
      "--port must be a whole number from 0 to 65535, not 'http'.",
    ],
    ['a port out of range', ['--port', '70000'], '--port must be'],
    [
      'a seed file that does not exist',
      ['--seed', '/nowhere.json'],
      '--seed: /nowhere.json cannot be used: ENOENT',
    ],
  ])('%s', async (_name, args, problem) => {
    const { stdout, stderr, code } = await run(...args);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toContain(problem);
    expect(stderr).toContain('--help');
  });

  test('an invalid seed, with the path of the invalid field', async () => {
    const { stderr, code } = await run('--seed', await fileWith('{"users":[{"mail":"ada"}]}'));
    expect(code).toBe(2);
    expect(stderr).toContain('users[0].email');
  });

  test('a seed that breaks a rule of the API, with its reason', async () => {
    const calendars = [
      { summary: 'Team', events: [{ start: { date: '2030-01-02' }, end: { date: '2030-01-01' } }] },
    ];
    const seed = await fileWith(JSON.stringify({ users: [{ email: ADA, calendars }] }));
    const { stderr, code } = await run('--port', '0', '--seed', seed);
    expect(code).toBe(2);
    expect(stderr).toContain('--seed: the seed breaks a rule of the API');
    expect(stderr).toContain('timeRangeEmpty');
  });
});

test('a taken port ends it with exit code 1', async () => {
  const emulator = await startCalendarEmulator();
  const { stderr, code } = await run('--port', new URL(emulator.url).port);
  await emulator.close();
  expect(code).toBe(1);
  expect(stderr).toContain('EADDRINUSE');
});
