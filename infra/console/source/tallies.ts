/** Numbers by minute: changes with how long each took, and calls to Google. Bounded; pure: times are given. */
import { MINUTE } from '../model/chart.ts';

export const OUTCOMES = ['answered', 'over quota', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

interface Minute {
  changes: number;
  /** From edit to feed, ms. */
  readonly latencies: number[];
  readonly calls: Record<Outcome, number>;
}

/** Minutes that are kept. */
const KEPT = 24 * 60;
/** Latencies that are kept of each minute: enough for its 99th percentile. */
const LATENCIES = 1_000;

export type Tallies = ReturnType<typeof createTallies>;

/** Returns empty tallies. */
export function createTallies() {
  const minutes = new Map<number, Minute>();

  function minuteOf(at: number): Minute {
    const start = Math.floor(at / MINUTE) * MINUTE;
    const minute = minutes.get(start) ?? {
      changes: 0,
      latencies: [],
      calls: { answered: 0, 'over quota': 0, failed: 0 },
    };
    minutes.set(start, minute);
    if (minutes.size > KEPT) minutes.delete(minutes.keys().next().value ?? 0);
    return minute;
  }

  return {
    /** Counts a change that arrived on the feed; `latency` from its edit, if that is known. */
    change(at: number, latency: number | undefined): void {
      const minute = minuteOf(at);
      minute.changes += 1;
      if (latency !== undefined && minute.latencies.length < LATENCIES) minute.latencies.push(latency);
    },
    /** Counts a call to Google. */
    call(at: number, outcome: Outcome): void {
      minuteOf(at).calls[outcome] += 1;
    },
    /** Returns the numbers of the minute that starts at a time; undefined if nothing happened. */
    find: (start: number): Readonly<Minute> | undefined => minutes.get(start),
    /** All calls of the minutes that are kept. */
    calls: (): number =>
      [...minutes.values()].reduce(
        (sum, { calls }) => sum + OUTCOMES.reduce((all, outcome) => all + calls[outcome], 0),
        0,
      ),
  };
}

/** Rejections for rate limits: https://developers.google.com/workspace/calendar/api/guides/errors */
const OVER_QUOTA = /rateLimitExceeded|quotaExceeded|dailyLimitExceeded/i;

/** Returns the outcome of a call by its HTTP status (0: no answer) and the reason in Google's error body. */
export function outcomeOf(status: number, reason: string | undefined): Outcome {
  if (status === 429 || (status === 403 && OVER_QUOTA.test(reason ?? ''))) return 'over quota';
  return status >= 200 && status < 400 ? 'answered' : 'failed';
}
