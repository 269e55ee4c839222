import { mkdir, writeFile } from 'node:fs/promises';

import { schemaFiles } from './topic-schemas.ts';

/** Generates `functions/feed/schemas`. Run it after changing the format of a message. */

const folder = new URL('../../functions/feed/schemas/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, schema] of Object.entries(schemaFiles()))
  await writeFile(new URL(name, folder), `${JSON.stringify(schema, null, 2)}\n`);
