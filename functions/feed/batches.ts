import type { OutgoingMessage, Publish } from './envelope.ts';

/**
 * Batching with one request at a time for each ordering key: messages of the key that arrive meanwhile go into the next request. So
 * a single message is sent at once, many cost few requests, and those of a key keep their order. A request never mixes keys, which
 * Pub/Sub rejects: https://cloud.google.com/pubsub/docs/reference/rest/v1/PubsubMessage
 */

/** Sends messages in one request until `deadline` (Unix ms) at the latest; resolves with their ids in the same order. */
export type Send = (messages: readonly OutgoingMessage[], deadline: number) => Promise<readonly string[]>;

export interface BatchLimits {
  /** The most messages in a request. */
  readonly messages: number;
  /** The most bytes of data in a request; a larger message is sent alone. */
  readonly bytes: number;
  /** Total timeout of a message in ms, from its arrival. */
  readonly giveUpAfterMs: number;
}

interface Waiting {
  readonly message: OutgoingMessage;
  readonly deadline: number;
  readonly sent: (id: string) => void;
  readonly failed: (error: unknown) => void;
}

/** Sends a batch. If that fails, the queue `behind` it fails too: later messages must not overtake it when it is published again. */
async function deliver(batch: readonly Waiting[], behind: Waiting[], send: Send): Promise<void> {
  const messages = batch.map(({ message }) => message);
  try {
    const ids = await send(messages, Math.min(...batch.map(({ deadline }) => deadline)));
    if (ids.length !== batch.length) throw new Error('Pub/Sub returned a wrong number of message ids');
    for (const [index, { sent }] of batch.entries()) sent(ids[index] ?? '');
  } catch (error) {
    for (const { failed } of [...batch, ...behind.splice(0)]) failed(error);
  }
}

/** Removes the messages of the next request from the head of a queue. */
function nextBatch(queue: Waiting[], limits: BatchLimits): Waiting[] {
  let bytes = 0;
  const tooMany = queue.findIndex(({ message }, index) => {
    bytes += message.data.length;
    return index > 0 && (index === limits.messages || bytes > limits.bytes);
  });
  return queue.splice(0, tooMany === -1 ? queue.length : tooMany);
}

/** Wraps `send` with per-key batching; resolves with the message id. */
export function withBatching(send: Send, limits: BatchLimits): Publish {
  /** By ordering key; a key is present while it has messages queued or in flight. */
  const queues = new Map<string, Waiting[]>();

  async function sendAll(key: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) await deliver(nextBatch(queue, limits), queue, send);
    queues.delete(key);
  }

  return (message) =>
    new Promise((sent, failed) => {
      const one = { message, deadline: Date.now() + limits.giveUpAfterMs, sent, failed };
      const key = message.orderingKey;
      const queue = queues.get(key);
      if (queue !== undefined) {
        queue.push(one);
        return;
      }
      const started = [one];
      queues.set(key, started);
      // Deferred, so that messages published in the same turn share the request.
      setImmediate(() => void sendAll(key, started));
    });
}
