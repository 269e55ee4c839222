import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRaw, sendRaw, statusOf } from '../../../support/raw-http.ts';

let server: Worker;
let url: string;

beforeAll(async () => {
  server = new Worker(new URL('../../../support/headers-only-server.ts', import.meta.url));
  const [port] = await once(server, 'message');
  url = `http://127.0.0.1:${String(port)}`;
});
afterAll(() => server.terminate());

const post = (headers: string, path = '/'): string => `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;

const copied = (value: string): string =>
  `Function-Execution-Id: ${value}\r\nX-Cloud-Trace-Context: ${value}/1\r\n`;

describe('a server limited to headers', () => {
  test('answers 431 to more headers than the limit', async () => {
    expect(statusOf(await sendRaw(url, post(`X: ${'x'.repeat(1_000)}\r\n`)))).toBe(431);
    expect(statusOf(await sendRaw(url, post(`X: ${'x'.repeat(900)}\r\n`)))).toBe(200);
  });

  test.concurrent('answers 408 to headers that do not end, and closes', async () => {
    const slow = openRaw(url, 'POST / HTTP/1.1\r\nHost: x\r\nX: ');
    await slow.closed;
    expect(statusOf(slow.answered())).toBe(408);
  });

  test.concurrent('answers 408 to a body that is read and does not end, and closes', async () => {
    const slow = openRaw(url, post('X-Read: yes\r\nContent-Length: 10\r\n'));
    await slow.closed;
    expect(statusOf(slow.answered())).toBe(408);
  });

  test.each(['Content-Length: 1000000000\r\n', 'Transfer-Encoding: chunked\r\n'])(
    'answers before the body has arrived, and closes: %j',
    async (headers) => {
      const slow = openRaw(url, `${post(headers)}1`);
      await slow.closed;
      expect(statusOf(slow.answered())).toBe(200);
      expect(slow.answered()).toContain('"unread"');
    },
  );

  test('keeps the connection after a request without a body', async () => {
    const connection = openRaw(url, post('Content-Length: 0\r\n'));
    await once(connection.socket, 'data');
    connection.socket.end(post('Content-Length: 0\r\n'));
    await connection.closed;
    expect(connection.answered().match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  test('drops over-long headers that the framework would copy to the log', async () => {
    const genuine = await sendRaw(url, post(copied('1dl4k0hxgkvz')));
    expect(genuine).toContain(
      '"function-execution-id":"1dl4k0hxgkvz","x-cloud-trace-context":"1dl4k0hxgkvz/1"',
    );
    expect(await sendRaw(url, post(copied('1'.repeat(101))))).not.toContain('1'.repeat(101));
  });

  test.each(['/%zz', '/favicon.ico', 'http://[::1', '*', `/${'x'.repeat(500)}`])(
    'treats %s as its root',
    async (path) => {
      expect(await sendRaw(url, post('Content-Length: 0\r\n', path))).toContain('{"path":"/"');
    },
  );
});
