import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { CLOUD_FILE } from '../../../functions/cli/cloud-file.ts';
import { eventually } from '../../support/cloud.ts';
import { commandLine, results } from '../../support/command-line.ts';
import { commandsIn, showsWhat, type Shown } from '../../support/readme.ts';

const START = fileURLToPath(new URL('../../../infra/local/start.ts', import.meta.url));

/** The command line where nobody has said which project is meant. */
const nowhere = commandLine({});

const Line = z.looseObject({ type: z.string(), hop: z.string().optional(), text: z.string().optional() });
const Ready = z.looseObject({
  urls: z.record(z.string(), z.url()),
  env: z.record(z.string(), z.string()),
  watches: z.array(z.string()),
});

test('npm start says how to join it, tells every hop of an edit, and ends in good order at Ctrl-C, which npm passes on', async () => {
  const child = spawn(process.execPath, [START, '--json', '--no-build'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const lines: z.infer<typeof Line>[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(Line.parse(JSON.parse(line))));

    const ready = await eventually(() => Ready.parse(lines.find(({ type }) => type === 'ready')), 60_000);
    expect(JSON.parse(readFileSync(CLOUD_FILE, 'utf8'))).toMatchObject({ env: ready.env });
    await eventually(() => expect(lines.some(({ text }) => text?.includes('full sync'))).toBe(true), 30_000);

    const joined = await nowhere.run('list', '--json');
    expect(joined.stderr).toMatch(/^Using the cloud on this machine \(npm start\), project demo-\w+\.\n$/);
    const found = results(joined).map(({ id }) => id);
    expect(found).toEqual(ready.watches.toSorted());

    const edit = await fetch(`${ready.urls['calendar']}/calendar/v3/users/me/calendarList/ana@example.com`, {
      method: 'PATCH',
      headers: { authorization: 'Bearer ana@example.com', 'content-type': 'application/json' },
      body: JSON.stringify({ colorId: '9' }),
    });
    expect(edit.status).toBe(200);
    await eventually(() => {
      // The line may take longer to get here than the answer to the edit.
      const since = lines.findIndex(({ text }) => text?.startsWith('calendarList.patch'));
      expect(since).toBeGreaterThanOrEqual(0);
      const hops = new Set(lines.slice(since).map(({ hop }) => hop));
      expect([...hops]).toEqual(expect.arrayContaining(['calendar', 'receive', 'sync', 'mirror', 'feed']));
    }, 30_000);
  } finally {
    child.kill('SIGINT');
    child.kill('SIGINT');
  }
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(existsSync(CLOUD_FILE)).toBe(false);
  expect(await nowhere.run('list')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'no project is named, and no cloud runs on this machine: give --project, set GOOGLE_CLOUD_PROJECT, or run npm start\n',
  });
});

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

/** A command that somebody types in the project's folder, and what the terminal shows. Nothing of this process's environment is there. */
function typed(command: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn('sh', ['-c', `${command} 2>&1`], {
    cwd: PROJECT,
    env: { PATH: process.env['PATH'], HOME: tmpdir(), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A terminal sends Ctrl-C to all that runs in it.
    detached: true,
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(([code]): unknown => code);
  const interrupt = (): boolean => child.pid !== undefined && process.kill(-child.pid, 'SIGINT');
  return { lines, ended, interrupt };
}

test('npm start, and watch, status, events and tail in other terminals, do and say what README shows, word for word', async () => {
  const shown = commandsIn('## Command line');
  const named = (words: string): Shown => {
    const found = shown.find(({ command }) => command.startsWith(words));
    if (found === undefined) throw new Error(`README shows no ${words}`);
    return found;
  };
  const emulators = Object.fromEntries(
    ['FIRESTORE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST'].map((name) => [name, process.env[name] ?? '']),
  );
  const cloud = typed('npm start', emulators);
  try {
    await eventually(
      () => expect(cloud.lines).toContainEqual(expect.stringMatching(/^Ready\. 18 watches/)),
      90_000,
    );
    // Somebody who types is slower than the first syncs.
    await eventually(async () => {
      const { stdout } = await nowhere.run('list', '--json');
      expect(stdout.match(/"lastSyncAt":"/g)).toHaveLength(18);
    }, 30_000);

    for (const words of [
      'npx calendar-mirror watch',
      'npx calendar-mirror status',
      'npx calendar-mirror events',
    ]) {
      const { command, output } = named(words);
      const { lines, ended } = typed(command);
      expect({ command, code: await ended }).toEqual({ command, code: 0 });
      expect({ lines, asShown: showsWhat(lines, output) }).toEqual({ lines, asShown: true });
    }

    const { command, output } = named('npx calendar-mirror tail');
    const tail = typed(command);
    await eventually(() => expect(tail.lines).toContainEqual(expect.stringMatching(/Ctrl-C ends it\.$/)));
    const root = /^ {2}export CALENDAR_API_ROOT_URL='(.*)'$/m.exec(cloud.lines.join('\n'))?.[1] ?? '';
    const edit = typed(named('curl').command, { CALENDAR_API_ROOT_URL: root });
    expect(await edit.ended).toBe(0);
    await eventually(() => expect(tail.lines).toHaveLength(output.length));
    tail.interrupt();
    await tail.ended;
    const { lines } = tail;
    expect({ lines, asShown: showsWhat(lines, output) }).toEqual({ lines, asShown: true });
  } finally {
    cloud.interrupt();
    await cloud.ended;
  }
}, 150_000);
