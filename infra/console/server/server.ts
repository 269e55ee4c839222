/** The console's HTTP server: one page, JSON, and server-sent events, for the person who started it. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import * as z from 'zod';

import { errorText } from '../../../functions/runtime/log.ts';
import type { Snapshot, StreamMessage } from '../model/stream.ts';
import { findRoute, RouteError, type Routes } from './exchange.ts';
import { cookieName, guard } from './guard.ts';
import { createPositions, type Positioned } from './positions.ts';

export interface ConsoleServerOptions {
  /** 0 for a free one. */
  readonly port: number;
  /** Returns the page and the content security policy that it needs. */
  readonly page: () => Promise<{ readonly html: string; readonly policy: string }>;
  readonly routes: Routes;
  /** Returns the state from which a page starts. */
  readonly snapshot: () => Snapshot;
}

/** A running server. */
export interface ConsoleServer {
  /** The address to open, with the token of this start. */
  readonly url: string;
  /** Sends a message to every open page, and keeps it for those that come back. */
  publish(message: StreamMessage): void;
  close(): Promise<void>;
}

/** Messages that are kept for pages that lost their connection. */
const KEPT = 5_000;
const MAX_BODY_BYTES = 2 ** 20;
/** A page that reads this slowly is disconnected; it connects again and continues. */
const MAX_BUFFERED_BYTES = 8 * 2 ** 20;
/** Proxies and laptops that sleep drop silent connections. */
const KEEP_ALIVE_MS = 15_000;
/** How soon a page that lost its connection tries again. */
const RETRY_MS = 1_000;

/**
 * Starts the server on 127.0.0.1.
 * @throws Error if the port is taken
 */
export async function startConsoleServer(options: ConsoleServerOptions): Promise<ConsoleServer> {
  const { routes, snapshot } = options;
  const token = randomBytes(24).toString('base64url');
  const positions = createPositions(KEPT);
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => fail(response, error));
  });
  const port = await listen(server, options.port);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const url = URL.parse(request.url ?? '/', 'http://console') ?? new URL('http://console/');
    const verdict = guard({ method, url, headers: headersOf(request) }, { token, port });
    if (!verdict.allowed) return sendJson(response, verdict.status, { error: verdict.problem });
    if ('signIn' in verdict) {
      response.writeHead(303, {
        Location: '/',
        'Set-Cookie': `${cookieName(port)}=${token}; HttpOnly; SameSite=Strict; Path=/`,
        'Cache-Control': 'no-store',
      });
      response.end();
      return undefined;
    }
    if (method === 'GET' && url.pathname === '/') return sendPage(response);
    if (method === 'GET' && url.pathname === '/api/stream') return stream(request, response, url);
    const found = findRoute(routes, method, url.pathname);
    if (found === undefined) throw new RouteError(404, `unknown route: ${method} ${url.pathname}`);
    const body = method === 'GET' ? undefined : parse(await readBody(request));
    const call = { method, path: url.pathname, query: url.searchParams, body };
    const result: unknown = await found.handler(call, found.segments);
    return sendJson(response, 200, result ?? { done: true });
  }

  async function sendPage(response: ServerResponse): Promise<void> {
    const { html, policy } = await options.page();
    response.writeHead(200, {
      ...SAFE,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
    });
    response.end(html);
  }

  /** Sends what a page has missed, or the whole state, and then everything that happens. */
  function stream(request: IncomingMessage, response: ServerResponse, url: URL): void {
    response.writeHead(200, { ...SAFE, 'Content-Type': 'text/event-stream' });
    response.write(`retry: ${String(RETRY_MS)}\n\n`);
    const resumed = request.headers['last-event-id'] ?? url.searchParams.get('after') ?? '';
    const missed = resumed === '' ? undefined : positions.after(Number(resumed));
    if (missed === undefined) response.write(eventOf(positions.last(), snapshot()));
    else for (const { position, message } of missed) response.write(eventOf(position, message));
    streams.add(response);
    response.once('close', () => streams.delete(response));
  }

  const keepAlive = setInterval(() => {
    for (const response of streams) response.write(': still here\n\n');
  }, KEEP_ALIVE_MS);
  keepAlive.unref();

  return {
    url: `http://127.0.0.1:${String(port)}/?token=${token}`,
    publish(message) {
      const { position } = positions.add(message);
      const text = eventOf(position, message);
      for (const response of streams) {
        response.write(text);
        if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
      }
    },
    close: async () => {
      clearInterval(keepAlive);
      for (const response of streams) response.end();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** Returns the headers that the guard reads. */
function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string | undefined>> {
  const site = headers['sec-fetch-site'];
  return {
    host: headers.host,
    origin: headers.origin,
    authorization: headers.authorization,
    cookie: headers.cookie,
    'sec-fetch-site': typeof site === 'string' ? site : undefined,
  };
}

/** No answer is cached, sniffed for its type, or shown inside another page. */
const SAFE = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

const eventOf = (position: Positioned['position'], message: StreamMessage | Snapshot): string =>
  `id: ${String(position)}\ndata: ${JSON.stringify(message)}\n\n`;

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { ...SAFE, 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof RouteError) sendJson(response, error.status, { error: error.message });
  else if (error instanceof z.ZodError) sendJson(response, 400, { error: z.prettifyError(error) });
  else sendJson(response, 502, { error: errorText(error) });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RouteError(400, 'the body is larger than 1 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RouteError(400, 'the body is not valid JSON', { cause });
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
