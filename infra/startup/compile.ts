import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { getTestServer } from '@google-cloud/functions-framework/testing';

import { mintToken } from '../../functions/channel/token.ts';
import { COMPILED, load } from './load.ts';

/** `npm run gcp-build` in a deployed folder: has V8 compile the bundle, and keeps the result for every start to come. */

/** Nobody listens there. */
const NOBODY = '127.0.0.1:9';
/** A function has then come as far as to a database that does not answer. */
const FIRST_REQUEST_MS = 500;

const KEY = { id: 'compile', text: 'AAAA' };

// Enough for a function to start and to try.
Object.assign(process.env, {
  GOOGLE_CLOUD_PROJECT: 'compile',
  CHANNEL_ADDRESS: 'https://compile.invalid',
  CHANNEL_TOKEN_KEYS: `${KEY.id}:${KEY.text}`,
  METADATA_SERVER_DETECTION: 'none',
  FIRESTORE_EMULATOR_HOST: NOBODY,
  PUBSUB_EMULATOR_HOST: NOBODY,
});
const file = join(__dirname, COMPILED);
rmSync(file, { force: true });
const script = load(__dirname);

/** What receive believes. */
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

/** A request as each of the functions may get it. */
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
  // After the first request, so that the functions that it needs are compiled by now.
  writeFileSync(file, script.createCachedData());
  process.exit();
}
void compile();
