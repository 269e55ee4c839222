import { createArrivals } from '../arrivals.ts';
import type { MirrorChange } from '../mirror.ts';
import { collectionKey, type CollectionId } from '../../../functions/watches/watch-id.ts';

type Data = Readonly<Record<string, unknown>>;

/** The expected effect of an edit: in each of the collections, an item that satisfies `reached`. */
export interface Expectation {
  readonly collections: readonly CollectionId[];
  readonly itemId: string;
  /** Whether the mirrored item has the edit. The item is undefined if it is not mirrored. */
  readonly reached: (data: Data | undefined) => boolean;
}

/** How long the demo waits for anything: far longer than it takes on a slow machine. */
export const TIMEOUT_MS = 120_000;

export type Stopwatch = ReturnType<typeof createStopwatch>;

/** Measures the time from an edit to the mirror. Requires every change of the mirror to be passed to `onMirror`. */
export function createStopwatch() {
  const mirrored = createArrivals<Data>(TIMEOUT_MS);
  const latencies = new Map<string, number[]>();
  let items = 0;

  return {
    onMirror: (changes: readonly MirrorChange[]): void => {
      for (const { kind, item } of changes) {
        if (kind === 'added') items += 1;
        if (kind === 'removed') items -= 1;
        mirrored.arrived(itemKey(item, item.itemId), kind === 'removed' ? undefined : item.data);
      }
    },
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
          const at = await mirrored.until(itemKey(collection, itemId), reached);
          if (!timed) return;
          const key = collectionKey(collection);
          latencies.set(key, [...(latencies.get(key) ?? []), Math.max(0, at - sentAt)]);
        }),
      );
      return result;
    },
  };
}

/** Returns a unique key of an item in a mirrored collection. */
export const itemKey = (collection: CollectionId, itemId: string): string =>
  `${collectionKey(collection)} ${itemId}`;
