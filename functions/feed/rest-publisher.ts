import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import * as z from 'zod';

import { jsonOf } from '../json.ts';
import { once } from '../once.ts';
import { inBatches } from './batches.ts';
import { NotPublished, type OutgoingMessage } from './envelope.ts';
import type { Publish } from './publisher.ts';

/**
 * Publishing with one call of Pub/Sub's REST API ("Method: projects.topics.publish") and nothing else. For `receive`, which does
 * nothing else with Pub/Sub and starts from zero while Google waits: the client library takes longer to load than all the rest.
 */

/** Who is called. */
export interface PubSubServer {
  /** Of the API, without a slash at its end. */
  readonly rootUrl: string;
  /** An access token for it; the emulator wants none. */
  readonly token?: (() => Promise<string>) | undefined;
}

interface RestOptions {
  readonly projectId: string;
  readonly topic: string;
  readonly server: PubSubServer;
  /** After this long a publish fails instead of being tried again, in ms. */
  readonly giveUpAfterMs: number;
}

/** Far from the 1,000 messages and 10 MB that a request may have ("Quotas and limits"), where data takes a third more as base64. */
const MOST = { messages: 250, bytes: 4_000_000 };
/** An answer takes some 20 ms; what has none after so long is asked for again. */
const ANSWER_MS = 2_000;

/** "Retry requests": what Pub/Sub answers when the same request may succeed later. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

const published = z.object({ messageIds: z.array(z.string()) });
const refused = z.object({ error: z.object({ message: z.string() }) });

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A way to POST; no answer within `patience` (ms) is an error. */
type Post = (body: string, headers: Record<string, string>, patience: number) => Promise<Answer>;

function createPost(url: string, request: typeof httpRequest, agent: Agent): Post {
  return (body, headers, patience) =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(patience);
      const sent = request(
        url,
        {
          method: 'POST',
          agent,
          signal,
          headers: {
            ...headers,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .once('end', () =>
              resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
            )
            .once('error', reject);
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
}

/** Only who calls Google loads what speaks TLS. */
async function connect({ projectId, topic, server }: RestOptions): Promise<Post> {
  const path = `v1/projects/${encodeURIComponent(projectId)}/topics/${encodeURIComponent(topic)}:publish`;
  const url = `${server.rootUrl}/${path}`;
  if (!url.startsWith('https:')) return createPost(url, httpRequest, new Agent({ keepAlive: true }));
  const https = await import('node:https');
  return createPost(url, https.request, new https.Agent({ keepAlive: true }));
}

const bodyOf = (messages: readonly OutgoingMessage[]): string =>
  JSON.stringify({
    messages: messages.map(({ attributes, data, orderingKey }) => ({
      attributes,
      data: data.toString('base64'),
      orderingKey,
    })),
  });

/** What Pub/Sub says of a refusal: it repeats names of topics and projects, and nothing of a message. */
function refusalOf({ status, text }: Answer): Error {
  const parsed = refused.safeParse(jsonOf(text));
  return new Error(
    `Pub/Sub answered ${String(status)}${parsed.success ? `: ${parsed.data.error.message}` : ''}`,
  );
}

/**
 * A publisher for one topic. Messages leave in the order of the calls; those of one request succeed or fail together.
 * It rejects with NotPublished when Pub/Sub refuses, or has not answered in time.
 */
export function createRestPublisher(options: RestOptions): Publish {
  const { topic, server, giveUpAfterMs } = options;
  const connected = once(() => connect(options));

  async function tryOnce(body: string, deadline: number): Promise<Answer | Error> {
    try {
      const post = await connected();
      const headers: Record<string, string> = server.token
        ? { authorization: `Bearer ${await server.token()}` }
        : {};
      return await post(body, headers, Math.max(1, Math.min(ANSWER_MS, deadline - Date.now())));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Tries until it is taken, refused for good, or too late. */
  async function send(messages: readonly OutgoingMessage[], deadline: number): Promise<readonly string[]> {
    const body = bodyOf(messages);
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 2)) {
      const answer = await tryOnce(body, deadline);
      const isPassing = answer instanceof Error || PASSING.has(answer.status);
      if (!(answer instanceof Error) && answer.status === 200) {
        return published.parse(jsonOf(answer.text)).messageIds;
      }
      const jittered = wait * (0.5 + Math.random());
      if (!isPassing || Date.now() + jittered >= deadline) {
        throw answer instanceof Error ? answer : refusalOf(answer);
      }
      await pause(jittered);
    }
  }

  const publish = inBatches(send, { ...MOST, giveUpAfterMs });
  return async (message) => {
    try {
      return await publish(message);
    } catch (error) {
      throw new NotPublished(topic, message.orderingKey, error);
    }
  };
}
