import { mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { build } from '../../../infra/build/functions.ts';

/** Replaces a function's `create.ts` by the instrumented one; everything else is the deployed code. */
const withSeams: Plugin = {
  name: 'crash-seams',
  setup: (bundle) => {
    bundle.onResolve({ filter: /\/create\.ts$/ }, ({ importer }) => {
      const name = /\/functions\/(sync|renew)\/index\.ts$/.exec(importer)?.[1];
      return name === undefined
        ? undefined
        : { path: fileURLToPath(new URL(`seamed-${name}.ts`, import.meta.url)) };
    });
  },
};

/** Builds the instrumented functions in a folder of their own. Returns the folder, and a function that removes it. */
export async function buildWithSeams(): Promise<{ dist: string; remove(): Promise<void> }> {
  const folder = new URL('../../../dist/', import.meta.url);
  const dist = await mkdtemp(fileURLToPath(new URL('crash-', folder)));
  await build({ dist, plugins: [withSeams] });
  return { dist, remove: () => rm(dist, { recursive: true }) };
}
