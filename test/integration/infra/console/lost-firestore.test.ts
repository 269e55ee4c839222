/** A Firestore that refuses the console's credentials for a while, or does not answer. */
import { once } from 'node:events';
import { createServer } from 'node:http2';
import { afterEach, expect, test, vi } from 'vitest';
import { createFirestore } from '../../../../functions/firestore/client.ts';
import { followWatches, watchesIn } from '../../../../infra/console/source/follow.ts';
import { probeFirestore } from '../../../../infra/console/source/probe.ts';
import { createState } from '../../../../infra/console/source/state.ts';
import { freePort } from '../../../../infra/local/ports.ts';
import { sampleView } from '../../../support/console/sample-view.ts';
import { eventually } from '../../../support/eventually.ts';
import { tcpProxy } from '../../../support/tcp-proxy.ts';

const ABOUT = { mode: 'deployed', project: 'demo', writable: false, masked: true, version: '0' } as const;
const SOON_MS = 50;

afterEach(() => vi.unstubAllEnvs());

/** Starts a server that answers every call with PERMISSION_DENIED: https://grpc.io/docs/guides/status-codes/ */
async function startRefusing() {
  const port = await freePort();
  const server = createServer();
  server.on('stream', (stream) => {
    const status = { 'grpc-status': '7', 'grpc-message': 'access was withdrawn' };
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true });
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return { port, server };
}

const firestoreAt = (port: number) => {
  vi.stubEnv('FIRESTORE_EMULATOR_HOST', `127.0.0.1:${String(port)}`);
  return createFirestore('demo-refused-listener', '(default)', {
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 200,
  });
};

const started = () => createState({ about: ABOUT, publish: () => undefined, now: Date.now });

test('a Firestore that refuses is a bad health, with the reason', async () => {
  const { port, server } = await startRefusing();
  const firestore = firestoreAt(port);
  const state = started();
  const end = probeFirestore({ firestore }, state, { everyMs: SOON_MS, patienceMs: 10_000 });
  await eventually(() =>
    expect(state.snapshot().health).toMatchObject({
      ok: false,
      sentence: expect.stringMatching(/^Firestore can no longer be read \(.*access was withdrawn/),
    }),
  );
  end();
  await firestore.terminate();
  server.close();
}, 60_000);

test('a Firestore that does not answer is a bad health until it does', async () => {
  const port = await freePort();
  const proxy = tcpProxy(port, process.env['FIRESTORE_EMULATOR_HOST'] ?? '');
  await proxy.open();
  const firestore = firestoreAt(port);
  const state = started();
  const end = probeFirestore({ firestore }, state, { everyMs: SOON_MS, patienceMs: 1_000 });
  proxy.hang('hang');
  await eventually(() =>
    expect(state.snapshot().health).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('Firestore can no longer be read (no answer within 1 s)'),
    }),
  );
  await proxy.close();
  await proxy.open();
  await eventually(() => expect(state.snapshot().health.ok).toBe(true));
  end();
  await firestore.terminate();
  await proxy.close();
}, 60_000);

test('a listener that ends is started again, and what was deleted meanwhile is gone then', async () => {
  const firestore = createFirestore('demo-lost-listener', '(default)');
  await firestore.doc('watches/there').set({ spec: {} });
  const state = started();
  state.watches([sampleView({ id: 'deleted-meanwhile', nextCheckAt: Date.now() })], []);
  const errors: string[] = [];
  let starts = 0;
  const end = followWatches(
    (onSnapshot, onError) => {
      starts += 1;
      if (starts > 1) return watchesIn(firestore)(onSnapshot, onError);
      queueMicrotask(() => onError(new Error('access was withdrawn')));
      return () => undefined;
    },
    state,
    ({ message }) => errors.push(message),
    SOON_MS,
  );
  await eventually(() => expect(state.watchViews().map(({ id }) => id)).toEqual(['there']));
  expect(errors).toEqual(['access was withdrawn']);
  expect(state.snapshot().health.sentence).not.toContain('can no longer be read');
  end();
  await firestore.terminate();
}, 60_000);
