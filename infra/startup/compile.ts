import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { COMPILED, load } from './load.ts';

/** `npm run gcp-build` in a deployed folder: has V8 compile the bundle, and keeps the result for every start to come. */

// Enough for a function to start; nobody is called.
Object.assign(process.env, {
  GOOGLE_CLOUD_PROJECT: 'compile',
  CHANNEL_ADDRESS: 'https://compile.invalid',
  CHANNEL_TOKEN_KEYS: 'compile:AAAA',
  METADATA_SERVER_DETECTION: 'none',
});
const file = join(__dirname, COMPILED);
rmSync(file, { force: true });
// After it has run, so that the functions that a start needs are compiled by now.
writeFileSync(file, load(__dirname).createCachedData());
process.exit();
