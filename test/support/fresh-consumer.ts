/** A consumer that joins later, for which `replay` exists: a topic of its own, and its messages. */
import type { PubSub } from '@google-cloud/pubsub';
import type { Change } from '../../functions/feed/change.ts';
import { parseChange, parseReplayEnded, type ReplayEnded } from '../../functions/feed/consumer.ts';
import { subscribeForNow, type Received } from '../../infra/cli/subscription.ts';

/** Returns the message that ended a replay, undefined of any other message. */
function endOf({ attributes, data }: Received): ReplayEnded | undefined {
  if (attributes['ce-type'] !== 'calendar.replay.ended') return undefined;
  const result = parseReplayEnded(data);
  if (!result.ok) throw new Error(result.problem);
  return result.ended;
}

/** Creates the topic and subscribes to it. */
export async function freshTopic(pubsub: PubSub, topic: string) {
  await pubsub.createTopic(topic);
  /** The changes. */
  const received: Received[] = [];
  /** The messages that ended replays. */
  const endings: (Received & { readonly ended: ReplayEnded })[] = [];
  const errors: Error[] = [];
  const subscription = await subscribeForNow(pubsub, topic, `${topic}-reader`, '', {
    onMessage: (message) => {
      const ended = endOf(message);
      if (ended === undefined) received.push(message);
      else endings.push({ ...message, ended });
    },
    onError: (error) => errors.push(error),
  });
  return { topic, received, endings, errors, [Symbol.asyncDispose]: () => subscription.end() };
}

/** Returns the change in a message, read with the consumers' parser. */
export function parsed({ data }: Received): Change {
  const result = parseChange(data);
  if (!result.ok) throw new Error(result.problem);
  return result.change;
}
