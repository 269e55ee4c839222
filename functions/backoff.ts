/**
 * How long a watch in trouble is left alone. Growing, so that trouble costs little; bounded, so that it ends soon after
 * its cause does; jittered by a quarter, so that many watches with one cause do not come back together.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The kinds of trouble, with the first and the longest wait of each, in ms. */
const WAITS = {
  /** Rate limits, 5xx, network: passes by itself. */
  temporary: { first: MINUTE / 2, longest: HOUR },
  /** No access, or no such calendar: until a person does something. */
  resting: { first: 5 * MINUTE, longest: 6 * HOUR },
  /** Google refuses channels, for a reason that configuration can mend. */
  watchCall: { first: MINUTE, longest: 6 * HOUR },
  /** Google has no channels for this resource; calendars may change. */
  unpushable: { first: 24 * HOUR, longest: 24 * HOUR },
} as const;

export type Trouble = keyof typeof WAITS;

/** Milliseconds to wait after `failures` failures in a row (1 or more). `random` is from 0 up to 1. */
export function backoff(trouble: Trouble, failures: number, random: number): number {
  const { first, longest } = WAITS[trouble];
  const wait = Math.min(longest, first * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(wait * (0.75 + random / 2));
}
