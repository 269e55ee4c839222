/** Charts as the page draws them. Shared by the server and the page; pure. */
import { count } from './count.ts';
import type { NotKnown } from './subscription.ts';

/** Names of colours of the page. */
type Tone = 'accent' | 'good' | 'warn' | 'danger';

interface ChartSeries {
  readonly label: string;
  readonly tone: Tone;
  /** One for each x; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface Chart {
  readonly id: 'latency' | 'changes' | 'calls' | 'channels' | 'moments';
  readonly title: string;
  /** Such as `ms`; null for a number of what the title names. */
  readonly unit: string | null;
  /** What the values belong to: times (Unix ms), or names. */
  readonly x:
    | { readonly kind: 'times'; readonly at: readonly number[] }
    | { readonly kind: 'names'; readonly names: readonly string[] };
  readonly shape: 'lines' | 'bars';
  readonly series: readonly ChartSeries[];
  /** What the chart says in words. */
  readonly note: string;
  /** Why it cannot be known; null if it is. */
  readonly notKnown: NotKnown | null;
}

export interface ChartList {
  readonly charts: readonly Chart[];
  /** After how long there is something new, ms. */
  readonly refreshMs: number;
}

export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Calls a day that Google allows a project: https://developers.google.com/workspace/calendar/api/guides/quota */
const DAILY_CALLS = 1_000_000;

/** Returns the starts of so many minutes, the present one last. */
export function minutesUntil(now: number, minutes: number): readonly number[] {
  const last = Math.floor(now / MINUTE) * MINUTE;
  return Array.from({ length: minutes }, (_, index) => last - (minutes - 1 - index) * MINUTE);
}

/** Returns the value below which a share of the values lies (nearest rank); null without values. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** Returns a share of the daily allowance in words. */
export const allowanceText = (calls: number, since: string): string =>
  `${calls.toLocaleString('en')} calls ${since}: ${((calls / DAILY_CALLS) * 100).toLocaleString('en', { maximumFractionDigits: 3 })} % of the ${DAILY_CALLS.toLocaleString('en')} that Google allows a day`;

const LIVES = [
  ['expired', 0],
  ['< 1 h', HOUR],
  ['1–6 h', 6 * HOUR],
  ['6–24 h', DAY],
  ['1–2 d', 2 * DAY],
  ['2–4 d', 4 * DAY],
  ['4–7 d', 7 * DAY],
  ['> 7 d', Number.POSITIVE_INFINITY],
] as const;

/** Returns the number of channels by remaining lifetime. */
export function channelChart(expiries: readonly number[], now: number): Chart {
  const counts = LIVES.map(() => 0);
  for (const expiresAt of expiries) {
    const index = LIVES.findIndex(([, most]) => expiresAt - now <= most);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const [expired = 0, soon = 0] = counts;
  const parts = [count(expiries.length, 'channel'), `${expired} expired`, `${soon} end within the hour`];
  return {
    id: 'channels',
    title: 'Channels by remaining life',
    unit: null,
    x: { kind: 'names', names: LIVES.map(([name]) => name) },
    shape: 'bars',
    series: [{ label: 'channels', tone: 'accent', values: counts }],
    note: parts.join(', '),
    notKnown: null,
  };
}

/** Returns how many moments are due in each of the next 24 hours. */
export function momentChart(dueAts: readonly number[], now: number, note: string | null): Chart {
  const first = Math.floor(now / HOUR) * HOUR;
  const counts = Array.from({ length: 25 }, () => 0);
  for (const dueAt of dueAts) {
    const index = Math.floor((dueAt - first) / HOUR);
    if (index in counts) counts[index] = (counts[index] ?? 0) + 1;
  }
  return {
    id: 'moments',
    title: 'Clock moments due in the next day',
    unit: null,
    x: { kind: 'times', at: counts.map((_, index) => first + index * HOUR) },
    shape: 'bars',
    series: [{ label: 'moments', tone: 'accent', values: counts }],
    note: note ?? `${count(dueAts.length, 'moment')} in the next 24 hours`,
    notKnown: null,
  };
}
