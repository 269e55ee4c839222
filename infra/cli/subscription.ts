import { setTimeout as pause } from 'node:timers/promises';

import type { Message, PubSub } from '@google-cloud/pubsub';
import * as z from 'zod';

import { fullName } from '../../functions/feed/names.ts';

/** Reading from Pub/Sub: temporary subscriptions, and messages that are held until they are acknowledged or released. */

export interface Received {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Buffer;
  readonly orderingKey: string;
  /** When it was published, Unix ms. */
  readonly publishedAt: number;
}

export interface Held extends Received {
  /** The id to acknowledge or release it with. */
  readonly ackId: string;
}

/**
 * The minimum that Pub/Sub allows, so that a subscription left behind by a crash expires after a day.
 * @see https://cloud.google.com/pubsub/docs/subscription-properties
 */
const EXPIRES = { seconds: 86_400 };
const RETAINED = { seconds: 600 };

/** Maximum length in bytes: https://cloud.google.com/pubsub/docs/subscription-message-filter */
const LONGEST_FILTER = 256;

/**
 * Returns a filter for messages whose attributes each have one of the values of `wanted`, and that have one of the attributes `anyOf`.
 * Clauses beyond the maximum length are left out.
 */
export function filterOf(
  wanted: Readonly<Record<string, readonly string[]>>,
  anyOf: readonly string[] = [],
): string {
  const clauses = Object.entries(wanted).map(([name, values]) =>
    values.map((value) => `attributes.${name} = ${JSON.stringify(value)}`),
  );
  let filter = '';
  for (const clause of [...clauses, anyOf.map((name) => `attributes:${name}`)]) {
    if (clause.length === 0) continue;
    const longer = `${filter}${filter === '' ? '' : ' AND '}(${clause.join(' OR ')})`;
    if (Buffer.byteLength(longer) <= LONGEST_FILTER) filter = longer;
  }
  return filter;
}

/**
 * Creates a subscription and passes each message that is published from now on to `onMessage`, at least once. `end` deletes the
 * subscription.
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

/** A pull may return nothing although there are messages: the subscription counts as empty after this many. */
const EMPTY_PULLS = 3;
const PAUSE_MS = 300;
const TIMEOUT_MS = 10_000;
/** Maximum number of messages per request. */
const AT_ONCE = 500;

/** Creates a reader of a subscription, given by its short or full name. */
export function createReader(pubsub: PubSub, subscriptionName: string) {
  const subscription = fullName('subscriptions', pubsub.projectId, subscriptionName);
  const request = (method: string, reqOpts: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const gaxOpts = { timeout: TIMEOUT_MS };
      const config = { client: 'SubscriberClient' as const, method, reqOpts, gaxOpts };
      pubsub.request<unknown>(config, (error, answer) => (error ? reject(error) : resolve(answer)));
    });

  // Immediately: a pull that times out while it waits may still lease messages, which are then invisible until their deadline.
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

  const modify = async (method: string, held: readonly Held[], more: object): Promise<void> => {
    for (let from = 0; from < held.length; from += AT_ONCE) {
      const ackIds = held.slice(from, from + AT_ONCE).map(({ ackId }) => ackId);
      await request(method, { subscription, ackIds, ...more });
    }
  };

  return {
    /** Pulls up to `limit` distinct messages, and holds them for the acknowledgement deadline of the subscription. */
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
    /** Acknowledges messages, which deletes them. */
    acknowledge: (held: readonly Held[]): Promise<void> => modify('acknowledge', held, {}),
    /** Releases messages for the next pull. */
    release: (held: readonly Held[]): Promise<void> =>
      modify('modifyAckDeadline', held, { ackDeadlineSeconds: 0 }),
  };
}

export type Reader = ReturnType<typeof createReader>;
