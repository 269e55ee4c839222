/**
 * A seeded source of numbers in [0, 1) (mulberry32), so that a run with random delays and faults can be repeated exactly. Not
 * cryptographically secure.
 */
export type Random = () => number;

/** A source that can continue where another one stopped. */
export interface SeededRandom extends Random {
  /** Returns the seed of a source that continues from here. */
  seed(): number;
  /** Continues as a new source of this seed. */
  reseed(seed: number): void;
}

/** Returns a source; equal seeds give equal sequences. Only the low 32 bits of the seed count. */
export function createRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return Object.assign(next, {
    seed: () => state,
    reseed(from: number) {
      state = from >>> 0;
    },
  });
}

/** Returns an integer from `min` to `max`, both inclusive. */
export function randomInteger(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}
