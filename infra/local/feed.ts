import type { Message, PubSub } from '@google-cloud/pubsub';
import { changeSchema, type Change } from '../../functions/feed/change.ts';
import { NAMES } from './topics.ts';

/** One message of the change feed as a consumer sees it. */
export interface FeedMessage extends Change {
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
}

/** A message on the dead-letter topic. */
interface DeadLetter {
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The cloud's feed, followed from its beginning. */
export interface Feed {
  /** Every message so far, in the order of arrival, with those that came twice. */
  readonly messages: readonly FeedMessage[];
  /** Messages of the feed that are none, as errors. */
  readonly malformed: readonly Error[];
  readonly deadLetters: readonly DeadLetter[];
  /** Calls `listener` with every message from now on; hands back what ends that. */
  onMessage(listener: (message: FeedMessage) => void): () => void;
  close(): Promise<void>;
}

/** Follows the topics `calendar-changes` and `calendar-dead-letters` through the subscriptions made for that. */
export function followFeed(pubsub: PubSub): Feed {
  const messages: FeedMessage[] = [];
  const malformed: Error[] = [];
  const deadLetters: DeadLetter[] = [];
  const listeners = new Set<(message: FeedMessage) => void>();

  const changes = pubsub.subscription(NAMES.changesReader);
  changes.on('message', (message: Message) => {
    message.ack();
    try {
      const change = parse(message);
      messages.push(change);
      for (const listener of listeners) listener(change);
    } catch (cause) {
      malformed.push(new Error(`message ${message.id} of the feed is malformed`, { cause }));
    }
  });
  changes.on('error', (error) => malformed.push(error));

  const dead = pubsub.subscription(NAMES.deadLettersFollower);
  dead.on('message', (message: Message) => {
    message.ack();
    deadLetters.push({ attributes: message.attributes, text: message.data.toString() });
  });
  dead.on('error', (error) => malformed.push(error));

  return {
    messages,
    malformed,
    deadLetters,
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      await Promise.all([changes.close(), dead.close()]);
    },
  };
}

function parse(message: Message): FeedMessage {
  const change = changeSchema.parse(JSON.parse(message.data.toString()));
  return { ...change, attributes: message.attributes, orderingKey: message.orderingKey ?? '' };
}
