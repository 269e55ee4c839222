/** Finding the cloud that runs on this machine. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  cloudFilePath,
  findLocalCloud,
  removeCloudFile,
  writeCloudFile,
} from '../../../../infra/local/cloud-file.ts';

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

test('the file is in the cache folder of the user, not in that of the package', () => {
  expect(cloudFilePath({ XDG_CACHE_HOME: '/caches' })).toBe('/caches/calendar-mirror/cloud.json');
  const byDefault = `${homedir()}/.cache/calendar-mirror/cloud.json`;
  expect(cloudFilePath({})).toBe(byDefault);
  // As the specification says of a relative path.
  expect(cloudFilePath({ XDG_CACHE_HOME: 'caches' })).toBe(byDefault);
});

const urls = {
  receive: 'http://a:4',
  sync: 'http://a:5',
  renew: 'http://a:6',
  calendar: 'http://a:3',
};
const cloud = { projectId: 'demo', urls, env };

test('a cloud that is written is found until it is removed, and only its owner can read it', async () => {
  const file = join(folder, 'new', 'cloud.json');
  expect(await writeCloudFile(cloud, file)).toBe(true);
  expect(findLocalCloud(file)).toMatchObject({ pid: process.pid, env });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await removeCloudFile(file);
  expect(existsSync(file)).toBe(false);
});

test('the file of another process is not removed', async () => {
  const file = join(folder, 'other.json');
  writeFileSync(file, JSON.stringify({ pid: process.ppid, env }));
  await removeCloudFile(file);
  expect(existsSync(file)).toBe(true);
});

test('a folder that cannot be written to is not an error', async () => {
  const notFolder = join(folder, 'a-file');
  writeFileSync(notFolder, '');
  expect(await writeCloudFile(cloud, join(notFolder, 'cloud.json'))).toBe(false);
});
