import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { getTestServer } from '@google-cloud/functions-framework/testing';

import { COMPILED, load } from './load.ts';

/** `npm run gcp-build` in a deployed folder: has V8 compile the bundle, and keeps the result for every start to come. */

/** Nobody listens there. */
const NOBODY = '127.0.0.1:9';
/** A function has then come as far as to a database that does not answer. */
const FIRST_REQUEST_MS = 500;

// Enough for a function to start and to try.
Object.assign(process.env, {
  GOOGLE_CLOUD_PROJECT: 'compile',
  CHANNEL_ADDRESS: 'https://compile.invalid',
  CHANNEL_TOKEN_KEYS: 'compile:AAAA',
  METADATA_SERVER_DETECTION: 'none',
  FIRESTORE_EMULATOR_HOST: NOBODY,
  PUBSUB_EMULATOR_HOST: NOBODY,
});
const file = join(__dirname, COMPILED);
rmSync(file, { force: true });
const script = load(__dirname);

/** A request as each of the functions may get it. */
async function request(port: number): Promise<void> {
  const message = { attributes: { watch: 'compile', reason: 'poll' }, data: '', messageId: '1' };
  await fetch(`http://127.0.0.1:${String(port)}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, subscription: 'projects/compile/subscriptions/compile' }),
  });
}

async function compile(): Promise<void> {
  const server = getTestServer(process.argv[2] ?? '').listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address !== null && typeof address !== 'string') {
    await Promise.race([request(address.port).catch(() => undefined), pause(FIRST_REQUEST_MS)]);
  }
  // After the first request, so that the functions that it needs are compiled by now.
  writeFileSync(file, script.createCachedData());
  process.exit();
}
void compile();
