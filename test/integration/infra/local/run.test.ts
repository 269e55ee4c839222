import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';
import { cloudFilePath } from '../../../../infra/local/cloud-file.ts';
import { eventually } from '../../../support/eventually.ts';
import { commandLine, results } from '../../../support/command-line.ts';

const PROGRAM = fileURLToPath(new URL('../../../../infra/cli/index.ts', import.meta.url));

/** Of these tests alone, so that they neither find nor replace a cloud that the user runs. */
const caches = { XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'calendar-mirror-')) };
afterAll(() => rmSync(caches.XDG_CACHE_HOME, { recursive: true }));

/** The command line without a project in its environment. */
const withoutProject = commandLine(caches);

const Line = z.looseObject({ type: z.string(), hop: z.string().optional(), text: z.string().optional() });
const Ready = z.looseObject({
  urls: z.record(z.string(), z.url()),
  env: z.record(z.string(), z.string()),
  watches: z.array(z.string()),
});

test('dev prints how to connect and every hop of an edit, and exits with 0 at Ctrl-C', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'dev', '--json', '--no-build'], {
    env: { ...process.env, ...caches },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const lines: z.infer<typeof Line>[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(Line.parse(JSON.parse(line))));

    const ready = await eventually(() => Ready.parse(lines.find(({ type }) => type === 'ready')), 60_000);
    expect(JSON.parse(readFileSync(cloudFilePath(caches), 'utf8'))).toMatchObject({ env: ready.env });
    await eventually(() => expect(lines.some(({ text }) => text?.includes('full sync'))).toBe(true));

    const joined = await withoutProject.run('list', '--json');
    expect(joined.stderr).toMatch(
      /^Using the cloud on this machine \(calendar-mirror dev\), project demo-\w+\.\n$/,
    );
    const found = results(joined).map(({ id }) => id);
    expect(found).toEqual(ready.watches.toSorted());

    const edit = await fetch(`${ready.urls['calendar']}/calendar/v3/users/me/calendarList/ana@example.com`, {
      method: 'PATCH',
      headers: { authorization: 'Bearer ana@example.com', 'content-type': 'application/json' },
      body: JSON.stringify({ colorId: '9' }),
    });
    expect(edit.status).toBe(200);
    await eventually(() => {
      // The line may arrive after the answer to the edit.
      const since = lines.findIndex(({ text }) => text?.startsWith('calendarList.patch'));
      expect(since).toBeGreaterThanOrEqual(0);
      const hops = new Set(lines.slice(since).map(({ hop }) => hop));
      expect([...hops]).toEqual(expect.arrayContaining(['calendar', 'receive', 'sync', 'mirror', 'feed']));
    });
  } finally {
    // Twice, because npm forwards the Ctrl-C that the terminal sends to the whole group.
    child.kill('SIGINT');
    child.kill('SIGINT');
  }
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(existsSync(cloudFilePath(caches))).toBe(false);
  expect(await withoutProject.run('list')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'no project is set, and no cloud runs on this machine: give --project, set GOOGLE_CLOUD_PROJECT, or run calendar-mirror dev\n',
  });
});

test('commands on emulators do not look for a metadata server, also if no variable says so', async () => {
  const { FIRESTORE_EMULATOR_HOST = '', PUBSUB_EMULATOR_HOST = '' } = process.env;
  const env = { FIRESTORE_EMULATOR_HOST, PUBSUB_EMULATOR_HOST, METADATA_SERVER_DETECTION: '' };
  const { run } = commandLine({ GOOGLE_CLOUD_PROJECT: 'demo-no-metadata', ...env });
  expect(await run('list')).toEqual({
    code: 0,
    stdout: '',
    stderr: 'There are no watches. Create one: calendar-mirror watch ada@example.com\n',
  });
});
