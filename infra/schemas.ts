import { mkdir, writeFile } from 'node:fs/promises';

import { schemaFiles } from '../functions/feed/schemas.ts';

/** Writes `functions/feed/schemas` anew: to be run after a change of what the topics carry. */

const folder = new URL('../functions/feed/schemas/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, schema] of Object.entries(schemaFiles()))
  await writeFile(new URL(name, folder), `${JSON.stringify(schema, null, 2)}\n`);
