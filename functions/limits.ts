import { subscribe } from 'node:diagnostics_channel';
import { Server, type IncomingMessage, type ServerResponse } from 'node:http';

import * as z from 'zod';

import { onRequest } from './requests.ts';

/**
 * How little of a request is taken in. functions-framework has no limits of its own: it reads and parses a body of up to a GiB
 * before it calls a function, repeats in the log what it cannot parse, and answers some paths itself. Node tells of a server
 * before it listens, and of each request before the framework sees it ("Diagnostics Channel: built-in channels").
 */

export interface Limits {
  /** Bytes of the request line and all headers: beyond, Node answers 431. */
  readonly headerBytes: number;
  /** How long the headers may take to come: beyond, Node answers 408 when it looks next. */
  readonly headersMs: number;
  /** The same for a whole request. */
  readonly requestMs: number;
  /** How often Node looks for what is late. */
  readonly checkMs: number;
}

/** Google's own headers have less than 6 KB with the longest resource URI that is accepted, and come in one go. */
const LIMITS: Limits = { headerBytes: 8_192, headersMs: 10_000, requestMs: 20_000, checkMs: 2_000 };

/** What the framework copies to every log entry of a request. Google's own have less than 100 characters. */
const COPIED_TO_LOG = ['function-execution-id', 'x-cloud-trace-context'];
const LONGEST_COPIED = 100;

const serverStart = z.object({ server: z.instanceof(Server) });

function limitServer(server: Server, limits: Limits): void {
  Object.assign(server, {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
  });
}

function takeHeadersOnly(request: IncomingMessage, response: ServerResponse): void {
  const { headers } = request;
  // Nobody waits for a body: what of it is still to come when the request is answered is cut off.
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0) {
    response.setHeader('Connection', 'close');
  }
  // By these the framework tells that there is a body to read.
  delete headers['transfer-encoding'];
  delete headers['content-length'];
  for (const name of COPIED_TO_LOG) {
    if ((headers[name]?.length ?? 0) > LONGEST_COPIED) delete headers[name];
  }
  // Every path is the function's, also one that nobody can decode.
  request.url = '/';
}

/**
 * Lets a function that needs nothing but headers have nothing else, whoever calls it. To be called once, before the framework
 * starts to serve.
 */
export function takeHeadersAlone(limits: Limits = LIMITS): void {
  subscribe('tracing:net.server.listen:asyncStart', (message) => {
    const parsed = serverStart.safeParse(message);
    if (parsed.success) limitServer(parsed.data.server, limits);
  });
  onRequest(takeHeadersOnly);
}
