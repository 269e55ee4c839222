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
}

/** Returns a clock that shows the system's time plus all advances. */
export function createClock(system: () => number = Date.now): AdjustableClock {
  let offset = 0;
  return {
    now: () => system() + offset,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0)
        throw new RangeError(`cannot advance the clock by ${ms} ms: use 0 or more`);
      offset += ms;
    },
    reset() {
      offset = 0;
    },
  };
}
