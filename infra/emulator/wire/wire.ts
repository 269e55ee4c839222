/** The emulator's side of HTTP: reads bodies, writes JSON, listens. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Google accepts no larger request anywhere in this API. */
const MAX_BODY_BYTES = 10 * 2 ** 20;

/**
 * Reads a whole body as UTF-8.
 * @throws Error if it is larger than 10 MiB
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('the request body is larger than 10 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Responds with JSON, indented like Google's unless `prettyPrint` is `false`, or without a body if there is none. */
export function writeJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  prettyPrint: string | null = null,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  if (body === undefined) {
    response.end();
    return;
  }
  const text = prettyPrint === 'false' ? JSON.stringify(body) : `${JSON.stringify(body, null, 1)}\n`;
  response.setHeader('Content-Type', 'application/json; charset=UTF-8');
  response.end(text);
}

/**
 * Listens on 127.0.0.1 and resolves to the root URL.
 * @throws Error if the port is not available
 */
export function listen(server: Server, port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', () => {
    server.off('error', reject);
    const address = server.address();
    const actual = typeof address === 'object' && address !== null ? address.port : port;
    resolve(`http://127.0.0.1:${actual}`);
  });
  return promise;
}
