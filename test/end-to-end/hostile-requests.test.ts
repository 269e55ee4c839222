/** Unauthenticated requests to the webhook: whatever they are, the built function survives, publishes nothing and logs little. */
import * as fc from 'fast-check';
import pLimit from 'p-limit';
import { describe, expect } from 'vitest';
import { portAnswers } from '../../infra/local/ports.ts';
import type { LogEntry } from '../../infra/local/function.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { CANARY, forgedToken, hostileRequest } from '../support/hostile-requests.ts';
import { sendNotification } from '../support/notification-request.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { openRaw, sendRaw, statusOf } from '../support/raw-http.ts';
import { openWebhook, type Webhook } from '../support/webhook.ts';

const test = cloudTest()
  .extend('webhook', { scope: 'file' }, async ({ cloud }, { onCleanup }) => {
    const webhook = await openWebhook(cloud);
    onCleanup(() => webhook.close());
    return webhook;
  })
  .extend('receive', { scope: 'file' }, async ({ cloud, webhook }) => {
    const receive = observe(cloud, webhook);
    await receive.allArrived();
    // The framework's first messages come before those of the function.
    await receive.lastLogged('notification published');
    const neverDone = Array.from({ length: 100 }, () =>
      openRaw(cloud.urls.receive, `POST / HTTP/1.1\r\nHost: x\r\nX-Goog-Channel-ID: ${CANARY}`),
    );
    return Object.assign(receive, {
      /** Sent at the start: headers that never end. */
      neverDone,
    });
  });

/** Counts the genuine notifications that are sent, and collects what `receive` logs. */
function observe(cloud: Pipeline, webhook: Webhook) {
  const logged: LogEntry[] = [];
  cloud.onLog((entry) => {
    if (entry.function === 'receive') logged.push(entry);
  });
  const receive = {
    /** The log entries of the current test. */
    logged,
    /** How many genuine notifications were sent. */
    genuine: 0,
    lastLogged: (message: string): Promise<void> =>
      eventually(() => expect(receive.logged.at(-1)?.message).toBe(message)),
    /** Sends a genuine notification and waits until it, and so everything before it, is published. */
    allArrived: async (): Promise<void> => {
      await webhook.allArrived();
      receive.genuine += 1;
    },
  };
  return receive;
}

test.beforeEach(({ receive }) => void receive.logged.splice(0));

/** Checks that what a test has sent was not published, and that only short entries were logged. */
async function nothingElseHappened(receive: ReturnType<typeof observe>, webhook: Webhook): Promise<void> {
  await receive.allArrived();
  // Pub/Sub may deliver a message twice.
  expect(new Set(webhook.published.map(({ id }) => id)).size).toBe(receive.genuine);
  await receive.lastLogged('notification published');
  for (const entry of receive.logged) {
    expect(['notifications rejected', 'notification published']).toContain(entry.message);
    const written = JSON.stringify(entry);
    expect(written).not.toContain(CANARY);
    // Half of this links an entry to the trace of its request.
    expect(written.length).toBeLessThan(800);
  }
}
test.afterEach(({ receive, webhook }) => nothingElseHappened(receive, webhook));

/** The statuses of the contract, and those with which Node.js answers invalid HTTP. */
const REFUSALS = new Set([400, 403, 405, 408, 417, 431]);

test('random bytes are rejected, with few log entries', async ({ cloud, receive }) => {
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(hostileRequest, async (bytes) => {
      sent += 1;
      const answer = await sendRaw(cloud.urls.receive, bytes);
      // A request without content, or for a tunnel, gets no response.
      expect(answer === '' || REFUSALS.has(statusOf(answer) ?? 0)).toBe(true);
      expect(answer).not.toContain(CANARY);
      expect(answer).not.toMatch(/node_modules|at \w+ \(/);
    }),
    { numRuns: 1_000 },
  );
  // Most reach the function, which logs one entry for each reason, and then one a minute.
  expect(receive.logged.length).toBeGreaterThan(0);
  expect(receive.logged.length).toBeLessThan(sent / 10);
});

const post = (headers: string, body: string): string =>
  `POST / HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`;

describe('a body', () => {
  test('that is not valid JSON is not logged', async ({ cloud }) => {
    const body = `[x\n{"severity":"ALERT","message":"${CANARY}"}\n`;
    const answer = await sendRaw(cloud.urls.receive, post('Content-Type: application/json\r\n', body));
    expect(statusOf(answer)).toBe(400);
  });

  test.for(['Content-Length: 10000000', 'Transfer-Encoding: chunked'])(
    'of 10 MB is rejected before it has arrived, with %s',
    async (length, { cloud }) => {
      const { answered, closed } = openRaw(
        cloud.urls.receive,
        `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${length}\r\n\r\n`,
      );
      await closed;
      expect(statusOf(answered())).toBe(400);
    },
  );

  test('of a genuine notification is ignored', async ({ cloud, webhook, receive }) => {
    const { headers, channel } = webhook.notification();
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    const connection = openRaw(cloud.urls.receive, post(lines.join(''), '{"kind":"later"}'));
    await connection.closed;
    receive.genuine += 1;
    expect(statusOf(connection.answered())).toBe(204);
    await receive.allArrived();
    expect(webhook.published.map(({ attributes }) => attributes['ce-subject'])).toContain(
      `channels/${channel}`,
    );
  });
});

test('3,000 forged tokens are rejected with few short log entries', async ({ webhook, receive }) => {
  const mine = webhook.notification();
  const tokens = fc.sample(forgedToken(mine.token), 3_000);
  const limit = pLimit(50);
  const statuses = await Promise.all(
    tokens.map((token) => limit(async () => (await mine.send({ 'X-Goog-Channel-Token': token })).status)),
  );
  expect(new Set(statuses)).toEqual(new Set([403]));
  expect(receive.logged.length).toBeLessThan(tokens.length / 10);
  expect(receive.logged.map(({ fields }) => fields['reason'])).toSatisfy((reasons: readonly unknown[]) =>
    reasons.every((reason) => String(reason).startsWith('x-goog-channel-token does not verify')),
  );
});

test('a token is rejected on 1,000 other channels', async ({ cloud, webhook }) => {
  const { headers } = webhook.notification();
  const limit = pLimit(50);
  const send = () =>
    sendNotification(cloud.urls.receive, { ...headers, 'X-Goog-Channel-ID': crypto.randomUUID() });
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => limit(send)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
});

test('slow senders delay no other, and are cut off', async ({ cloud, receive }) => {
  const bodies = Array.from({ length: 100 }, () =>
    openRaw(
      cloud.urls.receive,
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n1',
    ),
  );
  await receive.allArrived();
  await Promise.all(bodies.map(({ closed }) => closed));
  expect(new Set(bodies.map(({ answered }) => statusOf(answered())))).toEqual(new Set([400]));
  await Promise.all(receive.neverDone.map(({ closed }) => closed));
  expect(new Set(receive.neverDone.map(({ answered }) => statusOf(answered())))).toEqual(new Set([408]));
  expect(await portAnswers(Number(new URL(cloud.urls.receive).port))).toBe(true);
});
