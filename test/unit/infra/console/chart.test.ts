/** The console's charts: their numbers and words. */
import { describe, expect, test } from 'vitest';
import {
  allowanceText,
  channelChart,
  MINUTE,
  minutesUntil,
  momentChart,
  percentile,
} from '../../../../infra/console/model/chart.ts';
import { callChart, changeChart, latencyChart } from '../../../../infra/console/source/charts.ts';
import { deployedCharts } from '../../../../infra/console/source/deployed-charts.ts';
import type { ReadSeries, SeriesQuestion, TimeSeries } from '../../../../infra/console/source/monitoring.ts';
import { createTallies, outcomeOf } from '../../../../infra/console/source/tallies.ts';

const NOW = Date.parse('2030-01-01T12:00:30Z');
const HOUR = 60 * MINUTE;

test('a percentile is the nearest rank', () => {
  expect([percentile([], 0.5), percentile([7], 0.99)]).toEqual([null, 7]);
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)]).toEqual([50, 99, 100]);
});

test('minutes end with the present one', () => {
  expect(minutesUntil(NOW, 2).map((at) => new Date(at).toISOString())).toEqual([
    '2030-01-01T11:59:00.000Z',
    '2030-01-01T12:00:00.000Z',
  ]);
});

test.each([
  [200, undefined, 'answered'],
  [304, undefined, 'answered'],
  [403, 'rateLimitExceeded', 'over quota'],
  [403, 'userRateLimitExceeded', 'over quota'],
  [429, undefined, 'over quota'],
  [403, 'forbidden', 'failed'],
  [410, 'fullSyncRequired', 'failed'],
  [500, undefined, 'failed'],
  [0, undefined, 'failed'],
] as const)('a call that Google answers with %s %s counts as %s', (status, reason, outcome) => {
  expect(outcomeOf(status, reason)).toBe(outcome);
});

describe('what the console counts', () => {
  const tallies = createTallies();
  tallies.change(NOW - MINUTE, 100);
  tallies.change(NOW - MINUTE, 300);
  tallies.change(NOW, undefined);
  tallies.change(NOW - 10 * MINUTE, 9_000);
  tallies.call(NOW, 'answered');
  tallies.call(NOW, 'answered');
  tallies.call(NOW, 'over quota');

  test('has latencies by minute, without those that are not known', () => {
    const { series, note } = latencyChart(tallies, NOW, 3);
    expect(series.map(({ label, values }) => [label, values])).toEqual([
      ['p50', [null, 100, null]],
      ['p99', [null, 300, null]],
    ]);
    expect(note).toBe('2 changes: p50 100 ms, p99 300 ms');
  });

  test('has changes by minute', () => {
    const { series, note } = changeChart(tallies, NOW, 3);
    expect(series.map(({ values }) => values)).toEqual([[0, 2, 1]]);
    expect(note).toBe('3 changes in the last 3 minutes, counted since the console was started');
  });

  test('has calls by outcome, and their share of the allowance', () => {
    const { series, note } = callChart(tallies, NOW, 2);
    expect(Object.fromEntries(series.map(({ label, values }) => [label, values]))).toEqual({
      answered: [0, 2],
      'over quota': [0, 1],
      failed: [0, 0],
    });
    expect(note).toMatch(/^3 calls since the console was started: 0 % of the 1,000,000/);
  });

  test('is bounded to a day', () => {
    const long = createTallies();
    for (let minute = 0; minute < 2_000; minute += 1) long.change(minute * MINUTE, 1);
    expect([long.find(0), long.find(1_999 * MINUTE)?.changes]).toEqual([undefined, 1]);
  });
});

test('the share of the allowance is told in words', () => {
  expect(allowanceText(25_000, 'in the last 24 hours')).toBe(
    '25,000 calls in the last 24 hours: 2.5 % of the 1,000,000 that Google allows a day',
  );
});

test('channels are counted by what is left of them', () => {
  const left = [-1, 30 * MINUTE, 2 * HOUR, 100 * HOUR, 1_000 * HOUR];
  const { x, series, note } = channelChart(
    left.map((ms) => NOW + ms),
    NOW,
  );
  const names = x.kind === 'names' ? x.names : [];
  expect(Object.fromEntries(names.map((name, index) => [name, series[0]?.values[index]]))).toMatchObject({
    expired: 1,
    '< 1 h': 1,
    '1–6 h': 1,
    '6–24 h': 0,
    '4–7 d': 1,
    '> 7 d': 1,
  });
  expect(note).toBe('5 channels, 1 expired, 1 end within the hour');
});

test('moments are counted by hour, and later ones are left out', () => {
  const { series, note } = momentChart([NOW + 1, NOW + HOUR, NOW + HOUR + 1, NOW + 48 * HOUR], NOW, null);
  expect(series[0]?.values.slice(0, 3)).toEqual([1, 2, 0]);
  expect(note).toBe('4 moments in the next 24 hours');
});

/** Answers each question with these series. */
const answers =
  (of: (question: SeriesQuestion) => readonly TimeSeries[]): ReadSeries =>
  (question) =>
    Promise.resolve({ known: true, series: of(question) });

describe('from Cloud Monitoring', () => {
  const counted = changeChart(createTallies(), NOW, 3);
  const point = (minutesAgo: number, value: number) => ({
    at: Math.floor(NOW / MINUTE) * MINUTE - minutesAgo * MINUTE,
    value,
  });

  test('each metric becomes a chart of its minutes', async () => {
    const read = answers(({ filter, aligned }) => {
      if (aligned?.seconds === 86_400) return [{ labels: {}, points: [point(0, 50_000)] }];
      if (filter.includes('sync_latency')) {
        const p99 = aligned?.aligner === 'ALIGN_PERCENTILE_99';
        return [10, 30].map((value) => ({ labels: {}, points: [point(0, p99 ? value * 10 : value)] }));
      }
      if (filter.includes('sync_changes')) return [{ labels: {}, points: [point(1, 4), point(0, 5)] }];
      return [
        { labels: { response_code: '200' }, points: [point(0, 60)] },
        { labels: { response_code: '429' }, points: [point(0, 2)] },
        { labels: { response_code: '500' }, points: [point(1, 1)] },
      ];
    });
    const charts = await deployedCharts(read, NOW, 3, counted);
    expect(
      charts.map(({ id, series, notKnown }) => [id, notKnown, ...series.map(({ values }) => values)]),
    ).toEqual([
      ['latency', null, [null, 20, null], [null, 300, null]],
      ['changes', null, [4, 5, null]],
      ['calls', null, [null, 60, null], [null, 2, null], [1, null, null]],
    ]);
    expect(charts[2]?.note).toContain('50,000 calls in the last 24 hours: 5 %');
  });

  test('what it may not be asked is not known, but the changes that the console has seen', async () => {
    const problem = { because: 'Cloud Monitoring: access denied', fix: 'ask for roles/viewer in p' };
    const charts = await deployedCharts(() => Promise.resolve({ known: false, ...problem }), NOW, 3, counted);
    expect(charts.map(({ notKnown }) => notKnown)).toEqual([problem, null, problem]);
    expect(charts[1]).toEqual(counted);
  });
});
