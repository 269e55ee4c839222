import { startCloud, type Cloud, type CloudOptions } from '../../infra/local/cloud.ts';
import type { FeedMessage } from '../../infra/local/feed.ts';
import { readMirror, type MirroredItem } from '../../infra/local/mirror.ts';
import { until } from '../../infra/local/until.ts';
import { verify } from '../../infra/local/verify.ts';
import { collectionKey, watchIdOf } from '../../functions/watches/watch-id.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';
import { checkSchemas } from './message-schemas.ts';

/** A `Cloud` with the questions that tests ask. */
export interface TestCloud extends Cloud {
  /** Registers the spec and runs renew; returns the watch's id. */
  register(spec: WatchSpec): Promise<string>;
  /** Returns the mirrored items of a spec, by item id. */
  mirror(spec: WatchSpec): Promise<Map<string, MirroredItem>>;
  /** Returns the feed's messages of a watch in the order of arrival, duplicates included. */
  changes(watch: string): FeedMessage[];
  /** Waits until the mirror equals the calendar and the feed its history. @throws Error with the differences. */
  untilTrue(withinMs?: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a cloud on the run's emulators. Stopping it throws an Error if a message violated the schema that it names: `await using cloud = await startTestCloud()`.
 */
export async function startTestCloud(options: CloudOptions = {}): Promise<TestCloud> {
  const cloud = await startCloud({
    ...options,
    // The interval only saves Google's quota.
    env: { ...options.env, all: { MIN_SYNC_INTERVAL_SECONDS: '0', ...options.env?.all } },
  });
  const schemas = await checkSchemas(cloud.pubsub);
  const stop = async (): Promise<void> => {
    try {
      await schemas.end();
    } finally {
      await cloud.stop();
    }
  };
  return {
    ...cloud,
    stop,
    register: async (spec) => {
      const id = watchIdOf(spec);
      await cloud.watch(id, spec);
      await cloud.renew();
      return id;
    },
    mirror: async (spec) => {
      const items = await readMirror(cloud.firestore);
      const wanted = items.filter((item) => collectionKey(item) === collectionKey(spec));
      return new Map(wanted.map((item) => [item.itemId, item]));
    },
    changes: (watch) => cloud.feed.messages.filter((message) => message.watchId === watch),
    untilTrue: (withinMs = 60_000) =>
      until(
        async () => {
          const { differences } = await verify(cloud);
          if (differences.length > 0) throw new Error(differences.slice(0, 10).join('\n'));
          return true;
        },
        { what: 'mirror and feed match the calendar', withinMs },
      ).then(() => undefined),
    [Symbol.asyncDispose]: stop,
  };
}
