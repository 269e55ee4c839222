/** What `calendar-mirror --help` loads. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Returns the packages that a module imports at once: not those that it imports while it runs. */
async function packagesOf(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    conditions: ['calendar-mirror-source'],
    write: false,
    metafile: true,
  });
  const packages = new Set<string>();
  const pending = new Set([entry]);
  for (const file of pending) {
    for (const { path, kind, external } of metafile.inputs[file]?.imports ?? []) {
      if (kind === 'dynamic-import') continue;
      if (external !== true) pending.add(path);
      else if (!path.startsWith('node:')) packages.add(path);
    }
  }
  return [...packages].toSorted();
}

test('the command line starts without any of Google’s clients', async () => {
  expect(await packagesOf('infra/cli/main.ts')).toEqual([
    'commander',
    'lru-cache',
    'string-width',
    'temporal-polyfill',
    'zod',
  ]);
});
