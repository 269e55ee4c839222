import pLimit from 'p-limit';

/** Frees a slot. Further calls do nothing. */
export type Release = () => void;

/** Bounds what a process holds in memory, over all requests that it serves at once. */
export interface Slots {
  /** Waits for a free slot, in the order of the calls, and resolves with its release. */
  readonly take: () => Promise<Release>;
  /** Takes a slot if one is free and no call waits for it; otherwise returns undefined. */
  readonly tryTake: () => Promise<Release> | undefined;
}

export function createSlots(count: number): Slots {
  const limit = pLimit(count);
  const take = (): Promise<Release> =>
    new Promise((taken) => {
      void limit(() => new Promise<void>(taken));
    });
  return {
    take,
    tryTake: () => (limit.activeCount + limit.pendingCount < count ? take() : undefined),
  };
}
