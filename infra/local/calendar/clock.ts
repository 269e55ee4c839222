/** The emulator's idea of now, so that tests can let a week pass in a moment. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** A clock that runs with the system's and can be put forward. */
export interface AdjustableClock extends Clock {
  /** Puts the clock forward by `ms` milliseconds (0 or more). Throws a RangeError on anything else: time never runs back. */
  advance(ms: number): void;
  /** Forgets every advance. */
  reset(): void;
}

/** A clock that shows the system's time plus whatever it was put forward by. */
export function createClock(system: () => number = Date.now): AdjustableClock {
  let offset = 0;
  return {
    now: () => system() + offset,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0)
        throw new RangeError(`A clock advances by 0 ms or more, not by ${ms}.`);
      offset += ms;
    },
    reset() {
      offset = 0;
    },
  };
}
