/**
 * How long a failing watch waits for its next check. Waits grow, so that failures cost little. They are bounded, so that a watch
 * recovers soon after its cause is gone, and jittered by a quarter, so that many watches with one cause do not retry together.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The kinds of failures, with the first and the longest wait of each, in ms. */
const WAITS = {
  /** Rate limits, 5xx, network: recovers by itself. */
  temporary: { first: MINUTE / 2, longest: HOUR },
  /** No access, or no such calendar: lasts until a person acts. */
  resting: { first: 5 * MINUTE, longest: 6 * HOUR },
  /** Google rejects channels for a reason that a person can fix. */
  watchCall: { first: MINUTE, longest: 6 * HOUR },
  /** Google offers no channels for this resource, which may change. */
  unpushable: { first: 24 * HOUR, longest: 24 * HOUR },
} as const;

/**
 * The part of the jitter beyond the longest wait that is cut off. So a watch recovers within 75 minutes of a temporary failure's end
 * and within 7.5 hours of the return of access, including the minutes that renew and sync take.
 */
const EXCESS_CUT = 0.2;

export type FailureKind = keyof typeof WAITS;

/** Returns the ms to wait after `failures` failures in a row (1 or more). `random` is from 0 up to 1. */
export function backoff(kind: FailureKind, failures: number, random: number): number {
  const { first, longest } = WAITS[kind];
  const wait = Math.min(longest, first * 2 ** Math.min(30, Math.max(0, failures - 1)));
  const jittered = wait * (0.75 + random / 2);
  return Math.round(jittered - EXCESS_CUT * Math.max(0, jittered - longest));
}
