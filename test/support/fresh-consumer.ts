/** A consumer that comes later, as `replay` is for: a topic of its own, and what comes to it. */
import type { PubSub } from '@google-cloud/pubsub';
import type { Change } from '../../functions/feed/change.ts';
import { parseChange } from '../../functions/feed/consumer.ts';
import { subscribeForNow, type Received } from '../../functions/feed/subscription.ts';

/** Creates the topic and follows it. */
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

/** The change in a message, by the parser that consumers have. */
export function parsed({ data }: Received): Change {
  const result = parseChange(data);
  if (!result.ok) throw new Error(result.problem);
  return result.change;
}
