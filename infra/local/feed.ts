import type { Message, PubSub } from '@google-cloud/pubsub';
import { changeSchema, type Change } from '../../functions/feed/change.ts';
import { NAMES } from './topics.ts';

/** A message of the change feed as a consumer receives it. */
export interface FeedMessage extends Change {
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
}

/** A message on the dead-letter topic. */
interface DeadLetter {
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The messages of the feed since the cloud was started. */
export interface Feed {
  /** All messages so far in the order of arrival, including repeated ones. */
  readonly messages: readonly FeedMessage[];
  /** An error for each message that is not a valid change. */
  readonly malformed: readonly Error[];
  readonly deadLetters: readonly DeadLetter[];
  /** Calls `listener` for each message from now on. Returns a function that unsubscribes. */
  onMessage(listener: (message: FeedMessage) => void): () => void;
  close(): Promise<void>;
}

/** Collects the messages of `calendar-changes` and `calendar-dead-letters` from their subscriptions. */
export function collectFeed(pubsub: PubSub): Feed {
  const messages: FeedMessage[] = [];
  const malformed: Error[] = [];
  const deadLetters: DeadLetter[] = [];
  const listeners = new Set<(message: FeedMessage) => void>();

  const changes = pubsub.subscription(NAMES.changesReader);
  changes.on('message', (message: Message) => {
    message.ack();
    try {
      const change = readChange(message);
      messages.push(change);
      for (const listener of listeners) listener(change);
    } catch (cause) {
      malformed.push(new Error(`message ${message.id} of the feed is not a valid change`, { cause }));
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

/** Parses a message of the change feed. @throws Error if it is not a valid change. */
export function readChange(message: {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey?: string | undefined;
}): FeedMessage {
  const change = changeSchema.parse(JSON.parse(message.data.toString()));
  return { ...change, attributes: message.attributes, orderingKey: message.orderingKey ?? '' };
}
