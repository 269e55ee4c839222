import { setTimeout as sleep } from 'node:timers/promises';

import * as z from 'zod';

import { withBatching } from './batches.ts';
import { PublishError, type OutgoingMessage, type Publish } from './envelope.ts';
import { fullName, urlPath } from './names.ts';
import { connect, type Answer } from './post.ts';
import type { PubSubServer } from './server.ts';
import { parseJson } from '../runtime/json.ts';
import { lazy } from '../runtime/promises.ts';
import { exponentialDelay, retry } from '../runtime/retry.ts';

/**
 * Publishes with Pub/Sub's REST API: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/publish
 * The client library takes longer to load than the rest of a function, and more CPU for each message; see
 * `infra/decisions/publishing.md`.
 */

interface PublisherOptions {
  readonly projectId: string;
  /** Short, or in full if it belongs to another project. */
  readonly topic: string;
  readonly server: PubSubServer;
  /** Total timeout of a publish in ms, with all attempts and waits. */
  readonly giveUpAfterMs: number;
  /** Per-attempt timeout in ms, for the access token and for the answer each. An answer usually takes 20 ms. */
  readonly answerWithinMs?: number;
}

/**
 * Well below the 1,000 messages and 10 MB of a request, in which data grows by a third as base64.
 * @see https://cloud.google.com/pubsub/quotas#resource_limits
 */
const MAX_BATCH = { messages: 250, bytes: 2_000_000 };
/** Statuses after which the same request may succeed: https://cloud.google.com/pubsub/docs/reference/error-codes */
const RETRYABLE_STATUS = new Set([408, 429, 500, 502, 503, 504]);
const RETRY_DELAY = exponentialDelay(100, 1_000, [0.5, 1.5], Math.random);

const publishResponse = z.object({ messageIds: z.array(z.string()) });
const errorResponse = z.object({ error: z.object({ message: z.string() }) });

const bodyOf = (messages: readonly OutgoingMessage[]): string =>
  JSON.stringify({
    messages: messages.map(({ attributes, data, orderingKey }) => ({
      attributes,
      data: data.toString('base64'),
      orderingKey,
    })),
  });

/** An attempt to publish, and the access token that it was made with. */
interface Attempt {
  readonly token: string | undefined;
  readonly answer: Answer | Error;
}

/** Returns Pub/Sub's status and message, which names topics and projects but repeats nothing of a message. */
function errorOf({ status, text }: Answer): Error {
  const parsed = errorResponse.safeParse(parseJson(text));
  const detail = parsed.success ? `: ${parsed.data.error.message}` : '';
  return Object.assign(new Error(`Pub/Sub answered ${String(status)}${detail}`), { status });
}

const isRetryable = ({ answer }: Attempt): boolean =>
  answer instanceof Error || RETRYABLE_STATUS.has(answer.status);

/**
 * Returns a publisher for one topic. Messages of one ordering key are sent in the order of the calls; when one fails, those queued
 * behind it with its key fail too. It rejects with {@link PublishError} if Pub/Sub rejects the message or does not answer in time.
 */
export function createPublisher(options: PublisherOptions): Publish {
  const { projectId, topic, server, giveUpAfterMs, answerWithinMs = 5_000 } = options;
  const path = `v1/${urlPath(fullName('topics', projectId, topic))}:publish`;
  const connected = lazy(() => connect(`${server.rootUrl}/${path}`));

  async function tryOnce(body: string, deadline: number): Promise<Attempt> {
    const timeout = (): number => Math.max(1, Math.min(answerWithinMs, deadline - Date.now()));
    let token: string | undefined;
    try {
      const post = await connected();
      token = await server.tokens?.get(timeout());
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return { token, answer: await post(body, headers, timeout()) };
    } catch (error) {
      return { token, answer: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** Sends a batch with retries, and returns the ids of its messages. */
  async function send(messages: readonly OutgoingMessage[], deadline: number): Promise<readonly string[]> {
    const body = bodyOf(messages);
    let hasNewToken = false;
    const attempt = async (): Promise<Attempt> => {
      const first = await tryOnce(body, deadline);
      const { token, answer } = first;
      const isUnauthorized = !(answer instanceof Error) && answer.status === 401;
      if (!isUnauthorized || token === undefined || hasNewToken || Date.now() >= deadline) return first;
      // The token may have been revoked before it expired; a second 401 is about the account.
      server.tokens?.drop(token);
      hasNewToken = true;
      return tryOnce(body, deadline);
    };
    const { answer } = await retry(attempt, {
      isRetryable,
      delay: RETRY_DELAY,
      timeLeft: () => deadline - Date.now(),
      sleep,
    });
    if (answer instanceof Error) throw answer;
    if (answer.status !== 200) throw errorOf(answer);
    return publishResponse.parse(parseJson(answer.text)).messageIds;
  }

  const publish = withBatching(send, { ...MAX_BATCH, giveUpAfterMs });
  return async (message) => {
    try {
      return await publish(message);
    } catch (error) {
      throw new PublishError(topic, message.orderingKey, error);
    }
  };
}
