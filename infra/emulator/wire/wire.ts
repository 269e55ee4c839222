/** The emulator's side of HTTP: reads requests, sends answers, listens. */
import { pipeline } from 'node:stream';
import { readBody } from './body.ts';
import { corsHeaders } from './cors.ts';
import { withOverride } from './override.ts';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { HttpReply, HttpRequest } from '../protocol/exchange.ts';

/**
 * Reads a whole request.
 * @param root the server's root URL, for requests without a valid `Host`
 * @throws CalendarError for a body that cannot be read
 */
export async function readRequest(request: IncomingMessage, root: string): Promise<HttpRequest> {
  // Two slashes at the start of a path would read as a host.
  const url = URL.parse(rootFor(request.headers.host, root) + (request.url ?? '/')) ?? new URL(root);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  const body = await readBody(request);
  return withOverride({ method: request.method ?? 'GET', url, headers, body });
}

/** The root URL as the client knows it: behind the published port of a container, it is not the server's own. */
const rootFor = (host: string | undefined, root: string): string =>
  host !== undefined && /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(host) ? `http://${host}` : root;

/** Sends an answer, with the headers that every answer has. */
export function sendReply(
  response: ServerResponse,
  { status, headers = {}, body, stream }: HttpReply,
  origin: string | undefined,
): void {
  // With its length, a response is one write, and not sent in chunks.
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...corsHeaders(origin), ...length, ...headers });
  // A client may disconnect at any time; that is not an error.
  if (stream) pipeline(stream, response, () => undefined);
  else response.end(body);
}

/**
 * Listens and resolves to the root URL, as this machine reaches it.
 * @throws Error if the port or the host is not available
 */
export function listen(server: Server, port: number, host = '127.0.0.1'): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  server.once('error', reject);
  server.listen(port, host, () => {
    server.off('error', reject);
    const address = server.address();
    const actual = typeof address === 'object' && address !== null ? address.port : port;
    resolve(`http://${reachable(host)}:${actual}`);
  });
  return promise;
}

/** Every network includes this machine. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
