/** A consumer that joins later, for which `replay` exists: a topic of its own, and its messages. */
import type { PubSub } from '@google-cloud/pubsub';
import type { Change } from '../../functions/feed/change.ts';
import { parseChange } from '../../functions/feed/consumer.ts';
import { subscribeForNow, type Received } from '../../infra/cli/subscription.ts';

/** Creates the topic and subscribes to it. */
export async function freshTopic(pubsub: PubSub, topic: string) {
  await pubsub.createTopic(topic);
  const received: Received[] = [];
  const errors: Error[] = [];
  const subscription = await subscribeForNow(pubsub, topic, `${topic}-reader`, '', {
    onMessage: (message) => received.push(message),
    onError: (error) => errors.push(error),
  });
  return { topic, received, errors, [Symbol.asyncDispose]: () => subscription.end() };
}

/** Returns the change in a message, read with the consumers' parser. */
export function parsed({ data }: Received): Change {
  const result = parseChange(data);
  if (!result.ok) throw new Error(result.problem);
  return result.change;
}
