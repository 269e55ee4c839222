/** The charts whose numbers the console counts itself: of the cloud on this machine, and changes everywhere. Pure. */
import { allowanceText, minutesUntil, percentile, type Chart } from '../model/chart.ts';
import { OUTCOMES, type Tallies } from './tallies.ts';

const SHAPE = { shape: 'lines', notKnown: null } as const;
/** The colours of the outcomes. */
export const OUTCOME_TONES = { answered: 'good', 'over quota': 'warn', failed: 'danger' } as const;

/** Formats milliseconds. */
const ms = (value: number | null): string => (value === null ? '–' : `${Math.round(value)} ms`);

/** Returns how long changes took from their edit to the feed, by minute. */
export function latencyChart(tallies: Tallies, now: number, minutes: number): Chart {
  const at = minutesUntil(now, minutes);
  const byMinute = at.map((start) => tallies.find(start)?.latencies ?? []);
  const all = byMinute.flat();
  return {
    ...SHAPE,
    id: 'latency',
    title: 'From edit to feed',
    unit: 'ms',
    x: { kind: 'times', at },
    series: [
      { label: 'p50', tone: 'accent', values: byMinute.map((each) => percentile(each, 0.5)) },
      { label: 'p99', tone: 'warn', values: byMinute.map((each) => percentile(each, 0.99)) },
    ],
    note:
      all.length === 0
        ? 'No edit has been timed yet'
        : `${all.length} changes: p50 ${ms(percentile(all, 0.5))}, p99 ${ms(percentile(all, 0.99))}`,
  };
}

/** Returns how many changes arrived on the feed, by minute. */
export function changeChart(tallies: Tallies, now: number, minutes: number): Chart {
  const at = minutesUntil(now, minutes);
  const values = at.map((start) => tallies.find(start)?.changes ?? 0);
  const sum = values.reduce((a, b) => a + b, 0);
  return {
    ...SHAPE,
    id: 'changes',
    title: 'Changes a minute',
    unit: null,
    x: { kind: 'times', at },
    series: [{ label: 'changes', tone: 'accent', values }],
    note: `${sum} changes in the last ${minutes} minutes, counted since the console was started`,
  };
}

/** Returns the calls to Google by outcome and minute. */
export function callChart(tallies: Tallies, now: number, minutes: number): Chart {
  const at = minutesUntil(now, minutes);
  return {
    ...SHAPE,
    id: 'calls',
    title: 'Calls to Google by outcome, a minute',
    unit: null,
    x: { kind: 'times', at },
    series: OUTCOMES.map((outcome) => ({
      label: outcome,
      tone: OUTCOME_TONES[outcome],
      values: at.map((start) => tallies.find(start)?.calls[outcome] ?? 0),
    })),
    note: allowanceText(tallies.calls(), 'since the console was started'),
  };
}
