/** Kept connections, which may be lost while an instance is frozen. */
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idleSocketCloser } from '../../../../functions/runtime/sockets.ts';

const server = createServer((_, response) => response.end());
/** The port that each request came from: one per connection. */
const ports: (number | undefined)[] = [];
server.on('request', ({ socket }) => ports.push(socket.remotePort));
let url: string;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}/`;
});
afterAll(() => server.close());

async function call(agent: Agent): Promise<void> {
  const [response] = await once(request(url, { agent }).end(), 'response');
  await once(response.resume(), 'close');
}

test('an idle connection is used again, but not after 20 s without any request', async () => {
  const agent = new Agent({ keepAlive: true });
  let now = 0;
  const beforeRequest = idleSocketCloser([agent], () => now);
  for (const pause of [0, 19_999, 19_999, 20_000, 0]) {
    now += pause;
    beforeRequest();
    await call(agent);
  }
  const [first, second, third, fourth, fifth] = ports;
  expect([second, third]).toEqual([first, first]);
  expect(fourth).not.toBe(first);
  expect(fifth).toBe(fourth);
  agent.destroy();
});

test('a connection whose request is still under way stays open', async () => {
  const agent = new Agent({ keepAlive: true });
  let now = 0;
  const beforeRequest = idleSocketCloser([agent], () => now);
  const slow = request(url, { agent, method: 'POST' });
  slow.write('the first part');
  const [socket] = await once(slow, 'socket');
  now += 60_000;
  beforeRequest();
  expect(socket.destroyed).toBe(false);
  slow.end();
  const [response] = await once(slow, 'response');
  expect(response.statusCode).toBe(200);
  response.resume();
  agent.destroy();
});
