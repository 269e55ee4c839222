import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonReply } from '../../../infra/emulator/protocol/exchange.ts';
import { createBatch } from '../../../infra/emulator/wire/batch.ts';
import { boundaryOf, parseMultipart } from '../../../infra/emulator/wire/multipart.ts';
import type { HttpReply, HttpRequest, Site } from '../../../infra/emulator/protocol/exchange.ts';

const part = (message: string, ...headers: string[]): string =>
  ['--b', 'Content-Type: application/http', ...headers, '', message, ''].join('\r\n');

function batchOf(parts: readonly string[], change: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'POST',
    url: new URL('http://localhost:1/batch/calendar/v3'),
    headers: { 'content-type': 'multipart/mixed; boundary=b' },
    body: `${parts.join('')}--b--\r\n`,
    ...change,
  };
}

async function send(request: HttpRequest, call: Site = () => jsonReply(200, {})): Promise<HttpReply> {
  const reply = await createBatch(call)(request);
  if (reply === undefined) throw new Error('the batch endpoint did not answer');
  return reply;
}

/** Runs a batch and returns the requests that it was split into. */
async function callsOf(request: HttpRequest): Promise<HttpRequest[]> {
  const calls: HttpRequest[] = [];
  await send(request, (call) => {
    calls.push(call);
    return { status: 204 };
  });
  return calls;
}

const textOf = ({ body }: HttpReply): string => (typeof body === 'string' ? body : '');

/** Returns the headers and the status line of each part of a reply. */
function partsOf(reply: HttpReply): [id: string | undefined, statusLine: string | undefined][] {
  const boundary = boundaryOf(reply.headers?.['Content-Type'] ?? '') ?? '';
  const parts = parseMultipart(textOf(reply), boundary) ?? [];
  return parts.map(({ headers, body }) => [headers['content-id'], body.split('\r\n', 1)[0]]);
}

const at = (path: string): HttpRequest =>
  batchOf([part('GET /a')], { url: new URL(path, 'http://localhost') });

test('only a POST to the path of the API definition is a batch', async () => {
  const batch = createBatch(() => ({ status: 204 }));
  expect(await batch(at('/batch/calendar/v3'))).toBeDefined();
  expect(await batch(at('/batch'))).toBeUndefined();
  expect(await batch(at('/batch/drive/v3'))).toBeUndefined();
  expect(await batch({ ...at('/batch/calendar/v3'), method: 'GET' })).toBeUndefined();
});

test('a call has the headers and the query of its batch, unless it has its own', async () => {
  const url = new URL('http://localhost:1/batch/calendar/v3?key=outer&quotaUser=outer');
  const headers = {
    'content-type': 'multipart/mixed; boundary=b',
    'content-length': '99',
    host: 'localhost:1',
    authorization: 'Bearer outer',
    'if-match': '"1"',
  };
  const parts = [
    part('GET /a?key=inner HTTP/1.1\r\nAuthorization: Bearer inner\r\n\r\n'),
    part('PUT http://elsewhere.example/b?c=d&c=e HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{}'),
  ];
  const calls = await callsOf(batchOf(parts, { url, headers }));
  expect(calls.map((call) => ({ ...call, url: call.url.href }))).toEqual([
    {
      method: 'GET',
      url: 'http://localhost:1/a?key=inner&quotaUser=outer',
      headers: { authorization: 'Bearer inner', 'if-match': '"1"' },
      body: '',
    },
    {
      method: 'PUT',
      url: 'http://localhost:1/b?c=d&c=e&key=outer&quotaUser=outer',
      headers: { authorization: 'Bearer outer', 'if-match': '"1"', 'content-type': 'application/json' },
      body: '{}',
    },
  ]);
});

test('a call can override its method', async () => {
  const [call] = await callsOf(batchOf([part('POST /a\r\nX-HTTP-Method-Override: PATCH\r\n\r\n{}')]));
  expect(call).toMatchObject({ method: 'PATCH', body: '{}' });
});

test('a call of HEAD is answered without a body', async () => {
  const reply = await send(batchOf([part('HEAD /a')]), () => jsonReply(200, { kind: 'x' }));
  expect(textOf(reply)).toContain('HTTP/1.1 200 OK');
  expect(textOf(reply)).not.toContain('kind');
});

test('answers are in the order of the calls, whichever is done first', async () => {
  const first = Promise.withResolvers<HttpReply>();
  const reply = await send(
    batchOf([
      part('GET /slow', 'Content-ID: <a + 1>'),
      part('GET /fast', 'Content-ID: 2'),
      part('GET /lost'),
    ]),
    ({ url }) => {
      if (url.pathname === '/slow') return first.promise;
      first.resolve(jsonReply(404, {}));
      return url.pathname === '/fast' ? jsonReply(200, {}, { ETag: '"1"' }) : undefined;
    },
  );
  expect(partsOf(reply)).toEqual([
    ['<response-a + 1>', 'HTTP/1.1 404 Not Found'],
    ['response-2', 'HTTP/1.1 200 OK'],
    [undefined, 'HTTP/1.1 503 Service Unavailable'],
  ]);
  expect(textOf(reply)).toContain('ETag: "1"\r\n');
});

test.each([
  ['another batch', 'POST /batch/calendar/v3'],
  ['an upload', 'POST /upload/calendar/v3/a'],
  ['a download of media', 'GET /calendar/v3/a?alt=media'],
  ['text that is not a request', 'hello'],
  ['an invalid address', 'GET http://[/'],
])('a part with %s is 400, and the others are answered', async (_, message) => {
  const reply = await send(batchOf([part(message), part('GET /a')]));
  expect(partsOf(reply).map(([, status]) => status)).toEqual(['HTTP/1.1 400 Bad Request', 'HTTP/1.1 200 OK']);
});

test.each([
  [
    'without a boundary',
    batchOf([part('GET /a')], { headers: { 'content-type': 'multipart/mixed' } }),
    'Failed to parse',
  ],
  [
    'of another type',
    batchOf([part('GET /a')], { headers: { 'content-type': 'application/json' } }),
    'Failed to parse',
  ],
  ['without its end', batchOf([], { body: part('GET /a') }), 'Failed to parse'],
  [
    'without parts',
    batchOf([]),
    'Failed to parse batch request, error: 0 items. Received batch body: (7) bytes redacted',
  ],
  [
    'with a part of another type',
    batchOf(['--b\r\nContent-Type: text/plain\r\n\r\nx\r\n']),
    'Failed to parse',
  ],
  [
    'with two parts of one id',
    batchOf([part('GET /a', 'Content-ID: 1'), part('GET /b', 'Content-ID: 1')]),
    'Duplicate Request ID in Batch Request: 1',
  ],
  [
    'with too many calls',
    batchOf(Array.from({ length: 1001 }, () => part('GET /a'))),
    'Inner request count exceeds the limit. Received: 1001, Limit: 1000',
  ],
])('a batch %s is 400, and none of its calls is made', async (_, request, message) => {
  const reply = await send(request, () => {
    throw new Error('called');
  });
  expect(reply.status).toBe(400);
  expect(JSON.parse(textOf(reply))).toEqual([
    {
      error: {
        code: 400,
        message: expect.stringContaining(message) as unknown,
        errors: [
          { domain: 'global', reason: 'badRequest', message: expect.stringContaining(message) as unknown },
        ],
        status: 'INVALID_ARGUMENT',
      },
    },
  ]);
});

test('a thousand calls are answered', async () => {
  const parts = Array.from({ length: 1000 }, (_, index) => part('GET /a', `Content-ID: ${index}`));
  expect(partsOf(await send(batchOf(parts))).map(([id]) => id)).toEqual(
    Array.from({ length: 1000 }, (_, index) => `response-${index}`),
  );
});

test('whatever is sent, the whole batch or each of its calls is answered', async () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      '--b',
      '--b--',
      '\r\n',
      '\n',
      ': ',
      'Content-ID: <1>',
      'GET /a HTTP/1.1',
      part('GET /a'),
      '--b--\r\n',
    ),
  );
  const body = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const reply = await send(batchOf([], { body: text }));
      const answers = partsOf(reply).map(([, status]) => status ?? '');
      expect([200, 400]).toContain(reply.status);
      expect(answers.length > 0).toBe(reply.status === 200);
      for (const status of answers) expect(status).toMatch(/^HTTP\/1\.1 (?:200 OK|400 Bad Request)$/);
    }),
  );
});
