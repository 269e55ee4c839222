import { copyFile, writeFile } from 'node:fs/promises';

import { bundlePage } from '../emulator/page/bundle.ts';
import { buildEmulatorCommand } from './emulator-command.ts';
import { buildLibrary } from './library.ts';

/** Builds the emulator's package, below `infra/emulator`. */
await buildLibrary({
  base: 'infra/emulator',
  outdir: 'infra/emulator/dist',
  modules: ['index.ts'],
});
await buildEmulatorCommand('infra/emulator/dist');
const file = (path: string): URL => new URL(`../../${path}`, import.meta.url);
await writeFile(file('infra/emulator/dist/page.html'), await bundlePage());
// npm includes a license only from the folder of the package.
await copyFile(file('LICENSE'), file('infra/emulator/LICENSE'));
