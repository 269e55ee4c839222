import pLimit from 'p-limit';

/** Frees a slot. Further calls do nothing. */
export type Release = () => void;

/** Returns slots that bound what a process holds in memory, over all requests that it serves at once. */
export function createSlots(count: number) {
  const limit = pLimit(count);
  /** Waits for a free slot, in the order of the calls, and resolves with its release. */
  const take = (): Promise<Release> => new Promise((taken) => void limit(() => new Promise<void>(taken)));
  /** Takes a slot if one is free and no call waits for it; otherwise returns undefined. */
  const tryTake = (): Promise<Release> | undefined =>
    limit.activeCount + limit.pendingCount < count ? take() : undefined;
  return { take, tryTake };
}

export type Slots = ReturnType<typeof createSlots>;
