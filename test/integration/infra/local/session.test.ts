import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { commandLine } from '../../../support/command-line.ts';
import { eventually } from '../../../support/eventually.ts';
import { commandsIn, showsWhat, type Shown } from '../../../support/shown-commands.ts';

/** Of these tests alone, so that they neither find nor replace a cloud that the user runs. */
const caches = { XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'calendar-mirror-')) };
afterAll(() => rmSync(caches.XDG_CACHE_HOME, { recursive: true }));

/** The command line without a project in its environment. */
const withoutProject = commandLine(caches);

const PROJECT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Runs a command in the project's folder with a clean environment. Returns its output, its exit code, and how to interrupt it. */
function runInShell(command: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn('sh', ['-c', `${command} 2>&1`], {
    cwd: PROJECT,
    env: { PATH: process.env['PATH'], HOME: tmpdir(), ...caches, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A process group, because a terminal sends Ctrl-C to the whole group.
    detached: true,
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(([code]): unknown => code);
  const interrupt = (): boolean => child.pid !== undefined && process.kill(-child.pid, 'SIGINT');
  return { lines, ended, interrupt };
}

test('the session in infra/cli/README.md prints exactly the documented output', async () => {
  const documented = commandsIn('infra/cli/README.md', '## A session');
  const named = (prefix: string): Shown => {
    const found = documented.find(({ command }) => command.startsWith(prefix));
    if (found === undefined) throw new Error(`infra/cli/README.md has no command ${prefix}`);
    return found;
  };
  const emulators = Object.fromEntries(
    ['FIRESTORE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST'].map((name) => [name, process.env[name] ?? '']),
  );
  const cloud = runInShell('npm start', emulators);
  try {
    await eventually(
      () => expect(cloud.lines).toContainEqual(expect.stringMatching(/^Ready\. 18 watches/)),
      90_000,
    );
    // The documented output is that after the initial syncs.
    await eventually(async () => {
      const { stdout } = await withoutProject.run('list', '--json');
      expect(stdout.match(/"lastSyncAt":"/g)).toHaveLength(18);
    });

    for (const prefix of [
      'npx calendar-mirror watch',
      'npx calendar-mirror status',
      'npx calendar-mirror events',
    ]) {
      const { command, output } = named(prefix);
      const { lines, ended } = runInShell(command);
      expect({ command, code: await ended }).toEqual({ command, code: 0 });
      expect({ lines, asShown: showsWhat(lines, output) }).toEqual({ lines, asShown: true });
    }

    const { command, output } = named('npx calendar-mirror tail');
    const tail = runInShell(command);
    await eventually(() =>
      expect(tail.lines).toContainEqual(expect.stringMatching(/Press Ctrl-C to stop\.$/)),
    );
    const root = /^ {2}export CALENDAR_API_ROOT_URL='(.*)'$/m.exec(cloud.lines.join('\n'))?.[1] ?? '';
    const edit = runInShell(named('curl').command, { CALENDAR_API_ROOT_URL: root });
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
});
