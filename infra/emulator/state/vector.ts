/** A list as it was at one moment. */
export interface Frozen<T> {
  readonly length: number;
  at(index: number): T | undefined;
}

/** A list that only grows, whose elements can be replaced. */
export interface Vector<T> extends Frozen<T> {
  push(value: T): void;
  /** Replaces an element that is there. */
  set(index: number, value: T): void;
  /** Returns the list as it is now. Costs no copy: whatever is replaced later is copied then, chunk by chunk. */
  freeze(): Frozen<T>;
}

const CHUNK = 512;

/** Returns an empty vector. */
export function createVector<T>(): Vector<T> {
  let chunks: T[][] = [];
  let length = 0;
  /** Chunks that no frozen list shares. Appending to a shared one is harmless: frozen lists have a length of their own. */
  let own = new Set<T[]>();
  let isShared = false;

  function writable(at: number): T[] {
    if (isShared) {
      chunks = [...chunks];
      isShared = false;
    }
    const chunk = chunks[at] ?? [];
    if (own.has(chunk)) return chunk;
    const copy = [...chunk];
    own.add(copy);
    chunks[at] = copy;
    return copy;
  }

  return {
    get length() {
      return length;
    },
    at: (index) => elementOf(chunks, length, index),
    push(value) {
      const last = chunks.at(-1);
      if (last && last.length < CHUNK) last.push(value);
      else {
        const chunk = [value];
        own.add(chunk);
        chunks.push(chunk);
      }
      length += 1;
    },
    set(index, value) {
      writable(Math.floor(index / CHUNK))[index % CHUNK] = value;
    },
    freeze() {
      own = new Set();
      isShared = true;
      const frozen = { chunks, length };
      return { length, at: (index) => elementOf(frozen.chunks, frozen.length, index) };
    },
  };
}

function elementOf<T>(chunks: readonly T[][], length: number, index: number): T | undefined {
  return index < length ? chunks[Math.floor(index / CHUNK)]?.[index % CHUNK] : undefined;
}

/** Returns the elements of a vector, or of a frozen one, in order. */
export const elementsOf = <T>(list: Frozen<T>): T[] =>
  Array.from({ length: list.length }, (_, index) => list.at(index)).filter(
    (element) => element !== undefined,
  );
