import { setTimeout as pause } from 'node:timers/promises';

import * as z from 'zod';

import { jsonOf } from '../json.ts';
import { once } from '../once.ts';
import { inBatches } from './batches.ts';
import { NotPublished, type OutgoingMessage } from './envelope.ts';
import { connect, type Answer } from './post.ts';
import type { PubSubServer } from './server.ts';

/**
 * Publishing with one call of Pub/Sub's REST API ("Method: projects.topics.publish") and nothing else: the client library takes
 * longer to load than all the rest of a function, and more of its time for each message. `infra/decisions/publishing.md` has the figures.
 */

/** Publishes one message and resolves with its id once Pub/Sub has it; rejects when Pub/Sub does not take it. */
export type Publish = (message: OutgoingMessage) => Promise<string>;

interface PublisherOptions {
  readonly projectId: string;
  readonly topic: string;
  readonly server: PubSubServer;
  /** After this long a publish fails instead of being tried again, in ms. */
  readonly giveUpAfterMs: number;
  /** What has no answer after so long is asked for again, in ms. An answer takes some 20 ms. */
  readonly answerWithinMs?: number;
}

/** Far from the 1,000 messages and 10 MB that a request may have ("Quotas and limits"), where data takes a third more as base64. */
const MOST = { messages: 250, bytes: 2_000_000 };
/** "Retry requests": what Pub/Sub answers when the same request may succeed later. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

const published = z.object({ messageIds: z.array(z.string()) });
const refused = z.object({ error: z.object({ message: z.string() }) });

const bodyOf = (messages: readonly OutgoingMessage[]): string =>
  JSON.stringify({
    messages: messages.map(({ attributes, data, orderingKey }) => ({
      attributes,
      data: data.toString('base64'),
      orderingKey,
    })),
  });

/** What Pub/Sub says of a refusal, and its status: it repeats names of topics and projects, and nothing of a message. */
function refusalOf({ status, text }: Answer): Error {
  const parsed = refused.safeParse(jsonOf(text));
  const said = parsed.success ? `: ${parsed.data.error.message}` : '';
  return Object.assign(new Error(`Pub/Sub answered ${String(status)}${said}`), { status });
}

/**
 * A publisher for one topic. Messages of one ordering key leave in the order of the calls; where one fails, those of its key that
 * wait behind it fail too. It rejects with NotPublished when Pub/Sub refuses, or has not answered in time.
 */
export function createPublisher(options: PublisherOptions): Publish {
  const { projectId, topic, server, giveUpAfterMs, answerWithinMs = 5_000 } = options;
  const path = `v1/projects/${encodeURIComponent(projectId)}/topics/${encodeURIComponent(topic)}:publish`;
  const connected = once(() => connect(`${server.rootUrl}/${path}`));

  async function tryOnce(body: string, deadline: number): Promise<Answer | Error> {
    try {
      const post = await connected();
      const headers: Record<string, string> = server.token
        ? { authorization: `Bearer ${await server.token()}` }
        : {};
      return await post(body, headers, Math.max(1, Math.min(answerWithinMs, deadline - Date.now())));
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
