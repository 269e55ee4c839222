import { setTimeout as pause } from 'node:timers/promises';

import type { Message, PubSub } from '@google-cloud/pubsub';
import * as z from 'zod';

/** Reading topics: a subscription for a while, and messages that are held until it is decided what becomes of them. */

export interface Received {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Buffer;
  readonly orderingKey: string;
  /** Unix ms: when Pub/Sub took it. */
  readonly publishedAt: number;
}

export interface Held extends Received {
  /** What it is acknowledged or released by. */
  readonly ackId: string;
}

/** The shortest lives that Pub/Sub allows ("Subscription properties"): what a crash leaves behind is gone after a day. */
const EXPIRES = { seconds: 86_400 };
const RETAINED = { seconds: 600 };

/** A filter has at most 256 bytes. */
const LONGEST_FILTER = 256;

/** A filter for messages whose attributes have one of the values each; clauses for which there is no room are left out. */
export function filterOf(wanted: Readonly<Record<string, readonly string[]>>): string {
  let filter = '';
  for (const [name, values] of Object.entries(wanted)) {
    if (values.length === 0) continue;
    const any = values.map((value) => `attributes.${name} = ${JSON.stringify(value)}`).join(' OR ');
    const longer = `${filter}${filter === '' ? '' : ' AND '}(${any})`;
    if (Buffer.byteLength(longer) <= LONGEST_FILTER) filter = longer;
  }
  return filter;
}

/**
 * Subscribes to a topic from now on, under a name of its own, and hands every message to `onMessage` once, or again where Pub/Sub
 * delivers it again. `end` deletes the subscription.
 */
export async function subscribeForNow(
  pubsub: PubSub,
  topicName: string,
  subscriptionName: string,
  filter: string,
  listener: {
    readonly onMessage: (message: Received) => void;
    readonly onError: (error: Error) => void;
  },
): Promise<{ readonly end: () => Promise<void> }> {
  const [subscription] = await pubsub.topic(topicName).createSubscription(subscriptionName, {
    enableMessageOrdering: true,
    expirationPolicy: { ttl: EXPIRES },
    messageRetentionDuration: RETAINED,
    ...(filter === '' ? {} : { filter }),
  });
  subscription.on('message', (message: Message) => {
    message.ack();
    listener.onMessage({
      id: message.id,
      attributes: message.attributes,
      data: message.data,
      orderingKey: message.orderingKey ?? '',
      publishedAt: message.publishTime.getTime(),
    });
  });
  subscription.on('error', listener.onError);
  return {
    end: async () => {
      subscription.removeAllListeners('message');
      await subscription.close();
      await subscription.delete();
    },
  };
}

const seconds = z.object({ seconds: z.coerce.number(), nanos: z.number().nullish() }).nullish();

const data = z
  .union([z.instanceof(Uint8Array), z.string()])
  .nullish()
  .transform((given) =>
    typeof given === 'string' ? Buffer.from(given, 'base64') : Buffer.from(given ?? []),
  );

const pulledSchema = z.object({
  receivedMessages: z
    .array(
      z.object({
        ackId: z.string(),
        message: z.object({
          messageId: z.string(),
          attributes: z.record(z.string(), z.string()).nullish(),
          data,
          orderingKey: z.string().nullish(),
          publishTime: seconds,
        }),
      }),
    )
    .nullish(),
});

/** Pub/Sub may have messages and hand out none at first: so many pulls in a row that bring none are proof enough. */
const EMPTY_PULLS = 3;
const PAUSE_MS = 300;
const GIVE_UP_MS = 10_000;
/** How many messages one request names. */
const AT_ONCE = 500;

/** A subscription whose messages stay in it until they are acknowledged. */
export function createReader(pubsub: PubSub, subscriptionName: string) {
  const subscription = `projects/${pubsub.projectId}/subscriptions/${subscriptionName}`;
  const request = (method: string, reqOpts: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const gaxOpts = { timeout: GIVE_UP_MS };
      const config = { client: 'SubscriberClient' as const, method, reqOpts, gaxOpts };
      pubsub.request<unknown>(config, (error, answer) => (error ? reject(error) : resolve(answer)));
    });

  // At once: a pull that is given up while it waits may still take messages, which nobody sees until their deadline.
  const pull = async (maxMessages: number): Promise<readonly Held[]> => {
    const answer = await request('pull', { subscription, maxMessages, returnImmediately: true });
    return (pulledSchema.parse(answer).receivedMessages ?? []).map(({ ackId, message }) => ({
      ackId,
      id: message.messageId,
      attributes: message.attributes ?? {},
      data: message.data,
      orderingKey: message.orderingKey ?? '',
      publishedAt: (message.publishTime?.seconds ?? 0) * 1000 + (message.publishTime?.nanos ?? 0) / 1e6,
    }));
  };

  const settle = async (method: string, held: readonly Held[], more: object): Promise<void> => {
    for (let from = 0; from < held.length; from += AT_ONCE) {
      const ackIds = held.slice(from, from + AT_ONCE).map(({ ackId }) => ackId);
      await request(method, { subscription, ackIds, ...more });
    }
  };

  return {
    /** Up to `limit` messages, held for the subscription's acknowledgement deadline; each once. */
    hold: async (limit: number): Promise<readonly Held[]> => {
      const held = new Map<string, Held>();
      for (let empty = 0; empty < EMPTY_PULLS && held.size < limit;) {
        const pulled = await pull(Math.min(AT_ONCE, limit - held.size));
        for (const message of pulled) held.set(message.id, message);
        empty = pulled.length === 0 ? empty + 1 : 0;
        if (pulled.length === 0) await pause(PAUSE_MS);
      }
      return [...held.values()];
    },
    /** Messages that are done with: Pub/Sub forgets them. */
    acknowledge: (held: readonly Held[]): Promise<void> => settle('acknowledge', held, {}),
    /** Messages that stay: the next who pulls gets them. */
    release: (held: readonly Held[]): Promise<void> =>
      settle('modifyAckDeadline', held, { ackDeadlineSeconds: 0 }),
  };
}

export type Reader = ReturnType<typeof createReader>;
