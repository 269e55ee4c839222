import { writeFile } from 'node:fs/promises';

import { commandLinePage } from './command-line.ts';
import { configurationPage } from './configuration.ts';

/** Writes the generated documents. Run it after changing their sources; a unit test checks that they are up to date. */

const GENERATED = {
  'infra/configuration.md': configurationPage,
  'infra/cli/README.md': commandLinePage,
};

for (const [path, render] of Object.entries(GENERATED))
  await writeFile(new URL(`../../${path}`, import.meta.url), render());
