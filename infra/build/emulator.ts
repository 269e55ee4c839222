import { copyFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { bundlePage } from '../emulator/page/bundle.ts';
import { buildLibrary } from './library.ts';

/** Builds the emulator's package, below `infra/emulator`. */
await buildLibrary({
  base: 'infra/emulator',
  outdir: 'infra/emulator/dist',
  modules: ['index.ts'],
});
// The command has its libraries in it, minified: it starts in two thirds of the time. A seed in YAML can wait for its parser.
await build({
  absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
  entryPoints: ['infra/emulator/main.ts'],
  outdir: 'infra/emulator/dist',
  bundle: true,
  minify: true,
  external: ['yaml'],
  platform: 'node',
  target: 'node22',
  format: 'esm',
  splitting: true,
  logLevel: 'warning',
});
const file = (path: string): URL => new URL(`../../${path}`, import.meta.url);
await writeFile(file('infra/emulator/dist/page.html'), await bundlePage());
// npm includes a license only from the folder of the package.
await copyFile(file('LICENSE'), file('infra/emulator/LICENSE'));
