/**
 * Virtual time: a queue of events in order. Time stands still during an event, including the promises that it settles, and then jumps to
 * the next.
 */

interface Entry {
  readonly at: number;
  /** Orders events of one moment: first come, first served. */
  readonly order: number;
  readonly happen: () => void;
}

export interface Timeline {
  /** Unix ms, whole. */
  readonly now: () => number;
  /** Schedules an event `ms` from now. */
  readonly after: (ms: number, happen: () => void) => void;
  /** As `after`, for an event that settles promises: their continuations run before the next event. */
  readonly resume: (ms: number, happen: () => void) => void;
  /** Runs all events until `end` (Unix ms). */
  readonly runUntil: (end: number) => Promise<void>;
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap, the next event first. */
function createHeap() {
  const heap: Entry[] = [];

  const push = (entry: Entry): void => {
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || isBefore(parent, entry)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = entry;
  };

  const pop = (): void => {
    const entry = heap.pop();
    if (entry === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) break;
      const goRight = right !== undefined && isBefore(right, left);
      const child = goRight ? right : left;
      if (isBefore(entry, child)) break;
      heap[at] = child;
      at = 2 * at + (goRight ? 2 : 1);
    }
    heap[at] = entry;
  };

  return { push, pop, first: (): Entry | undefined => heap[0] };
}

/**
 * Resolves after every promise that can make progress. Requested in a promise's continuation, the next tick of Node.js comes only after the
 * last of them.
 */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Creates a timeline that starts at `start` (Unix ms). */
export function createTimeline(start: number): Timeline {
  const heap = createHeap();
  let now = start;
  let order = 0;
  let stirred = false;
  const after = (ms: number, happen: () => void): void => {
    order += 1;
    heap.push({ at: now + Math.max(0, Math.round(ms)), order, happen });
  };
  return {
    now: () => now,
    after,
    resume: (ms, happen) =>
      after(ms, () => {
        stirred = true;
        happen();
      }),
    runUntil: async (end) => {
      await settled();
      for (let next = heap.first(); next !== undefined && next.at <= end; next = heap.first()) {
        heap.pop();
        now = next.at;
        next.happen();
        if (stirred) {
          stirred = false;
          await settled();
        }
      }
      now = Math.max(now, end);
    },
  };
}
