import { following } from '../state/following.ts';
import type { Entry } from '../state/ledger.ts';
import { type StoredEvent, isRecurring } from '../state/stored-event.ts';
import { add, remove } from './groups.ts';
import { lastOccurrence } from './recurrence.ts';
import { type Span, spanOf } from './times.ts';

const DAY = 86_400_000;
/** The buckets of each level are twice as long as those of the level below; those of the last one are for all time. */
const SHORTEST = 7 * DAY;
const LEVELS = 16;

const lengthOf = (level: number): number => (level === LEVELS ? Infinity : SHORTEST * 2 ** level);

/** A level whose buckets are at least as long as a span, so that the span is in two of them at most. */
const levelOf = ({ start, end }: Span): number =>
  Math.min(LEVELS, Math.max(0, Math.ceil(Math.log2((end - start) / SHORTEST))));

/**
 * Returns an index of events by time. All-day events depend on the calendar's time zone, so it returns some events that do not take
 * place in the window, but all that do.
 */
function createTimeIndex() {
  /** Where each event starts and ends, by its position; NaN for one that takes place at no time. */
  const starts: number[] = [];
  const ends: number[] = [];
  const levels = Array.from({ length: LEVELS + 1 }, () => new Map<number, Set<number>>());

  function eachBucket(span: Span, act: (buckets: Map<number, Set<number>>, bucket: number) => void): void {
    const level = levelOf(span);
    const buckets = levels[level];
    if (buckets === undefined) return;
    const length = lengthOf(level);
    const [first, last] =
      level === LEVELS ? [0, 0] : [Math.floor(span.start / length), Math.floor(span.end / length)];
    for (let bucket = first; bucket <= last; bucket += 1) act(buckets, bucket);
  }

  return {
    update({ position, value }: Entry<StoredEvent>): void {
      const before = { start: starts[position] ?? Number.NaN, end: ends[position] ?? Number.NaN };
      const now = rangeOf(value);
      if (before.start === now.start && before.end === now.end) return;
      eachBucket(before, (buckets, bucket) => remove(buckets, bucket, position));
      eachBucket(now, (buckets, bucket) => add(buckets, bucket, position));
      starts[position] = now.start;
      ends[position] = now.end;
    },
    /** Returns the positions in the ledger, in order, of events that may overlap the window. */
    within({
      timeMin = -Infinity,
      timeMax = Infinity,
    }: {
      timeMin?: number | undefined;
      timeMax?: number | undefined;
    }): Uint32Array {
      const found = new Set<number>();
      for (const [level, buckets] of levels.entries()) {
        for (const bucket of bucketsIn(buckets, timeMin, timeMax, lengthOf(level)))
          for (const position of buckets.get(bucket) ?? []) {
            if ((ends[position] ?? 0) > timeMin && (starts[position] ?? 0) < timeMax) found.add(position);
          }
      }
      return Uint32Array.from(found).toSorted();
    },
  };
}

/** Returns the keys of the buckets that overlap a window. */
function bucketsIn(
  buckets: ReadonlyMap<number, unknown>,
  from: number,
  before: number,
  length: number,
): Iterable<number> {
  if (length === Infinity) return buckets.keys();
  const first = Math.floor(from / length);
  const last = Math.floor(before / length);
  if (last - first < buckets.size)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return [...buckets.keys()].filter((bucket) => bucket >= first && bucket <= last);
}

/**
 * Returns when an event may take place, in any time zone: a series from its start to the end of its last occurrence. NaN for one that takes
 * place at no time.
 */
function rangeOf(event: StoredEvent): Span {
  const { start, end } = spanOf(event.fields, 'UTC');
  if (Number.isNaN(start) || Number.isNaN(end)) return { start: Number.NaN, end: Number.NaN };
  // An end before the start comes from events that were put in verbatim.
  const last = isRecurring(event) ? (lastOccurrence(event.fields) ?? Infinity) : start;
  const until = Math.max(last + Math.max(0, end - start), end);
  return { start: Math.min(start, end) - DAY, end: Math.max(start, until) + DAY };
}

/** Returns the time index of a calendar's events. */
export const timeIndexOf = following<StoredEvent, ReturnType<typeof createTimeIndex>>(createTimeIndex);
