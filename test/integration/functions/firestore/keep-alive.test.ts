/** A connection to Firestore that is lost while nothing is sent, as while an instance is frozen. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createFirestore } from '../../../../functions/firestore/client.ts';
import { freePort } from '../../../../infra/local/ports.ts';
import { tcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts';

let proxy: TcpProxy;
beforeAll(async () => {
  const port = await freePort();
  proxy = tcpProxy(port, process.env['FIRESTORE_EMULATOR_HOST'] ?? '');
  await proxy.open();
  vi.stubEnv('FIRESTORE_EMULATOR_HOST', `127.0.0.1:${String(port)}`);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await proxy.close();
});

test('is replaced when it does not answer a ping, and the call succeeds', async () => {
  const options = { 'grpc.keepalive_time_ms': 1_000, 'grpc.keepalive_timeout_ms': 500 };
  const firestore = createFirestore('demo-keep-alive', '(default)', options);
  const document = firestore.doc('keep/alive');
  await document.set({ a: 1 });
  proxy.hang('forwarded');
  expect((await document.get()).get('a')).toBe(1);
  proxy.hang('forwarded');
  await document.set({ a: 2 });
  expect((await document.get()).get('a')).toBe(2);
  await firestore.terminate();
}, 60_000);
