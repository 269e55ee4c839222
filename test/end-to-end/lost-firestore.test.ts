/** An instance of sync that has lost Firestore: its connections are open, and nothing arrives on them. */
import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { expect } from 'vitest';
import { build } from '../../infra/build/functions.ts';
import { freePort, portAnswers } from '../../infra/local/ports.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';

/** The deployed code, but for the time limit of a call, which would take the test three minutes. */
const impatient: Plugin = {
  name: 'impatient',
  setup: (bundle) => {
    bundle.onLoad({ filter: /functions\/firestore\/health\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replace('CALL_TIMEOUT_MS = 60_000', 'CALL_TIMEOUT_MS = 3_000');
      if (contents === source) throw new Error('health.ts has no time limit of 60 s');
      return { contents, loader: 'ts' };
    });
  },
};

const dist = await mkdtemp(fileURLToPath(new URL('../../dist/lost-', import.meta.url)));
await build({ dist, plugins: [impatient] });

const port = await freePort();
const test = cloudTest({
  dist,
  env: { sync: { FIRESTORE_EMULATOR_HOST: `127.0.0.1:${String(port)}` } },
}).extend('proxy', { scope: 'file', auto: true }, async ({ cloud }, { onCleanup }) => {
  const proxy = tcpProxy(port, cloud.emulators.firestoreHost);
  await proxy.open();
  onCleanup(async () => {
    await proxy.close();
    await rm(dist, { recursive: true });
  });
  return proxy;
});

test('ends itself after three calls without an answer, and the next one loses nothing', async ({
  cloud,
  proxy,
}) => {
  const user = cloud.newUser();
  const spec = { user, resource: 'events', calendarId: user } as const;
  const watch = await cloud.register(spec);
  await cloud.processed(watch);

  proxy.hang('hang');
  const start = { dateTime: '2030-01-01T10:00:00Z' };
  await cloud.as(user).insert(`calendars/${user}/events`, { summary: 'meanwhile', start, end: start });
  const syncPort = Number(new URL(cloud.urls.sync).port);
  await eventually(async () => expect(await portAnswers(syncPort)).toBe(false), 60_000);
  const errors = cloud.logs.filter(({ severity, function: name }) => severity === 'ERROR' && name === 'sync');
  expect(errors.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      'sync failed, will be redelivered',
      'no answer from Firestore, this instance ends',
    ]),
  );
  expect((await cloud.mirror(spec)).size).toBe(0);

  await proxy.close();
  await proxy.open();
  await cloud.restart('sync');
  await eventually(async () => expect((await cloud.mirror(spec)).size).toBe(1), 60_000);
  await cloud.untilTrue();
});
