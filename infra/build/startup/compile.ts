import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { getTestServer } from '@google-cloud/functions-framework/testing';

import { mintToken } from '../../../functions/watches/channel-token.ts';
import { COMPILED, load } from './load.ts';

/**
 * Run by `npm run gcp-build` in a deployed folder. Starts the function, sends it a request, and stores V8's code cache, so that later
 * starts need not compile the bundle. https://nodejs.org/api/vm.html#scriptcreatecacheddata
 */

/** A port without a listener. */
const UNREACHABLE = '127.0.0.1:9';
/** Enough for a function to reach its first call to the database, which does not answer. */
const FIRST_REQUEST_MS = 500;

const KEY = { id: 'compile', text: 'A'.repeat(44) };

// The variables that the functions require to start.
Object.assign(process.env, {
  GOOGLE_CLOUD_PROJECT: 'compile',
  CHANNEL_ADDRESS: 'https://compile.invalid',
  CHANNEL_TOKEN_KEYS: `${KEY.id}:${KEY.text}`,
  METADATA_SERVER_DETECTION: 'none',
  FIRESTORE_EMULATOR_HOST: UNREACHABLE,
  PUBSUB_EMULATOR_HOST: UNREACHABLE,
});
const file = join(__dirname, COMPILED);
rmSync(file, { force: true });
const script = load(__dirname);

/** Returns the headers of a notification that receive accepts. */
function notification(): Record<string, string> {
  const key = { id: KEY.id, secret: createSecretKey(Buffer.from(KEY.text, 'base64')) };
  return {
    'x-goog-channel-id': 'compile',
    'x-goog-channel-token': mintToken(key, 'compile', 'compile'),
    'x-goog-message-number': '1',
    'x-goog-resource-id': 'compile',
    'x-goog-resource-state': 'exists',
    'x-goog-resource-uri': 'https://compile.invalid/',
  };
}

/** Sends a request that is valid for each of the functions. */
async function request(port: number): Promise<void> {
  const message = { attributes: { watch: 'compile', reason: 'poll' }, data: '', messageId: '1' };
  await fetch(`http://127.0.0.1:${String(port)}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...notification() },
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
  // The cache includes only JavaScript functions that were called before.
  writeFileSync(file, script.createCachedData());
  process.exit();
}
void compile();
