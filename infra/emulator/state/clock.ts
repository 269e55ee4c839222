/** The emulator's time. Tests can advance it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** Times have four digits for the year in RFC 3339. What lies two years ahead of the clock still has them. */
export const LAST_START_MS = Date.UTC(9990, 0, 1);

/** A clock that follows the system's and can be advanced. */
export interface AdjustableClock extends Clock {
  /** Advances the clock. Throws a RangeError if `ms` is negative or not finite, or leads beyond the year 9989. */
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
      if (system() + offset + ms >= LAST_START_MS)
        throw new RangeError(`cannot advance the clock by ${ms} ms: it would be beyond the year 9989`);
      offset += ms;
    },
    reset() {
      offset = start;
    },
  };
}
