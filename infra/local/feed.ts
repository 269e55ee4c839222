import type { Message, PubSub } from '@google-cloud/pubsub';
import { changeSchema, type Change } from '../../functions/feed/change.ts';
import { parseMessage } from '../../functions/feed/consumer.ts';
import type { WatchMessage } from '../../functions/feed/watch-message.ts';
import { NAMES } from './topics.ts';

interface Delivered {
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
}

/** A change as a consumer of the feed receives it. */
export interface FeedMessage extends Change, Delivered {}

/** A message about a watch as a consumer of the feed receives it. */
export interface AboutWatch extends WatchMessage, Delivered {}

/** A message on the dead-letter topic. */
interface DeadLetter {
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The messages of the feed since the cloud was started. */
export interface Feed {
  /** All changes so far in the order of arrival, including repeated ones. */
  readonly messages: readonly FeedMessage[];
  /** All messages about watches so far, likewise. */
  readonly about: readonly AboutWatch[];
  /** An error for each message that does not match its type. */
  readonly malformed: readonly Error[];
  readonly deadLetters: readonly DeadLetter[];
  /** Calls `listener` for each change from now on. Returns a function that unsubscribes. */
  onMessage(listener: (message: FeedMessage) => void): () => void;
  close(): Promise<void>;
}

/** Collects the messages of `calendar-changes` and `calendar-dead-letters` from their subscriptions. */
export function collectFeed(pubsub: PubSub): Feed {
  const messages: FeedMessage[] = [];
  const about: AboutWatch[] = [];
  const malformed: Error[] = [];
  const deadLetters: DeadLetter[] = [];
  const listeners = new Set<(message: FeedMessage) => void>();

  const changes = pubsub.subscription(NAMES.changesReader);
  changes.on('message', (message: Message) => {
    message.ack();
    const { attributes, orderingKey = '' } = message;
    const parsed = parseMessage(message);
    if (!parsed.ok) malformed.push(new Error(`message ${message.id} of the feed: ${parsed.problem}`));
    else if (parsed.about === 'watch') about.push({ ...parsed.watch, attributes, orderingKey });
    else if (parsed.about === 'item') {
      const change = { ...parsed.change, attributes, orderingKey };
      messages.push(change);
      for (const listener of listeners) listener(change);
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
    about,
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
