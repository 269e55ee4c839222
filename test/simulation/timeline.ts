/**
 * Virtual time: a queue of things to come, in order. Time stands still while something happens, promises that it has
 * settled included, and then jumps to the next.
 */

interface Entry {
  readonly at: number;
  /** Tells entries of one moment apart: first come, first served. */
  readonly order: number;
  readonly happen: () => void;
}

export interface Timeline {
  /** Unix ms, whole. */
  readonly now: () => number;
  /** Has something happen `ms` from now. */
  readonly after: (ms: number, happen: () => void) => void;
  /** As `after`, for what settles promises: whoever awaits them gets on before anything else happens. */
  readonly resume: (ms: number, happen: () => void) => void;
  /** Lets time pass until `end` (Unix ms). */
  readonly runUntil: (end: number) => Promise<void>;
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap, the next entry first. */
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
 * Resolves when every promise that can get on has got on. Asked for in a promise's continuation, Node.js comes to its next
 * tick only after the last of them.
 */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Time that begins at `start` (Unix ms). */
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
