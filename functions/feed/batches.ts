import type { OutgoingMessage } from './envelope.ts';
import type { Publish } from './publisher.ts';

/**
 * One request at a time: messages that come meanwhile go together with the next. A message alone waits for nobody, many at once
 * cost few requests, and all leave in the order in which they came.
 */

/** Sends messages in one request, until `deadline` (Unix ms) at the latest; resolves with their ids in the same order. */
export type Send = (messages: readonly OutgoingMessage[], deadline: number) => Promise<readonly string[]>;

export interface BatchLimits {
  /** How many messages a request may have. */
  readonly messages: number;
  /** A message that is not sent so long after it came fails, in ms. */
  readonly giveUpAfterMs: number;
}

interface Waiting {
  readonly message: OutgoingMessage;
  readonly deadline: number;
  readonly sent: (id: string) => void;
  readonly failed: (error: unknown) => void;
}

async function deliver(batch: readonly Waiting[], send: Send): Promise<void> {
  const messages = batch.map(({ message }) => message);
  try {
    const ids = await send(messages, Math.min(...batch.map(({ deadline }) => deadline)));
    if (ids.length !== batch.length) throw new Error('Pub/Sub did not name each message that it took');
    for (const [index, { sent }] of batch.entries()) sent(ids[index] ?? '');
  } catch (error) {
    for (const { failed } of batch) failed(error);
  }
}

/** What hands messages to `send`, and resolves with each one's id. */
export function inBatches(send: Send, { messages, giveUpAfterMs }: BatchLimits): Publish {
  const waiting: Waiting[] = [];
  let isSending = false;

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) await deliver(waiting.splice(0, messages), send);
    isSending = false;
  }

  return (message) =>
    new Promise((sent, failed) => {
      waiting.push({ message, deadline: Date.now() + giveUpAfterMs, sent, failed });
      if (isSending) return;
      isSending = true;
      // After whatever else has arrived by now.
      setImmediate(() => void sendAll());
    });
}
