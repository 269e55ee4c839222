/** The emulator's time. Tests can advance it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** A clock that follows the system's and can be advanced. */
export interface AdjustableClock extends Clock {
  /** Advances the clock. Throws a RangeError if `ms` is negative or not finite. */
  advance(ms: number): void;
  /** Undoes every advance. */
  reset(): void;
  /** Returns how far the clock is ahead of the system's, in milliseconds. Negative if it is behind. */
  offset(): number;
  /** Sets how far the clock is ahead of the system's. `reset` returns to the offset at its creation. */
  setOffset(ms: number): void;
}

/**
 * Returns a clock that runs as the system's does, `start` milliseconds ahead of it plus all advances. Negative: behind it.
 */
export function createClock(system: () => number = Date.now, start = 0): AdjustableClock {
  let offset = start;
  return {
    now: () => system() + offset,
    offset: () => offset,
    setOffset(ms) {
      offset = ms;
    },
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0)
        throw new RangeError(`cannot advance the clock by ${ms} ms: use 0 or more`);
      offset += ms;
    },
    reset() {
      offset = start;
    },
  };
}
