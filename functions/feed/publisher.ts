import type { PubSub } from '@google-cloud/pubsub';

import { once } from '../once.ts';
import { NotPublished, type OutgoingMessage } from './envelope.ts';

/** Publishes one message and resolves with its id once Pub/Sub has it; rejects when Pub/Sub does not take it. */
export type Publish = (message: OutgoingMessage) => Promise<string>;

interface PublisherOptions {
  /** How many messages may wait for each other, up to 10 ms, to share a request. 1 sends each at once. */
  readonly batch: number;
  /** After this long a publish fails instead of being tried again, in ms. */
  readonly giveUpAfterMs: number;
}

/** After an outage gRPC waits up to two minutes before it connects again; every message that comes meanwhile would fail. */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2_000 };

/** The client of a project. It reads `PUBSUB_EMULATOR_HOST` itself. */
export async function createPubSub(projectId: string): Promise<PubSub> {
  const library = await import('@google-cloud/pubsub');
  return new library.PubSub({ projectId, ...RECONNECT });
}

/**
 * A publisher for one topic, which asks for the client with its first message. Messages of one ordering key leave in the order of
 * the calls.
 */
export function createPublisher(
  pubsub: () => Promise<PubSub>,
  topicName: string,
  options: PublisherOptions,
): Publish {
  const ready = once(async () =>
    (await pubsub()).topic(topicName, {
      messageOrdering: true,
      batching: { maxMessages: options.batch, maxMilliseconds: 10 },
      gaxOpts: { timeout: options.giveUpAfterMs },
    }),
  );
  return async ({ data, attributes, orderingKey }) => {
    const topic = await ready();
    try {
      return await topic.publishMessage({ data, attributes, orderingKey });
    } catch (error) {
      // After a failure the client refuses every later message of the key until told otherwise.
      topic.resumePublishing(orderingKey);
      throw new NotPublished(topicName, orderingKey, error);
    }
  };
}
