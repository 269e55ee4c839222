import type { MirrorChange } from '../mirror.ts';
import { collectionKey, type CollectionOf } from '../../../functions/mirror/watch-id.ts';

type Data = Readonly<Record<string, unknown>> | undefined;

/** What an edit is to lead to: in each of these collections, an item that satisfies `reached`. */
export interface Expectation {
  readonly collections: readonly CollectionOf[];
  readonly itemId: string;
  /** Whether the mirrored item (undefined where there is none) shows the edit. */
  readonly reached: (data: Data) => boolean;
}

interface Waiting extends Pick<Expectation, 'reached'> {
  readonly done: (at: number) => void;
}

const PATIENCE_MS = 45_000;

export type Stopwatch = ReturnType<typeof createStopwatch>;

/** Measures how long edits take until the mirror shows them. Feed it with every change of the mirror. */
export function createStopwatch() {
  const mirrored = new Map<string, { data: Data; at: number }>();
  const waiting = new Map<string, Set<Waiting>>();
  const latencies = new Map<string, number[]>();
  let items = 0;

  function onMirror(changes: readonly MirrorChange[]): void {
    const at = Date.now();
    for (const { kind, item } of changes) {
      const data: Data = kind === 'removed' ? undefined : item.data;
      if (kind === 'added') items += 1;
      if (kind === 'removed') items -= 1;
      const key = keyOf(item, item.itemId);
      mirrored.set(key, { data, at });
      for (const one of waiting.get(key) ?? []) if (one.reached(data)) one.done(at);
    }
  }

  function arrival(key: string, reached: Expectation['reached']): Promise<number> {
    const { data, at } = mirrored.get(key) ?? { data: undefined, at: Date.now() };
    if (reached(data)) return Promise.resolve(at);
    return new Promise((resolve, reject) => {
      const others = waiting.get(key) ?? new Set();
      waiting.set(key, others);
      const end = (): void => {
        others.delete(one);
        clearTimeout(timer);
      };
      const one: Waiting = {
        reached,
        done: (when) => {
          end();
          resolve(when);
        },
      };
      others.add(one);
      const timer = setTimeout(() => {
        end();
        reject(new Error(`the mirror did not show an edit within ${PATIENCE_MS / 1_000} s: ${key}`));
      }, PATIENCE_MS);
    });
  }

  return {
    onMirror,
    /** How many items are mirrored now. */
    items: (): number => items,
    /** Milliseconds from edit to mirror, of every timed edit in a collection. */
    latenciesOf: (collection: CollectionOf): readonly number[] =>
      latencies.get(collectionKey(collection)) ?? [],
    /**
     * Makes an edit and waits until the mirror shows it everywhere. The time counts from the moment the edit was
     * sent; with `timed: false` it is not counted.
     * @throws Error when the mirror does not show it within 45 s
     */
    async edit<T>(
      make: () => Promise<T>,
      expected: (result: T) => Expectation,
      { timed = true } = {},
    ): Promise<T> {
      const sentAt = Date.now();
      const result = await make();
      const { collections, itemId, reached } = expected(result);
      await Promise.all(
        collections.map(async (collection) => {
          const at = await arrival(keyOf(collection, itemId), reached);
          if (!timed) return;
          const key = collectionKey(collection);
          latencies.set(key, [...(latencies.get(key) ?? []), Math.max(0, at - sentAt)]);
        }),
      );
      return result;
    },
  };
}

function keyOf(collection: CollectionOf, itemId: string): string {
  return `${collectionKey(collection)} ${itemId}`;
}
