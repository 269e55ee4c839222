import { startCloud, type Cloud, type CloudOptions } from '../../infra/local/cloud.ts';
import type { FeedMessage } from '../../infra/local/feed.ts';
import { readMirror, type MirroredItem } from '../../infra/local/mirror.ts';
import { until } from '../../infra/local/until.ts';
import { verify } from '../../infra/local/verify.ts';
import { collectionKey, watchIdOf } from '../../functions/mirror/watch-id.ts';
import type { WatchSpec } from '../../infra/local/watches.ts';

/** A cloud as tests use it: everything of `Cloud`, and the questions that tests ask. */
export interface TestCloud extends Cloud {
  /** Registers the wish, runs renew, and hands back the watch's id. */
  register(spec: WatchSpec): Promise<string>;
  /** What is mirrored for a wish, by item id. */
  mirror(spec: WatchSpec): Promise<Map<string, MirroredItem>>;
  /** What the feed brought for a watch, in the order of arrival, with what came twice. */
  changes(watch: string): FeedMessage[];
  /** Waits until the mirror is the calendar and the feed its history, or fails with the differences. */
  untilTrue(withinMs?: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a cloud on the run's emulators: `await using cloud = await startTestCloud()`. */
export async function startTestCloud(options: CloudOptions = {}): Promise<TestCloud> {
  const cloud = await startCloud({
    ...options,
    // Tests have no reason to wait for what only spares Google's quota.
    env: { ...options.env, all: { MIN_SYNC_INTERVAL_SECONDS: '0', ...options.env?.all } },
  });
  return {
    ...cloud,
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
    untilTrue: (withinMs = 20_000) =>
      eventually(async () => {
        const { differences } = await verify(cloud);
        if (differences.length > 0) throw new Error(differences.slice(0, 10).join('\n'));
      }, withinMs),
    [Symbol.asyncDispose]: () => cloud.stop(),
  };
}

/**
 * Waits until `attempt` no longer throws (an `expect` that fails, for example), and hands back what it returns.
 * @throws Error with the last failure when that takes longer than `withinMs`.
 */
export async function eventually<T>(attempt: () => T | Promise<T>, withinMs = 20_000): Promise<T> {
  const { value } = await until(async () => ({ value: await attempt() }), { what: 'it holds', withinMs });
  return value;
}
