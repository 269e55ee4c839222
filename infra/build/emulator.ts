import { copyFile } from 'node:fs/promises';

import { buildLibrary } from './library.ts';

/** Builds the emulator's package, below `infra/emulator`. */
await buildLibrary({
  base: 'infra/emulator',
  outdir: 'infra/emulator/dist',
  modules: ['index.ts'],
  commands: ['main.ts'],
});
// npm includes a license only from the folder of the package.
const file = (path: string): URL => new URL(`../../${path}`, import.meta.url);
await copyFile(file('LICENSE'), file('infra/emulator/LICENSE'));
