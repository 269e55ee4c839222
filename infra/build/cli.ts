import { mkdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, type Plugin } from 'esbuild';

import { bundlePage } from './console-page.ts';

import { replaceFolder } from './replace-folder.ts';

/**
 * Bundles the command line into `dist/cli`, because Node does not run TypeScript below `node_modules`
 * (https://nodejs.org/api/typescript.html#type-stripping-in-dependencies). Libraries are dependencies of the package instead. The
 * folder is as deep as `infra/cli`, so that paths relative to a module resolve to the same files from both.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The builders of the functions and of the console's page stay outside: only a clone has what they build from. */
const builder: Plugin = {
  name: 'builder',
  setup: (bundle) => {
    bundle.onResolve({ filter: /\/build\/(?:functions|console-page)\.ts$/ }, ({ path }) => ({
      path: `../../infra/build/${basename(path)}`,
      external: true,
    }));
  },
};

const folder = `${root}dist/.cli-${String(process.pid)}`;
await build({
  absWorkingDir: root,
  entryPoints: ['infra/cli/index.ts'],
  outdir: folder,
  bundle: true,
  packages: 'external',
  plugins: [builder],
  platform: 'node',
  target: 'node22',
  format: 'esm',
  // Keeps dynamic imports in separate files, so that each command loads only what it needs.
  splitting: true,
  logLevel: 'warning',
});
await replaceFolder(`${root}dist/cli`, folder);
await mkdir(`${root}dist`, { recursive: true });
await writeFile(`${root}dist/console.html`, await bundlePage());
