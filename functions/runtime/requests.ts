import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse, Server } from 'node:http';

import * as z from 'zod';

/**
 * Requests before the framework sees them, and their limits in a public function. functions-framework has no limits: it parses bodies
 * of up to a GiB before it calls the function, logs what it cannot parse, and answers some paths itself. Node publishes each server
 * before it listens, and each request before the framework sees it: https://nodejs.org/api/diagnostics_channel.html
 */

const serverStart = z.object({ server: z.instanceof(Server) });
const requestStart = z.object({
  request: z.instanceof(IncomingMessage),
  response: z.instanceof(ServerResponse),
});

/**
 * Calls `listener` with each request before the framework sees it. Call it before the framework starts to serve.
 * @see https://nodejs.org/api/diagnostics_channel.html
 */
export function onRequest(listener: (request: IncomingMessage, response: ServerResponse) => void): void {
  subscribe('http.server.request.start', (message) => {
    const { data } = requestStart.safeParse(message);
    if (data) listener(data.request, data.response);
  });
}

/**
 * Limits on what a server accepts, by its properties. Google's headers have less than 6 KB with the longest resource URI that is
 * accepted, and arrive at once.
 * @see https://nodejs.org/api/http.html#class-httpserver
 */
const LIMITS = {
  /** Bytes of the request line and all headers. Node answers 431 to more. */
  maxHeaderSize: 8_192,
  /** How long the headers may take to arrive, in ms. Node answers 408 at its next check. */
  headersTimeout: 10_000,
  /** How long a whole request may take to arrive. */
  requestTimeout: 20_000,
  /** Interval of Node's checks for late requests. */
  connectionsCheckingInterval: 2_000,
};

/** Headers that the framework copies to every log entry of a request. Google's values have less than 100 characters. */
const COPIED_TO_LOG = ['function-execution-id', 'x-cloud-trace-context'];
const LONGEST_COPIED = 100;

function keepHeadersOnly(request: IncomingMessage, response: ServerResponse): void {
  const { headers } = request;
  // Nothing reads the body: close the connection once the request is answered, so that the rest of it is not received.
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0) {
    response.setHeader('Connection', 'close');
  }
  // The framework reads a body only if one of these is present.
  delete headers['transfer-encoding'];
  delete headers['content-length'];
  for (const name of COPIED_TO_LOG) {
    if ((headers[name]?.length ?? 0) > LONGEST_COPIED) delete headers[name];
  }
  // The function serves every path, even one that cannot be decoded.
  request.url = '/';
}

/** Limits requests to their headers, for a function that needs nothing else. Call it once, before the framework starts to serve. */
export function ignoreRequestBodies(limits: typeof LIMITS = LIMITS): void {
  subscribe('tracing:net.server.listen:asyncStart', (message) => {
    const { data } = serverStart.safeParse(message);
    if (data) Object.assign(data.server, limits);
  });
  onRequest(keepHeadersOnly);
}
