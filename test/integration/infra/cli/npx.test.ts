/** The command line as the documents show it: in a clone, after `npm ci`, whatever Node the machine has. */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import manifest from '../../../../package.json' with { type: 'json' };

test('npx calendar-mirror runs in a clone', () => {
  const { status, stdout } = spawnSync('npx', ['calendar-mirror', '--version'], {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    env: { PATH: process.env['PATH'], HOME: tmpdir() },
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${manifest.version}\n` });
});
