/** One line per change: what happened, and the hops that it made on its way. Shared by the server and the page; pure. */

/** Changes that the console remembers, and as many that each page keeps. */
export const REMEMBERED_CHANGES = 5_000;

/** Where a change has been, in this order. */
export const STAGES = ['edit', 'notification', 'receive', 'sync', 'mirror', 'feed'] as const;
type Stage = (typeof STAGES)[number];

/** A step of a change. */
export interface Hop {
  readonly stage: Stage;
  /** Unix ms. */
  readonly at: number;
  /** How long the step itself took, if its log line says so. */
  readonly ms?: number;
}

/** A change, as a line of the timeline. The items themselves are read on demand. */
export interface TimelineEntry {
  /** `<watch>/<sequence>`, the `ce-id` of its message. */
  readonly id: string;
  /** When the message arrived, Unix ms. */
  readonly at: number;
  readonly watchId: string;
  readonly sequence: number;
  readonly user: string;
  readonly resource: string;
  readonly calendarId: string | null;
  readonly itemId: string;
  readonly change: 'created' | 'updated' | 'deleted' | 'snapshot';
  /** What the change means, such as `moved`. */
  readonly kinds: readonly string[];
  /** The change in words; masked against a deployed project. */
  readonly sentence: string;
  /** In the order of `STAGES`; those that are known. */
  readonly hops: readonly Hop[];
}

/** Returns the milliseconds between consecutive hops, and from the first to the last. */
export function legsOf(hops: readonly Hop[]): {
  readonly legs: readonly { readonly stage: Stage; readonly ms: number }[];
  readonly total: number;
} {
  const [first] = hops;
  const last = hops.at(-1);
  const legs = hops.slice(1).map(({ stage, at }, index) => ({
    stage,
    ms: elapsed(hops[index]?.at ?? at, at),
  }));
  return { legs, total: first === undefined || last === undefined ? 0 : elapsed(first.at, last.at) };
}

/** Whole milliseconds. The clocks of several processes may disagree by a little. */
const elapsed = (from: number, to: number): number => Math.max(0, Math.round(to - from));
