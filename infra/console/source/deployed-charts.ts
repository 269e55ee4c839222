/** Charts of a deployed project, from Cloud Monitoring: its metrics of Google Calendar's API, and those of infra/terraform. */
import { allowanceText, MINUTE, minutesUntil, type Chart } from '../model/chart.ts';
import { OUTCOME_TONES } from './charts.ts';
import { notKnownOf, type ReadSeries, type SeriesAnswer, type TimeSeries } from './monitoring.ts';
import { outcomeOf, OUTCOMES } from './tallies.ts';

/** A log-based metric of `infra/terraform/metrics.json`. */
const ofLogs = (name: string): string =>
  `metric.type = "logging.googleapis.com/user/calendar_mirror/${name}" AND resource.type = "cloud_run_revision"`;
const REQUESTS =
  'metric.type = "serviceruntime.googleapis.com/api/request_count" AND resource.type = "consumed_api" AND resource.labels.service = "calendar-json.googleapis.com"';
const DAY_SECONDS = 86_400;

type Combine = (values: readonly number[]) => number;
const sum: Combine = (values) => values.reduce((a, b) => a + b, 0);
const mean: Combine = (values) => sum(values) / values.length;
const most: Combine = (values) => Math.max(...values);

/** Returns one value for each minute: what `combine` makes of the points of all series in it; null without any. */
function byMinute(
  series: readonly TimeSeries[],
  starts: readonly number[],
  combine: Combine,
): readonly (number | null)[] {
  const points = Map.groupBy(
    series.flatMap((each) => each.points),
    // A point is known by the end of its minute.
    ({ at }) => Math.floor((at - 1) / MINUTE) * MINUTE,
  );
  return starts.map((start) => {
    const values = points.get(start)?.map(({ value }) => value);
    return values === undefined ? null : combine(values);
  });
}

const seriesOf = (answer: SeriesAnswer): readonly TimeSeries[] => (answer.known ? answer.series : []);

/** Reads the charts of the last minutes. If the changes cannot be read, the chart is that of the changes the console has counted. */
export async function deployedCharts(
  read: ReadSeries,
  now: number,
  minutes: number,
  counted: Chart,
): Promise<readonly Chart[]> {
  const at = minutesUntil(now, minutes);
  const to = Math.floor(now / MINUTE) * MINUTE;
  const span = { from: to - minutes * MINUTE, to };
  const each = (filter: string, aligner: string) =>
    read({ filter, ...span, aligned: { seconds: 60, aligner } });
  const [p50, p99, changes, calls, day] = await Promise.all([
    each(ofLogs('sync_latency'), 'ALIGN_PERCENTILE_50'),
    each(ofLogs('sync_latency'), 'ALIGN_PERCENTILE_99'),
    each(ofLogs('sync_changes'), 'ALIGN_DELTA'),
    each(REQUESTS, 'ALIGN_DELTA'),
    read({
      filter: REQUESTS,
      from: to - DAY_SECONDS * 1000,
      to,
      aligned: { seconds: DAY_SECONDS, aligner: 'ALIGN_DELTA' },
    }),
  ]);
  const x = { kind: 'times', at } as const;
  const found = byMinute(seriesOf(changes), at, sum);
  const ofDay = sum(seriesOf(day).flatMap(({ points }) => points.map(({ value }) => value)));
  return [
    {
      id: 'latency',
      title: 'From notification to mirror',
      unit: 'ms',
      x,
      shape: 'lines',
      series: [
        { label: 'p50', tone: 'accent', values: byMinute(seriesOf(p50), at, mean) },
        { label: 'p99', tone: 'warn', values: byMinute(seriesOf(p99), at, most) },
      ],
      note: 'From publishing a notification to the end of its sync. When it was edited, Google does not say.',
      notKnown: notKnownOf(p50, p99),
    },
    changes.known
      ? {
          ...counted,
          series: [{ label: 'changes', tone: 'accent', values: found }],
          note: `${sum(found.map((value) => value ?? 0))} changes in the last ${String(minutes)} minutes`,
        }
      : counted,
    {
      id: 'calls',
      title: 'Calls to Google by outcome, a minute',
      unit: null,
      x,
      shape: 'lines',
      series: OUTCOMES.map((outcome) => ({
        label: outcome,
        tone: OUTCOME_TONES[outcome],
        values: byMinute(
          seriesOf(calls).filter(({ labels }) => outcomeOf(statusOf(labels), undefined) === outcome),
          at,
          sum,
        ),
      })),
      note: allowanceText(ofDay, 'in the last 24 hours'),
      notKnown: notKnownOf(calls, day),
    },
  ];
}

/** The metric says no more of an error than its status: a 403 may mean rate limits as well as missing access. */
const statusOf = (labels: Readonly<Record<string, string>>): number => Number(labels['response_code'] ?? 0);
