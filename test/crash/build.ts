import { mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { build } from '../../infra/build.ts';

/** Puts the seamed `create.ts` in place of a function's own; everything else is what is deployed. */
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

/** Builds the functions with seams, in a folder of their own; hands back where, and what removes it. */
export async function buildWithSeams(): Promise<{ dist: string; remove(): Promise<void> }> {
  const folder = new URL('../../dist/', import.meta.url);
  const dist = await mkdtemp(fileURLToPath(new URL('crash-', folder)));
  await build({ dist, plugins: [withSeams] });
  return { dist, remove: () => rm(dist, { recursive: true }) };
}
