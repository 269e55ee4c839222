import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { CLOUD_FILE } from '../../../functions/cli/cloud-file.ts';
import { eventually } from '../../support/cloud.ts';
import { commandLine, results } from '../../support/command-line.ts';

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
