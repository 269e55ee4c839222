/** Built functions with an invalid configuration, and the contents of their bundles. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { freePort } from '../../infra/local/ports.ts';

const FRAMEWORK = fileURLToPath(new URL('main.js', import.meta.resolve('@google-cloud/functions-framework')));
const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

type Environment = Readonly<Record<string, string>>;

const RIGHT: Environment = {
  GOOGLE_CLOUD_PROJECT: 'demo-start',
  CHANNEL_TOKEN_KEYS: 'k1:YSBzZWNyZXQgdGhhdCBpcyBvZiBzb21lIGxlbmd0aC4=',
  CHANNEL_ADDRESS: 'https://receive.example.com',
  METADATA_SERVER_DETECTION: 'none',
};

/** Starts a built function as a deployment does; returns how it ended. */
async function outcome(name: string, env: Environment) {
  const signature = name === 'sync' ? 'cloudevent' : 'http';
  const args = [`--source=${DIST}/${name}`, `--target=${name}`, `--signature-type=${signature}`];
  const child = spawn(process.execPath, [FRAMEWORK, ...args, `--port=${String(await freePort())}`], {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A function that does start would never end.
    timeout: 120_000,
  });
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code: z.number().parse(code), stderr };
}

const without = (name: string): Environment =>
  Object.fromEntries(Object.entries(RIGHT).filter(([each]) => each !== name));

describe('a built function with a wrong variable does not start, and names the variable:', () => {
  test.each([
    ['receive', 'GOOGLE_CLOUD_PROJECT', without('GOOGLE_CLOUD_PROJECT')],
    ['receive', 'CHANNEL_TOKEN_KEYS', without('CHANNEL_TOKEN_KEYS')],
    ['receive', 'CHANNEL_TOKEN_KEYS', { ...RIGHT, CHANNEL_TOKEN_KEYS: 'no pair' }],
    ['receive', 'CHANNEL_TOKEN_KEYS', { ...RIGHT, CHANNEL_TOKEN_KEYS: 'k1:c2VjcmV0' }],
    ['receive', 'NOTIFICATIONS_TOPIC', { ...RIGHT, NOTIFICATIONS_TOPIC: 'a b' }],
    ['sync', 'GOOGLE_CLOUD_PROJECT', without('GOOGLE_CLOUD_PROJECT')],
    ['sync', 'CALENDAR_AUTH', { ...RIGHT, CALENDAR_AUTH: 'magic' }],
    ['sync', 'MIN_SYNC_INTERVAL_SECONDS', { ...RIGHT, MIN_SYNC_INTERVAL_SECONDS: 'soon' }],
    ['renew', 'CHANNEL_ADDRESS', without('CHANNEL_ADDRESS')],
    ['renew', 'CHANNEL_ADDRESS', { ...RIGHT, CHANNEL_ADDRESS: 'http://receive.example.com' }],
    ['renew', 'CHANNEL_TOKEN_KEYS', without('CHANNEL_TOKEN_KEYS')],
  ])('%s and %s', async (name, variable, env) => {
    const { code, stderr } = await outcome(name, env);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`Cannot start: ${variable} `);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stderr)).toMatchObject({ severity: 'CRITICAL' });
  });
});

describe('the bundle of', () => {
  const HEAVY = ['@google-cloud/firestore', 'googleapis', '@google-cloud/pubsub', '@grpc/grpc-js'].map(
    (name) => `node_modules/${name}/`,
  );
  const heavyInputs = async (name: string): Promise<string[]> => {
    const inputs = z
      .array(z.string())
      .parse(JSON.parse(await readFile(`${DIST}/${name}.inputs.json`, 'utf8')));
    expect(inputs).toContain(`functions/${name}/index.ts`);
    return HEAVY.filter((folder) => inputs.some((input) => input.includes(folder)));
  };

  test('receive has none of Google’s clients', async () => {
    expect(await heavyInputs('receive')).toEqual([]);
  });

  test.each(['sync', 'renew'])('%s has all of them but that of Pub/Sub', async (name) => {
    expect(await heavyInputs(name)).toEqual(HEAVY.filter((folder) => !folder.includes('pubsub')));
  });
});
