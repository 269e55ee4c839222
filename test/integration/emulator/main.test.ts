import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../../infra/emulator/package.json' with { type: 'json' };
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import { clientOf } from '../../support/emulator/client.ts';
import { ADA } from '../../support/emulator/emulated.ts';
import { listAll } from '../../support/emulator/pages.ts';

const main = fileURLToPath(new URL('../../../infra/emulator/main.ts', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'calendar-emulator-'));
});

afterAll(() => rm(folder, { recursive: true }));

function launch(...args: string[]) {
  return spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Waits for the line that says where the emulator is. */
async function readyUrl(child: ReturnType<typeof launch>): Promise<string> {
  const ready = await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  return /^Ready: (http:\S+)/.exec(String(ready[0]))?.[1] ?? '';
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

async function fileWith(content: string, name = 'seed.json'): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

test.each(['SIGINT', 'SIGTERM'] as const)('it serves a seed until %s, then exits with 0', async (signal) => {
  const seed = await fileWith(JSON.stringify({ users: [{ email: ADA, calendars: [{ summary: 'Team' }] }] }));
  const child = launch('--port', '0', '--seed', seed);
  const url = await readyUrl(child);
  const { data } = await clientOf(url, ADA).calendarList.list();
  expect(data.items?.map((item) => item.summary)).toEqual(expect.arrayContaining([ADA, 'Team']));
  child.kill(signal);
  expect(await once(child, 'close')).toEqual([0, null]);
});

test('--help prints every option to stdout, and --version the version', async () => {
  const { stdout, stderr, code } = await run('--help');
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const options = [
    'port',
    'host',
    'seed',
    'state',
    'clock',
    'log',
    'quotas',
    'allow-http',
    'random-seed',
    'version',
  ];
  for (const option of options) expect(stdout).toContain(`--${option} `);
  expect(await run('-h')).toEqual({ stdout, stderr, code });
  for (const name of ['--version', '-v'])
    expect(await run(name)).toEqual({ stdout: `${manifest.version}\n`, stderr: '', code: 0 });
});

describe('a usage error goes to stderr, with exit code 2', () => {
  test.each([
    ['an unknown option', ['--color'], "Unknown option '--color'"],
    [
      'a port that is not a number',
      ['--port', 'http'],
      "--port must be a whole number from 0 to 65535, not 'http'",
    ],
    ['a port out of range', ['--port', '70000'], '--port must be'],
    ['a clock that is not a time', ['--clock', 'noon'], "--clock: 'noon' is not a valid time: use RFC 3339"],
    [
      'a clock beyond all calendars',
      ['--clock', '+99999999999d'],
      "--clock: '+99999999999d' is beyond the year",
    ],
    ['no name of a seed', ['--seed', ''], '--seed needs the name of a file'],
    ['no name of a state file', ['--state', ''], '--state needs the name of a file'],
    ['an unknown log', ['--log', 'much'], "--log must be none, requests, all, not 'much'"],
  ])('%s', async (_name, args, problem) => {
    const { stdout, stderr, code } = await run(...args);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toContain(problem);
    expect(stderr).toContain('--help');
  });
});

describe('a seed with mistakes ends it with exit code 2, and one line for each', () => {
  const start = { date: '2030-01-02' };
  const bad = { start, end: { date: '2030-01-01' } };
  test.each([
    ['a file that does not exist', undefined, ['cannot be read: ENOENT']],
    ['JSON that is cut', '{"users": [', ['is not valid JSON: ']],
    [
      'fields that are missing or unknown',
      { users: [{ mail: ADA }, { email: ADA, calendars: [{ summary: 5 }] }] },
      ['users[0].email: ', 'users[0]: Unrecognized key: "mail"', 'users[1].calendars[0].summary: '],
    ],
    [
      'a field that events do not have',
      {
        users: [
          { email: ADA, calendars: [{ summary: 'Team', events: [{ sumary: 'x', start, end: start }] }] },
        ],
      },
      ['users[0].calendars[0].events[0].sumary: is not a field of events'],
    ],
    [
      'users and calendars that are there twice',
      {
        users: [
          { email: ADA, calendars: [{ id: 'team@example.com', summary: 'Team' }] },
          { email: ADA.toUpperCase(), calendars: [{ id: 'team@example.com', summary: 'Crew' }] },
        ],
      },
      [
        'users[1].email: is the same as users[0].email',
        'users[1].calendars[0].id: is the same as users[0].calendars[0].id',
      ],
    ],
    [
      'everything that the API rejects',
      {
        users: [
          {
            email: ADA,
            timeZone: 'Europe/Nowhere',
            calendars: [
              { summary: 'Team', events: [bad, { start, end: { date: '2030-01-03' } }, { start }] },
              { summary: 'Crew', acl: [{ role: 'boss', scope: { type: 'default' } }] },
            ],
          },
          { email: 'nobody' },
        ],
      },
      [
        'users[0].timeZone: ',
        'users[1].email: This is not an email address.',
        'users[0].calendars[1].acl[0].role: ',
        'users[0].calendars[0].events[0].end: The specified time range is empty. (timeRangeEmpty)',
        'users[0].calendars[0].events[2]: Missing end time. (required)',
      ],
    ],
  ])('%s', async (_name, content, mistakes) => {
    const file =
      content === undefined
        ? join(folder, 'none.json')
        : await fileWith(typeof content === 'string' ? content : JSON.stringify(content));
    const { stdout, stderr, code } = await run('--port', '0', '--seed', file);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    const lines = stderr.trim().split('\n');
    expect(lines).toEqual(mistakes.map((mistake) => expect.stringContaining(`--seed: ${file}: ${mistake}`)));
  });

  test('YAML, with the line of each', async () => {
    const syntax = await fileWith('users:\n  - email: [ada\n  - }', 'syntax.yaml');
    expect((await run('--seed', syntax)).stderr).toMatch(/^--seed: \S+: line 3: .+$/m);
    const values = await fileWith(
      'users:\n  - email: ada@example.com\n    timeZone:\n      - UTC\n',
      'values.yml',
    );
    const { stderr, code } = await run('--seed', values);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--seed: \S+: users\[0\]\.timeZone: .+ \(line 4\)\n$/);
  });
});

test('a seed in YAML is served', async () => {
  const seed = await fileWith(
    `users:\n  - email: ${ADA}\n    calendars:\n      - summary: Team\n        events:\n          - summary: Lunch\n            start: { date: 2030-01-02 }\n            end: { date: 2030-01-03 }\n`,
    'seed.yaml',
  );
  const child = launch('--port', '0', '--seed', seed);
  const { data } = await clientOf(await readyUrl(child), ADA).calendarList.list();
  expect(data.items?.map((item) => item.summary)).toContain('Team');
  child.kill();
  await once(child, 'close');
});

test('a taken port ends it with exit code 1, and one line that says what to do', async () => {
  const emulator = await startCalendarEmulator();
  const { port } = new URL(emulator.url);
  const { stderr, code } = await run('--port', port);
  await emulator.close();
  expect(code).toBe(1);
  expect(stderr).toBe(
    `port ${port} of 127.0.0.1 is in use: stop what uses it, or give another --port (0 picks a free one)\n`,
  );
});

test('a host that this machine does not have ends it with exit code 1', async () => {
  const { stderr, code } = await run('--port', '0', '--host', '192.0.2.1');
  expect({ stderr, code }).toEqual({
    stderr: '192.0.2.1 is not an address of this machine: give another --host\n',
    code: 1,
  });
});

test('it warns where others can reach it, and logs requests without tokens and contents', async () => {
  const child = launch(
    '--port',
    '0',
    '--host',
    '0.0.0.0',
    '--log',
    'requests',
    '--clock',
    '2031-05-06T07:08:09Z',
  );
  const errors = text(child.stderr);
  const url = await readyUrl(child);
  expect(new URL(url).hostname).toBe('127.0.0.1');
  const requestBody = { summary: 'Secret plan', start: { date: '2030-01-02' }, end: { date: '2030-01-03' } };
  await clientOf(url, ADA).events.insert({ calendarId: 'primary', requestBody });
  await fetch(`${url}/calendar/v3/colors?access_token=ya29.real`);
  child.kill();
  const lines = (await errors).trim().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/^Warning: listening on 0\.0\.0\.0: /),
    expect.stringMatching(
      /^2031-05-06T07:\S+Z {2}calendar\.events\.insert {2}200 {2}ada@example\.com {2}\d+ ms$/,
    ),
    expect.stringMatching(/ {2}calendar\.colors\.get {2}401 authError {2}- {2}\d+ ms$/),
  ]);
});

type Items = ReadonlyMap<string, string>;
const day = { start: { date: '2030-01-02' }, end: { date: '2030-01-03' } };

/** Brings a client's copy up to date as Google asks for: with its token, or in full after a 410. */
async function followed(url: string, copy: Items, syncToken: string) {
  const client = clientOf(url, ADA);
  const changes = await listAll(client, 'primary', syncToken === '' ? {} : { syncToken }).catch(
    (error: { status?: number }) => {
      if (error.status !== 410) throw error;
      return undefined;
    },
  );
  const { items, syncToken: next } = changes ?? (await listAll(client, 'primary'));
  const found = items.map(({ id, summary }) => [id ?? '', summary ?? ''] as const);
  return { copy: new Map([...(changes ? copy : []), ...found]), token: next };
}

test('after kill -9 at any moment the state file is read, and sync tokens are followed or answered 410', async () => {
  const state = join(folder, 'killed.json');
  let copy: Items = new Map();
  let token = '';
  for (const writes of [1, 6, 25, 3, 60, 12, 0]) {
    const child = launch('--port', '0', '--state', state);
    const errors = text(child.stderr);
    const url = await readyUrl(child);
    const { events } = clientOf(url, ADA);
    ({ copy, token } = await followed(url, copy, token));
    expect(copy).toEqual((await followed(url, new Map(), '')).copy);
    for (let count = 0; count < writes; count += 1) {
      // The same few events again and again, so that a lost change and a later one have the same number.
      const summary = `${writes}/${count}`;
      const id = `event${count % 4}`;
      const requestBody = { ...day, id, summary };
      const options = { validateStatus: () => true };
      const { status } = await events.patch({ calendarId: 'primary', eventId: id, requestBody }, options);
      if (status === 404) await events.insert({ calendarId: 'primary', requestBody });
      if (count % 3 === 2) ({ copy, token } = await followed(url, copy, token));
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await errors).toBe('');
  }
  expect((await readdir(folder)).filter((name) => name.includes('.damaged-'))).toEqual([]);
});

test('a state file that another process uses ends it with exit code 1', async () => {
  const state = join(folder, 'used.json');
  const first = launch('--port', '0', '--state', state);
  await readyUrl(first);
  const { stderr, code } = await run('--port', '0', '--state', state);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^--state: \S+used\.json is in use by process \d+: stop it, choose another file, .*\n$/,
  );
  first.kill();
  expect(await once(first, 'close')).toEqual([0, null]);
});
