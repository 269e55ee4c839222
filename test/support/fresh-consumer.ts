/** A consumer that joins later, for which `replay` exists: a topic of its own, and its messages. */
import type { PubSub } from '@google-cloud/pubsub';
import { changeMessage, type Change } from '../../functions/feed/change.ts';
import { parseChange, parseReplayEnded, type ReplayEnded } from '../../functions/feed/consumer.ts';
import { itemPath } from '../../functions/firestore/paths.ts';
import { subscribeForNow, type Received } from '../../infra/cli/subscription.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import type { Copy } from './copy.ts';
import { schemaProblem } from './message-schemas.ts';
import { collectionOf, type Pipeline } from './pipeline.ts';

/** Returns the message that ended a replay, undefined of any other message. */
function endOf({ attributes, data }: Received): ReplayEnded | undefined {
  if (attributes['ce-type'] !== 'calendar.replay.ended') return undefined;
  const result = parseReplayEnded(data);
  if (!result.ok) throw new Error(result.problem);
  return result.ended;
}

/** Subscribes to a topic for changes, from now on. */
export async function readTopic(pubsub: PubSub, topic: string, name = `${topic}-reader`) {
  /** The changes. */
  const received: Received[] = [];
  /** The messages that ended replays. */
  const endings: (Received & { readonly ended: ReplayEnded })[] = [];
  const errors: Error[] = [];
  const subscription = await subscribeForNow(pubsub, topic, name, '', {
    onMessage: (message) => {
      const { attributes, data } = message;
      const problem = schemaProblem({ attributes, data: JSON.parse(data.toString()) });
      if (problem !== undefined) errors.push(new Error(problem));
      const ended = endOf(message);
      if (ended === undefined) received.push(message);
      else endings.push({ ...message, ended });
    },
    onError: (error) => errors.push(error),
  });
  return { topic, received, endings, errors, [Symbol.asyncDispose]: () => subscription.end() };
}

/** Creates the topic and subscribes to it. */
export async function freshTopic(pubsub: PubSub, topic: string) {
  await pubsub.createTopic(topic);
  return readTopic(pubsub, topic);
}

/** Returns the change in a message, read with the consumers' parser. */
export function parsed({ data }: Received): Change {
  const result = parseChange(data);
  if (!result.ok) throw new Error(result.problem);
  return result.change;
}

interface Watched {
  readonly spec: WatchSpec;
  readonly watch: string;
}

/** Passes the history of a watch to a consumer, as though it had followed the live feed until now. */
export function follow(cloud: Pipeline, { spec, watch }: Watched, copy: Copy): void {
  for (const change of cloud.history(watch))
    copy.receive(changeMessage(change, itemPath(collectionOf(spec), change.itemId)));
}

/** Returns what is mirrored of watches, by the paths of documents. */
export async function mirrored(
  cloud: Pipeline,
  watched: readonly Pick<Watched, 'spec'>[],
): Promise<ReadonlyMap<string, unknown>> {
  const all = await Promise.all(
    watched.map(async ({ spec }) =>
      Array.from(
        await cloud.mirror(spec),
        ([id, { data }]) => [itemPath(collectionOf(spec), id), data] as const,
      ),
    ),
  );
  return new Map(all.flat());
}
