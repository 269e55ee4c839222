import type { MirrorChange } from '../mirror.ts';
import { collectionKey, type CollectionId } from '../../../functions/watches/watch-id.ts';

type Data = Readonly<Record<string, unknown>> | undefined;

/** The expected effect of an edit: in each of the collections, an item that satisfies `reached`. */
export interface Expectation {
  readonly collections: readonly CollectionId[];
  readonly itemId: string;
  /** Whether the mirrored item has the edit. The item is undefined if it is not mirrored. */
  readonly reached: (data: Data) => boolean;
}

interface Waiting extends Pick<Expectation, 'reached'> {
  readonly done: (at: number) => void;
}

const TIMEOUT_MS = 45_000;

export type Stopwatch = ReturnType<typeof createStopwatch>;

/** Measures the time from an edit to the mirror. Requires every change of the mirror to be passed to `onMirror`. */
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
      for (const waiter of waiting.get(key) ?? []) if (waiter.reached(data)) waiter.done(at);
    }
  }

  function arrival(key: string, reached: Expectation['reached']): Promise<number> {
    const { data, at } = mirrored.get(key) ?? { data: undefined, at: Date.now() };
    if (reached(data)) return Promise.resolve(at);
    return new Promise((resolve, reject) => {
      const others = waiting.get(key) ?? new Set();
      waiting.set(key, others);
      const end = (): void => {
        others.delete(waiter);
        clearTimeout(timer);
      };
      const waiter: Waiting = {
        reached,
        done: (when) => {
          end();
          resolve(when);
        },
      };
      others.add(waiter);
      const timer = setTimeout(() => {
        end();
        reject(new Error(`an edit was not mirrored within ${TIMEOUT_MS / 1_000} s: ${key}`));
      }, TIMEOUT_MS);
    });
  }

  return {
    onMirror,
    /** Returns the number of items that are mirrored now. */
    items: (): number => items,
    /** Returns the milliseconds from edit to mirror of every timed edit in a collection. */
    latenciesOf: (collection: CollectionId): readonly number[] =>
      latencies.get(collectionKey(collection)) ?? [],
    /**
     * Makes an edit and waits until every expected collection has it. The time is measured from sending the edit; with
     * `timed: false` it is not recorded.
     * @throws Error if a collection does not have it within 45 s
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

function keyOf(collection: CollectionId, itemId: string): string {
  return `${collectionKey(collection)} ${itemId}`;
}
