import { writeFile } from 'node:fs/promises';

import { emulatorPage } from './clients.ts';
import { commandLinePage } from './command-line.ts';
import { configurationPage } from './configuration.ts';
import { coveragePage } from './coverage.ts';
import { exemptFields, indexedFields } from './indexes.ts';
import { tasksPage } from './tasks.ts';

/** Writes the generated documents and Terraform files. Run it after changing their sources; a unit test checks that they are up to date. */

const GENERATED = {
  'infra/configuration.md': configurationPage,
  'infra/cli/README.md': commandLinePage,
  'infra/emulator/COVERAGE.md': coveragePage,
  'infra/emulator/README.md': emulatorPage,
  'infra/emulator/tasks.md': tasksPage,
  'infra/terraform/exempt-fields.tf': exemptFields,
  'infra/terraform/indexed-fields.tf': indexedFields,
};

for (const [path, render] of Object.entries(GENERATED))
  await writeFile(new URL(`../../${path}`, import.meta.url), await render());
