/** V8's code cache beside a bundle, which another version of Node rejects. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const LOAD = fileURLToPath(new URL('../../../../infra/build/startup/load.ts', import.meta.url));

/** Starts a bundle with a code cache, or with its own where none is given. Returns what it prints. */
async function start(cache: 'its own' | Buffer | undefined): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'compiled-'));
  try {
    const outfile = join(folder, 'load.js');
    await build({ entryPoints: [LOAD], outfile, bundle: true, platform: 'node', format: 'cjs' });
    await writeFile(join(folder, 'function.js'), "console.log('started')");
    const run = async (code: string): Promise<string> =>
      (await promisify(execFile)(process.execPath, ['--eval', code], { cwd: folder })).stdout;
    const load = "require('./load.js').load(process.cwd())";
    if (cache === 'its own')
      await run(`require('fs').writeFileSync('function.cache', ${load}.createCachedData())`);
    else if (cache !== undefined) await writeFile(join(folder, 'function.cache'), cache);
    return (await run(load)).trim().split('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a code cache that V8 rejects is logged as a warning that says what to do', async () => {
  const [warning = '', started] = await start(Buffer.alloc(64, 'x'));
  expect(JSON.parse(warning)).toEqual({
    severity: 'WARNING',
    message: expect.stringMatching(/^compiled code is from another version of Node than v\d.* deploy again$/),
  });
  expect(started).toBe('started');
});

test('a code cache that is accepted, or missing, is not mentioned', async () => {
  expect(await start('its own')).toEqual(['started']);
  expect(await start(undefined)).toEqual(['started']);
});
