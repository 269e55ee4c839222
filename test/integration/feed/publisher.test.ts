/** Publishing over REST where Pub/Sub refuses, hangs up or keeps silent: a stand-in does what the emulator never does. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { NotPublished } from '../../../functions/feed/envelope.ts';
import { createPublisher } from '../../../functions/feed/publisher.ts';
import { errorText } from '../../../functions/log.ts';
import { freePort } from '../../../infra/local/ports.ts';
import { pubSubServer } from '../../../functions/feed/server.ts';
import { startIdentityBench } from '../../support/identity/bench.ts';
import { becomeInstance } from '../../support/identity/instance.ts';
import { AMBIENT_TOKEN } from '../../support/identity/rules.ts';

type Behaviour = (response: ServerResponse) => unknown;

const taken: Behaviour = (response) => response.end(JSON.stringify({ messageIds: ['id-1'] }));
const refusal =
  (status: number, message: string): Behaviour =>
  (response) =>
    response.writeHead(status).end(JSON.stringify({ error: { code: status, message } }));

/** What it does to each request in turn; the last goes on for ever. */
let behaviours: Behaviour[] = [];
let requests: { url: string; authorization: string | undefined; body: unknown }[] = [];
const server = createServer((request, response) => void answer(request, response));
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body: unknown = JSON.parse(await text(request));
  requests.push({ url: request.url ?? '', authorization: request.headers.authorization, body });
  const [now] = behaviours.length > 1 ? behaviours.splice(0, 1) : behaviours;
  now?.(response);
}
let rootUrl = '';

beforeAll(async () => {
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  rootUrl = `http://127.0.0.1:${String(port)}`;
});
beforeEach(() => {
  requests = [];
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const MESSAGE = { attributes: { watch: 'w' }, data: Buffer.from('{"a":"ä"}'), orderingKey: 'w' };
const publisher = (giveUpAfterMs = 30_000, token?: () => Promise<string>) =>
  createPublisher({
    projectId: 'example.com:project',
    topic: 'topic%1',
    server: { rootUrl, token },
    giveUpAfterMs,
  });

/** The text of what a publish was rejected with, causes and all. */
async function rejection(published: Promise<string>): Promise<string> {
  const error: unknown = await published.then(
    () => new Error('it was published'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(NotPublished);
  return errorText(error);
}

test('a message is what the API calls a PubsubMessage, and the token is the caller’s', async () => {
  behaviours = [taken];
  expect(await publisher(30_000, () => Promise.resolve('token-1'))(MESSAGE)).toBe('id-1');
  expect(requests).toEqual([
    {
      url: '/v1/projects/example.com%3Aproject/topics/topic%251:publish',
      authorization: 'Bearer token-1',
      body: {
        messages: [{ attributes: { watch: 'w' }, data: MESSAGE.data.toString('base64'), orderingKey: 'w' }],
      },
    },
  ]);
});

const PASSING: [string, Behaviour][] = [
  ...[408, 429, 500, 502, 503, 504].map((status): [string, Behaviour] => [
    String(status),
    refusal(status, 'later'),
  ]),
  ['a connection cut before the answer', (response) => response.destroy()],
  [
    'a connection cut in the middle of the answer',
    (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{');
      setImmediate(() => response.destroy());
    },
  ],
];
test.each(PASSING)('%s passes, and the message is sent again', async (_, behaviour) => {
  behaviours = [behaviour, taken];
  expect(await publisher()(MESSAGE)).toBe('id-1');
  expect(requests).toHaveLength(2);
  expect(requests[1]).toEqual(requests[0]);
});

test.each([400, 401, 403, 404])('%i is final, and told with what Pub/Sub says of it', async (status) => {
  behaviours = [refusal(status, 'Resource not found (resource=topic%1).')];
  expect(await rejection(publisher()(MESSAGE))).toBe(
    `Could not publish to topic%1 (ordering key w): Pub/Sub answered ${String(status)}: Resource not found (resource=topic%1).`,
  );
  expect(requests).toHaveLength(1);
  await expect(publisher()(MESSAGE)).rejects.toMatchObject({ cause: { status } });
});

test('what goes on for too long is given up', async () => {
  behaviours = [refusal(503, 'away')];
  expect(await rejection(publisher(400)(MESSAGE))).toContain('Pub/Sub answered 503: away');
  expect(requests.length).toBeGreaterThan(1);
});

test('no answer at all is given up as well, and holds up nothing after it', async () => {
  behaviours = [() => undefined, taken];
  const publish = publisher(300);
  expect(await rejection(publish(MESSAGE))).toContain('aborted');
  expect(await publish(MESSAGE)).toBe('id-1');
});

test.each(['<html>', '{}', '{"messageIds":[]}'])('200 with %s is no success', async (body) => {
  behaviours = [(response) => response.end(body)];
  expect(await rejection(publisher()(MESSAGE))).toMatch(
    /^Could not publish to topic%1 \(ordering key w\): ./s,
  );
});

test('no token is told, and tried again', async () => {
  behaviours = [taken];
  let tries = 0;
  const token = () => {
    tries += 1;
    return tries === 1
      ? Promise.reject(new Error('the metadata server is away'))
      : Promise.resolve('token-2');
  };
  expect(await publisher(30_000, token)(MESSAGE)).toBe('id-1');
  const never = publisher(1, () => Promise.reject(new Error('the metadata server is away')));
  expect(await rejection(never(MESSAGE))).toContain('the metadata server is away');
});

test('in Google Cloud, receive publishes at Google, as the account that it runs as', async () => {
  const identity = await startIdentityBench();
  try {
    becomeInstance(identity.url);
    const google = pubSubServer(undefined);
    expect(google.rootUrl).toBe('https://pubsub.googleapis.com');
    expect(await google.token?.()).toBe(AMBIENT_TOKEN);
  } finally {
    await identity.close();
  }
  expect(pubSubServer('127.0.0.1:8085')).toEqual({ rootUrl: 'http://127.0.0.1:8085' });
});
