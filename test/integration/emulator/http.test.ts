import { request } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ADA, emulatedForEachTest } from '../../support/emulator/emulated.ts';
import type { IncomingMessage } from 'node:http';

const API = '/calendar/v3';
const PRIMARY = `${API}/calendars/primary`;

const startEmulator = emulatedForEachTest();

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends requests as they are: `fetch` decompresses answers, and sends no whole URLs. */
async function start() {
  const { emulator } = await startEmulator();
  const { port } = new URL(emulator.url);
  const send = (
    path: string,
    { method = 'GET', headers = {}, body }: Sent = {},
  ): Promise<IncomingMessage> => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent = request(
      { port, host: '127.0.0.1', path, method, headers: { authorization: `Bearer ${ADA}`, ...headers } },
      resolve,
    );
    sent.once('error', reject).end(body);
    return promise;
  };
  return { emulator, send };
}

describe('HEAD', () => {
  test.each([
    ['a calendar', PRIMARY, 200],
    ['an event that does not exist', `${PRIMARY}/events/none`, 404],
    ['the API definition', '/discovery/v1/apis/calendar/v3/rest', 200],
    ['a control route', '/emulator/health', 200],
    ['a stream, which does not stay open', '/emulator/stream', 200],
  ])('answers as GET does, without a body: %s', async (_name, path, status) => {
    const { send } = await start();
    const answer = await send(path, { method: 'HEAD' });
    expect([answer.statusCode, await text(answer)]).toEqual([status, '']);
  });

  test('has the entity tag, heeds If-None-Match, and is journaled as what it is', async () => {
    const { send, emulator } = await start();
    const { etag } = (await send(PRIMARY, { method: 'HEAD' })).headers;
    expect(etag).toBe((await send(PRIMARY)).headers.etag);
    const again = await send(PRIMARY, { method: 'HEAD', headers: { 'if-none-match': etag ?? '' } });
    expect(again.statusCode).toBe(304);
    expect(emulator.journal.requests().filter(({ httpMethod }) => httpMethod === 'HEAD')).toHaveLength(2);
  });

  test('of what only takes POST is unknown', async () => {
    const { send } = await start();
    expect((await send(`${API}/freeBusy`, { method: 'HEAD' })).statusCode).toBe(404);
  });
});

test('a whole URL is answered, as a client sends it to its proxy', async () => {
  const { send } = await start();
  const answer = await send(`http://www.googleapis.com${PRIMARY}?fields=id`);
  expect(JSON.parse(await text(answer))).toEqual({ id: ADA });
});

describe('an answer', () => {
  const inJava = { 'accept-encoding': 'gzip', 'user-agent': 'Google-API-Java-Client/2.7 (gzip)' };

  test('is compressed for a client that accepts gzip and says so in its name', async () => {
    const { send } = await start();
    const [plain, small] = [await send(`${API}/colors`), await send(`${API}/colors`, { headers: inJava })];
    expect([plain.headers['content-encoding'], small.headers['content-encoding']]).toEqual([
      undefined,
      'gzip',
    ]);
    const data = await buffer(small);
    expect(data).toHaveLength(Number(small.headers['content-length']));
    expect(gunzipSync(data).toString()).toBe(await text(plain));
  });

  test.each([
    ['accepts gzip only', { 'accept-encoding': 'gzip, deflate' }],
    ['only says gzip in its name', { 'user-agent': 'my program (gzip)' }],
    ['does not accept gzip', { ...inJava, 'accept-encoding': 'gzip;q=0, identity' }],
  ])('is not compressed for a client that %s', async (_name, headers) => {
    const { send } = await start();
    expect((await send(`${API}/colors`, { headers })).headers['content-encoding']).toBeUndefined();
  });

  test('without a body is not compressed', async () => {
    const { send } = await start();
    const answer = await send(`${PRIMARY}/clear`, { method: 'POST', headers: inJava });
    expect([answer.statusCode, answer.headers['content-encoding']]).toEqual([204, undefined]);
  });
});

describe('JSON that is nested without end is rejected', () => {
  const deep = `{"summary": ${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`;

  test.each([
    ['an insert', 'POST', `${PRIMARY}/events`, 'parseError'],
    ['a patch', 'PATCH', `${API}/calendars/primary`, 'parseError'],
    ['a control route', 'POST', '/emulator/faults', 'nested in more than 100 levels'],
    ['the token endpoint', 'POST', '/token', 'invalid_request'],
    ['IAM', 'POST', '/v1/projects/-/serviceAccounts/a@b.c:signJwt', 'INVALID_ARGUMENT'],
  ])('by %s', async (_name, method, path, reason) => {
    const { send } = await start();
    const answer = await send(path, { method, headers: { 'content-type': 'application/json' }, body: deep });
    expect(answer.statusCode).toBe(400);
    expect(await text(answer)).toContain(reason);
  });
});
