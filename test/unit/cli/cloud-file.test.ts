/** Finding the cloud that runs on this machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findLocalCloud } from '../../../functions/cli/cloud-file.ts';

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

test('a cloud that runs is found, with what it takes to join it and no secret', () => {
  const secret = { CHANNEL_TOKEN_KEYS: 'k:c2VjcmV0' };
  expect(found({ pid: process.pid, urls: {}, env: { ...env, ...secret } })).toEqual({
    pid: process.pid,
    env,
  });
});

test('one that has ended without a word is not', () => {
  // No system has processes with numbers as high as this.
  expect(found({ pid: 2 ** 30, env })).toBeUndefined();
});

test.each([
  ['no JSON', '{'],
  ['no description', {}],
  ['no project', { pid: process.pid, env: {} }],
])('a file with %s is none', (_, content) => {
  expect(found(content)).toBeUndefined();
});

test('where there is no file there is no cloud', () => {
  expect(findLocalCloud(join(folder, 'nowhere.json'))).toBeUndefined();
});
