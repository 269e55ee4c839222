import { once } from 'node:events';
import { get } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { RouteError } from '../../../../infra/console/server/exchange.ts';
import { startConsoleServer, type ConsoleServer } from '../../../../infra/console/server/server.ts';
import { eventsIn, type ServerSentEvent } from '../../../support/server-sent-events.ts';
import type { Snapshot, StreamMessage } from '../../../../infra/console/model/stream.ts';

const SNAPSHOT: Snapshot = {
  type: 'snapshot',
  about: { mode: 'local', project: 'demo', writable: true, masked: false, version: '1' },
  health: { ok: true, sentence: 'fine', lastChangeAt: null, problems: [], more: 0 },
  watches: [],
  entries: [],
  counts: {},
};
const message = (id: string): StreamMessage => ({ type: 'hops', id, hops: [] });

let server: ConsoleServer | undefined;

interface Call {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function start() {
  server = await startConsoleServer({
    port: 0,
    page: () => Promise.resolve({ html: '<!doctype html>', policy: "default-src 'self'" }),
    snapshot: () => SNAPSHOT,
    routes: {
      'GET /api/echo/*': ({ query }, [name]) => ({ name, q: query.get('q') }),
      'POST /api/echo': ({ body }) => ({ body }),
      'POST /api/nothing': () => undefined,
      'GET /api/absent': () => {
        throw new RouteError(404, 'there is none');
      },
      'GET /api/broken': () => {
        throw new Error('Firestore is away');
      },
    },
  });
  const { origin, searchParams } = new URL(server.url);
  const authorization = `Bearer ${searchParams.get('token') ?? ''}`;
  return {
    server,
    origin,
    call: (path: string, { headers, ...init }: Call = {}) =>
      fetch(origin + path, { ...init, headers: { authorization, ...headers } }),
  };
}

afterEach(() => server?.close());

/** Reads events until there are so many, and ends the stream. */
async function read(answer: Response, count: number): Promise<readonly ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of eventsIn(answer)) {
    events.push(event);
    if (events.length >= count) break;
  }
  return events;
}

describe('the page', () => {
  test('is opened by the printed address, which leaves the token in a cookie and not in the address', async () => {
    const { server: started, origin } = await start();
    const first = await fetch(started.url, { redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const page = await fetch(origin, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toBe("default-src 'self'");
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('is not shown without the token', async () => {
    const { origin } = await start();
    const answer = await fetch(origin);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('open the address') });
  });
});

describe('a route', () => {
  test('gets segments, query and body, and answers JSON', async () => {
    const { call } = await start();
    expect(await (await call('/api/echo/a%2Fb?q=1')).json()).toEqual({ name: 'a/b', q: '1' });
    const posted = await call('/api/echo', { method: 'POST', body: '{"a":1}' });
    expect(await posted.json()).toEqual({ body: { a: 1 } });
    expect(await (await call('/api/nothing', { method: 'POST' })).json()).toEqual({ done: true });
  });

  test.each([
    ['GET', '/api/unknown', undefined, 404, 'unknown route: GET /api/unknown'],
    ['POST', '/api/echo/a', '', 404, 'unknown route: POST /api/echo/a'],
    ['POST', '/api/echo', '{', 400, 'the body is not valid JSON'],
    ['POST', '/api/echo', `"${'x'.repeat(2 ** 20)}"`, 400, 'the body is larger than 1 MiB'],
    ['GET', '/api/echo/%E0%A4%A', undefined, 400, 'the path has an invalid escape: %E0%A4%A'],
    ['GET', '/api/absent', undefined, 404, 'there is none'],
    ['GET', '/api/broken', undefined, 502, 'Firestore is away'],
  ])('of %s %s fails with what is wrong (%#)', async (method, path, body, status, error) => {
    const { call } = await start();
    const answer = await call(path, { method, ...(body === undefined ? {} : { body }) });
    expect([answer.status, await answer.json()]).toEqual([status, { error }]);
  });
});

describe('the stream', () => {
  test('begins with the whole state, and goes on with what happens', async () => {
    const { server: started, call } = await start();
    started.publish(message('before'));
    const answer = await call('/api/stream');
    started.publish(message('after'));
    const events = await read(answer, 2);
    expect(events.map(({ id, data }) => [id, JSON.parse(data)])).toEqual([
      ['1', SNAPSHOT],
      ['2', message('after')],
    ]);
  });

  test('resumes after the last event that the page has seen, without a gap', async () => {
    const { server: started, call } = await start();
    for (const id of ['1', '2', '3']) started.publish(message(id));
    const events = await read(await call('/api/stream', { headers: { 'last-event-id': '1' } }), 2);
    expect(events.map(({ data }) => JSON.parse(data))).toEqual([message('2'), message('3')]);
  });

  test('of a page that does not read ends, and the page resumes it', async () => {
    const { server: started, origin, call } = await start();
    const authorization = `Bearer ${new URL(started.url).searchParams.get('token') ?? ''}`;
    const [stalled] = await once(get(`${origin}/api/stream`, { headers: { authorization } }), 'response');
    // The error says that the answer was cut off.
    const closed = new Promise((resolve) => stalled.once('error', resolve));
    const large = 'x'.repeat(2 ** 20);
    for (let count = 0; count < 32; count += 1) started.publish(message(large));
    started.publish(message('last'));
    stalled.resume();
    await closed;
    const events = await read(await call('/api/stream', { headers: { 'last-event-id': '32' } }), 1);
    expect(events.map(({ data }) => JSON.parse(data))).toEqual([message('last')]);
  });

  test('begins anew for a position of another start', async () => {
    const { call } = await start();
    const events = await read(await call('/api/stream', { headers: { 'last-event-id': '99' } }), 1);
    expect(events.map(({ data }) => JSON.parse(data))).toEqual([SNAPSHOT]);
  });
});
