import type { OutgoingMessage } from './envelope.ts';
import type { Publish } from './publisher.ts';

/**
 * One request at a time for each ordering key: messages of the key that come meanwhile go together with the next. A message alone
 * waits for nobody, many at once cost few requests, and those of a key leave in the order in which they came. No request has
 * messages of two keys, which Pub/Sub does not take ("PubsubMessage: orderingKey").
 */

/** Sends messages in one request, until `deadline` (Unix ms) at the latest; resolves with their ids in the same order. */
export type Send = (messages: readonly OutgoingMessage[], deadline: number) => Promise<readonly string[]>;

export interface BatchLimits {
  /** How many messages a request may have. */
  readonly messages: number;
  /** How many bytes of data a request may have; a message that is larger goes alone. */
  readonly bytes: number;
  /** A message that is not sent so long after it came fails, in ms. */
  readonly giveUpAfterMs: number;
}

interface Waiting {
  readonly message: OutgoingMessage;
  readonly deadline: number;
  readonly sent: (id: string) => void;
  readonly failed: (error: unknown) => void;
}

/** Sends a batch; where that fails, so does `behind` it: what came later must not overtake it when it is published again. */
async function deliver(batch: readonly Waiting[], behind: Waiting[], send: Send): Promise<void> {
  const messages = batch.map(({ message }) => message);
  try {
    const ids = await send(messages, Math.min(...batch.map(({ deadline }) => deadline)));
    if (ids.length !== batch.length) throw new Error('Pub/Sub did not name each message that it took');
    for (const [index, { sent }] of batch.entries()) sent(ids[index] ?? '');
  } catch (error) {
    for (const { failed } of [...batch, ...behind.splice(0)]) failed(error);
  }
}

/** Takes from the head of a queue what goes into the next request. */
function nextBatch(queue: Waiting[], limits: BatchLimits): Waiting[] {
  let bytes = 0;
  const tooMany = queue.findIndex(({ message }, index) => {
    bytes += message.data.length;
    return index > 0 && (index === limits.messages || bytes > limits.bytes);
  });
  return queue.splice(0, tooMany === -1 ? queue.length : tooMany);
}

/** What hands messages to `send`, and resolves with each one's id. */
export function inBatches(send: Send, limits: BatchLimits): Publish {
  /** By ordering key; a key is in it for as long as something of it is to be sent or on its way. */
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
      const begun = [one];
      queues.set(key, begun);
      // After whatever else has arrived by now.
      setImmediate(() => void sendAll(key, begun));
    });
}
