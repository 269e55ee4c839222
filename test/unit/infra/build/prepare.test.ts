import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PREPARE = fileURLToPath(new URL('../../../../infra/build/prepare.js', import.meta.url));

test('an installation without development dependencies skips the build of the command line', async () => {
  const folder = await mkdtemp(`${tmpdir()}/calendar-mirror-`);
  try {
    await copyFile(PREPARE, `${folder}/prepare.mjs`);
    const { stderr } = await promisify(execFile)(process.execPath, [`${folder}/prepare.mjs`]);
    expect(stderr).toBe('esbuild is not installed: skipped building the command line\n');
  } finally {
    await rm(folder, { recursive: true });
  }
});
