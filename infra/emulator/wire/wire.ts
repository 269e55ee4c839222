/** The emulator's side of HTTP: reads requests, sends answers, listens. */
import { pipeline } from 'node:stream';
import { constants, gzip } from 'node:zlib';
import { internalError } from '../protocol/google-errors.ts';
import { HangUp, jsonReply } from '../protocol/exchange.ts';
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
  const url = URL.parse(targetOf(request, root)) ?? new URL(root);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  const body = await readBody(request);
  return withOverride({ method: request.method ?? 'GET', url, headers, body });
}

/**
 * Returns the URL of a request. Two slashes at the start of its path would read as a host; a client that takes the emulator for its
 * proxy sends a whole URL (https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2).
 */
function targetOf({ headers, url: target = '/' }: IncomingMessage, root: string): string {
  return /^https?:\/\//i.test(target) ? target : rootFor(headers.host, root) + target;
}

/** The root URL as the client knows it: behind the published port of a container, it is not the server's own. */
const rootFor = (host: string | undefined, root: string): string =>
  host !== undefined && /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(host) ? `http://${host}` : root;

/** Sends an answer, with the headers that every answer has. The answer to HEAD has no body. */
export function sendReply(response: ServerResponse, reply: HttpReply): void {
  const { status, headers = {}, body = '', stream } = reply;
  const { req: request } = response;
  const all = { ...corsHeaders(request.headers.origin), ...headers };
  // A client may disconnect at any time; that is not an error.
  if (request.method === 'HEAD') {
    stream?.destroy();
    response.writeHead(status, all).end();
  } else if (stream) pipeline(stream, response.writeHead(status, all), () => undefined);
  else if (status === 204 || status === 304) response.writeHead(status, all).end();
  else if (wantsGzip(request)) {
    gzip(body, { level: constants.Z_BEST_SPEED }, (error, data) => {
      if (error) fail(response, error);
      else sendBody(response, status, { ...all, 'Content-Encoding': 'gzip' }, data);
    });
  } else sendBody(response, status, all, body);
}

/** With its length, a response is one write, and not sent in chunks. */
function sendBody(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): void {
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers }).end(body);
}

/**
 * Returns whether an answer is to be compressed. `Accept-Encoding` is not enough: the user agent has to name gzip as well, as those of
 * Google's libraries do (https://developers.google.com/workspace/calendar/api/guides/performance#gzip).
 */
const wantsGzip = ({ headers }: IncomingMessage): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(headers['accept-encoding'] ?? '') &&
  /gzip/i.test(headers['user-agent'] ?? '');

/** Answers 500 for an unexpected error, unless the answer has begun, the client is gone, or a fault drops the connection. */
export function fail(response: ServerResponse, error: unknown): void {
  const isGone = response.headersSent || response.socket === null || response.socket.destroyed;
  if (isGone || error instanceof HangUp) response.destroy();
  else {
    const unexpected = internalError(error);
    sendReply(response, jsonReply(unexpected.status, unexpected.body()));
  }
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
