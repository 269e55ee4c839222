import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, type Plugin } from 'esbuild';

import { bundlePage } from './console-page.ts';
import { ESM_BUNDLE } from './library.ts';
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

/** Builds the command line and the console's page. */
export async function buildCommandLine(): Promise<void> {
  const folder = `${root}dist/.cli-${String(process.pid)}`;
  await build({
    ...ESM_BUNDLE,
    entryPoints: ['infra/cli/index.ts'],
    outdir: folder,
    packages: 'external',
    plugins: [builder],
  });
  await replaceFolder(`${root}dist/cli`, folder);
  await writeFile(`${root}dist/console.html`, await bundlePage());
}

if (import.meta.main) await buildCommandLine();
