/** Finding the cloud that runs on this machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findLocalCloud } from '../../../../infra/local/cloud-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloud-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const env = {
  GOOGLE_CLOUD_PROJECT: 'demo',
  FIRESTORE_EMULATOR_HOST: 'a:1',
  PUBSUB_EMULATOR_HOST: 'a:2',
  METADATA_SERVER_DETECTION: 'none',
  CALENDAR_AUTH: 'emulator',
  CALENDAR_API_ROOT_URL: 'http://a:3',
  CHANNEL_ADDRESS: 'http://a:4',
};

function found(content: unknown) {
  const file = join(folder, 'cloud.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return findLocalCloud(file);
}

test('a running cloud is found, with the variables to connect to it and no secret', () => {
  const secret = { CHANNEL_TOKEN_KEYS: 'k:c2VjcmV0' };
  expect(found({ pid: process.pid, urls: {}, env: { ...env, ...secret } })).toEqual({
    pid: process.pid,
    env,
  });
});

test('a cloud that crashed is not found', () => {
  // Above the maximum process id of every system.
  expect(found({ pid: 2 ** 30, env })).toBeUndefined();
});

test.each([
  ['invalid JSON', '{'],
  ['no fields', {}],
  ['no project', { pid: process.pid, env: {} }],
])('no cloud is found in a file with %s', (_, content) => {
  expect(found(content)).toBeUndefined();
});

test('no cloud is found without a file', () => {
  expect(findLocalCloud(join(folder, 'nowhere.json'))).toBeUndefined();
});
