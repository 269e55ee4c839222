/** Publishing over REST when Pub/Sub rejects, hangs up or stalls, which the emulator never does: a stand-in server does. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { GoogleAuth } from 'google-auth-library';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { PublishError } from '../../../../functions/feed/envelope.ts';
import { createPublisher } from '../../../../functions/feed/publisher.ts';
import { errorText } from '../../../../functions/runtime/log.ts';
import { freePort } from '../../../../infra/local/ports.ts';
import { pubSubServer, createTokens, type Tokens } from '../../../../functions/feed/server.ts';
import { startIdentityBench } from '../../../support/identity/bench.ts';
import { becomeInstance } from '../../../support/identity/instance.ts';
import { startMetadata } from '../../../support/identity/metadata.ts';
import { AMBIENT_TOKEN } from '../../../support/identity/reply.ts';

type Behaviour = (response: ServerResponse) => unknown;

const accept: Behaviour = (response) => response.end(JSON.stringify({ messageIds: ['id-1'] }));
const reject =
  (status: number, message: string): Behaviour =>
  (response) =>
    response.writeHead(status).end(JSON.stringify({ error: { code: status, message } }));

/** The server's behaviour for each request in turn; the last one is repeated. */
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
const publisher = (giveUpAfterMs = 30_000, tokens?: Tokens) =>
  createPublisher({
    projectId: 'example.com:project',
    topic: 'topic%1',
    server: { rootUrl, tokens },
    giveUpAfterMs,
  });
const tokensFrom = (getAccessToken: () => Promise<string>): Tokens =>
  createTokens(() => Promise.resolve({ getAccessToken }));

/** Returns the text of the error that a publish is rejected with, including its causes. */
async function rejection(published: Promise<string>): Promise<string> {
  const error: unknown = await published.then(
    () => new Error('it was published'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PublishError);
  return errorText(error);
}

test('a request has a PubsubMessage and the access token', async () => {
  behaviours = [accept];
  expect(
    await publisher(
      30_000,
      tokensFrom(() => Promise.resolve('token-1')),
    )(MESSAGE),
  ).toBe('id-1');
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

const RETRYABLE: [string, Behaviour][] = [
  ...[408, 429, 500, 502, 503, 504].map((status): [string, Behaviour] => [
    String(status),
    reject(status, 'later'),
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
test.each(RETRYABLE)('after %s the message is sent again', async (_, behaviour) => {
  behaviours = [behaviour, accept];
  expect(await publisher()(MESSAGE)).toBe('id-1');
  expect(requests).toHaveLength(2);
  expect(requests[1]).toEqual(requests[0]);
});

test.each([400, 401, 403, 404])('%i is final, and reported with Pub/Sub’s message', async (status) => {
  behaviours = [reject(status, 'Resource not found (resource=topic%1).')];
  expect(await rejection(publisher()(MESSAGE))).toBe(
    `Could not publish to topic%1 (ordering key w): Pub/Sub answered ${String(status)}: Resource not found (resource=topic%1).`,
  );
  expect(requests).toHaveLength(1);
  await expect(publisher()(MESSAGE)).rejects.toMatchObject({ cause: { status } });
});

test('a publish fails at its total timeout', async () => {
  behaviours = [reject(503, 'away')];
  expect(await rejection(publisher(2_000)(MESSAGE))).toContain('Pub/Sub answered 503: away');
  expect(requests.length).toBeGreaterThan(1);
});

test('a request without an answer is aborted, and blocks no later message', async () => {
  behaviours = [() => undefined, accept];
  const publish = publisher(1_500);
  expect(await rejection(publish(MESSAGE))).toContain('aborted');
  expect(await publish(MESSAGE)).toBe('id-1');
});

test.each(['<html>', '{}', '{"messageIds":[]}'])('200 with %s is a failure', async (body) => {
  behaviours = [(response) => response.end(body)];
  expect(await rejection(publisher()(MESSAGE))).toMatch(
    /^Could not publish to topic%1 \(ordering key w\): ./s,
  );
});

test('a failed token request is retried, and reported if it keeps failing', async () => {
  behaviours = [accept];
  let tries = 0;
  const token = () => {
    tries += 1;
    return tries === 1
      ? Promise.reject(new Error('the metadata server is away'))
      : Promise.resolve('token-2');
  };
  expect(await publisher(30_000, tokensFrom(token))(MESSAGE)).toBe('id-1');
  const never = publisher(
    50,
    tokensFrom(() => Promise.reject(new Error('the metadata server is away'))),
  );
  expect(await rejection(never(MESSAGE))).toContain('the metadata server is away');
});

test('in Google Cloud, publishers call Google as the account that the function runs as', async () => {
  const identity = await startIdentityBench();
  try {
    becomeInstance(identity.url);
    const google = pubSubServer({ PUBSUB_ENDPOINT: 'https://europe-west1-pubsub.googleapis.com/' });
    expect(google.rootUrl).toBe('https://europe-west1-pubsub.googleapis.com');
    expect(await google.tokens?.get(5_000)).toBe(AMBIENT_TOKEN);
  } finally {
    await identity.close();
  }
  const emulated = {
    PUBSUB_ENDPOINT: 'https://pubsub.googleapis.com',
    PUBSUB_EMULATOR_HOST: '127.0.0.1:8085',
  };
  expect(pubSubServer(emulated)).toEqual({ rootUrl: 'http://127.0.0.1:8085' });
});

const authorizations = () => requests.map(({ authorization }) => authorization);

describe('on an instance whose metadata server', () => {
  type Metadata = Awaited<ReturnType<typeof startMetadata>>;
  const started: Metadata[] = [];
  /** Left open to the end: an interrupted request would be retried against the server of the next test. */
  afterAll(() => Promise.all(started.map((each) => each.close())));

  let metadata: Metadata;
  let tokens: Tokens;
  beforeEach(async () => {
    metadata = await startMetadata();
    started.push(metadata);
    becomeInstance(metadata.url);
    behaviours = [accept];
    tokens = createTokens(() => Promise.resolve(new GoogleAuth({ scopes: ['scope'] })), 100);
  });

  const KEYS = Array.from({ length: 10 }, (_, index) => `w${String(index)}`);

  test.each(['the first', 'a later'])(
    'stalls, %s publish fails at its time limit, and the next one succeeds',
    async (which) => {
      const publish = publisher(1_500, tokens);
      if (which === 'a later') {
        await publish(MESSAGE);
        tokens.drop('token-1');
      }
      metadata.stall();
      expect(await rejection(publish(MESSAGE))).toMatch(/No access token within \d+ ms/);
      metadata.stall(false);
      expect(await publish(MESSAGE)).toBe('id-1');
    },
  );

  test('stalls gets one request for all waiting messages', async () => {
    metadata.stall();
    const publish = publisher(80, tokens);
    const rejections = KEYS.map((orderingKey) => rejection(publish({ ...MESSAGE, orderingKey })));
    for (const rejected of await Promise.all(rejections))
      expect(rejected).toContain('No access token within');
    expect(metadata.unanswered()).toBe(1);
  });

  test('returned a token that Pub/Sub rejects, the message is sent again with another', async () => {
    behaviours = [accept, reject(401, 'Request had invalid authentication credentials.'), accept];
    const publish = publisher(30_000, tokens);
    for (let count = 0; count < 3; count += 1) expect(await publish(MESSAGE)).toBe('id-1');
    expect(authorizations()).toEqual(
      ['token-1', 'token-1', 'token-2', 'token-2'].map((each) => `Bearer ${each}`),
    );
  });

  test('returns only tokens that Pub/Sub rejects, the publish fails after the second', async () => {
    behaviours = [reject(401, 'Request had invalid authentication credentials.')];
    expect(await rejection(publisher(30_000, tokens)(MESSAGE))).toContain(
      'Pub/Sub answered 401: Request had',
    );
    expect(authorizations()).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  test('returned a token that is rejected in many requests at once, it is replaced once', async () => {
    const publish = publisher(30_000, tokens);
    await publish(MESSAGE);
    behaviours = [
      (response) => (authorizations().at(-1) === 'Bearer token-1' ? reject(401, 'no') : accept)(response),
    ];
    await Promise.all(KEYS.map((orderingKey) => publish({ ...MESSAGE, orderingKey })));
    expect(metadata.given()).toBe(2);
  });
});
