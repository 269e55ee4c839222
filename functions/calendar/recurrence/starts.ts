import type { Zone } from '../zone.ts';
import { DAY } from './days.ts';
import { lastCounted, localStarts, type Budget } from './local-starts.ts';
import type { BoundedRule, ReadSeries } from './read-series.ts';

/** The starts of a series. */

export interface Starts {
  /** Unix ms, in order. */
  readonly starts: readonly number[];
  /** Why the list is not complete. */
  readonly incomplete?: string;
}

/** The most days and steps within days to examine in one expansion, which takes milliseconds. */
const WORK = 100_000;

/** The last day that a Firestore Timestamp can hold. */
const LATEST = Date.UTC(9999, 11, 31);

/**
 * Returns the starts of a series with `from` ≤ start < `before` (Unix ms). The start of the event is included even if its rules do not
 * match it, unless it is excluded; earlier starts never are.
 */
export function startsOf(series: ReadSeries, from: number, before: number): Starts {
  const { start, zone, dates, exceptDays, exceptTimes } = series;
  const budget: Budget = { work: WORK };
  const window = { from: Math.max(from, start), before: Math.min(before, LATEST + DAY) };
  const local = start + zone.offsetAt(start);
  const named = ({ rule, until }: BoundedRule): readonly number[] => {
    const last = Math.min(window.before, until + 1);
    if (last <= window.from) return [];
    const bounds = {
      from: localBound(zone, window.from, Math.min),
      before: localBound(zone, last, Math.max),
    };
    return localStarts(rule, local, bounds, budget)
      .map((each) => zone.momentOf(each))
      .filter((at) => at <= until);
  };
  const included = new Set([start, ...dates]);
  for (const at of series.include.flatMap(named)) included.add(at);
  const excluded = new Set(series.exclude.flatMap(named));
  const isExcluded = (at: number): boolean =>
    exceptTimes.has(at) ||
    excluded.has(at) ||
    (exceptDays.size > 0 && exceptDays.has(Math.floor((at + zone.offsetAt(at)) / DAY)));
  const starts = [...included].filter((at) => at >= window.from && at < window.before && !isExcluded(at));
  const { exceeded } = budget;
  return {
    starts: starts.toSorted((a, b) => a - b),
    ...(exceeded !== undefined && { incomplete: exceeded }),
  };
}

/** Returns the earliest or latest local time that a moment may have if clocks change around it. */
const localBound = (zone: Zone, at: number, choose: (...values: number[]) => number): number =>
  at + choose(zone.offsetAt(at - DAY), zone.offsetAt(at), zone.offsetAt(at + DAY));

/**
 * Returns the start of the last occurrence of a series (Unix ms), or a later moment if that takes too long to find; undefined if the
 * series has no end.
 */
export function lastStartOf(series: ReadSeries): number | undefined {
  const { start, zone, dates, include } = series;
  const local = start + zone.offsetAt(start);
  const budget: Budget = { work: WORK };
  const lasts = include.map(({ rule, until }) => {
    if (rule.count === undefined) return until;
    const last = lastCounted(rule, local, LATEST, budget);
    return budget.exceeded !== undefined
      ? until
      : Math.min(until, last === undefined ? start : zone.momentOf(last));
  });
  const latest = [start, ...dates, ...lasts].reduce((a, b) => Math.max(a, b));
  if (latest >= LATEST) return undefined;
  for (const days of [1 / 24, 1, 40, 400, 4000, Number.POSITIVE_INFINITY]) {
    const { starts, incomplete } = startsOf(series, latest - days * DAY, latest + 1);
    if (incomplete !== undefined) return latest;
    const last = starts.at(-1);
    if (last !== undefined) return last;
  }
  return start;
}
