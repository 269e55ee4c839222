/** Cloud Monitoring, where it may be read: https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list */
import * as z from 'zod';

import { createAmbient } from '../../../functions/calendar/auth/adc.ts';
import { createCloudApi, type CloudApi } from '../../cli/doctor/cloud-api.ts';
import type { Session } from '../../cli/session.ts';
import type { NotKnown } from '../model/subscription.ts';

/** 64-bit integers are strings in JSON. */
const number = z.coerce.number();
const pointSchema = z.object({
  interval: z.object({ endTime: z.string() }),
  value: z.object({
    int64Value: number.optional(),
    doubleValue: number.optional(),
    distributionValue: z.object({ count: number.optional(), mean: number.optional() }).optional(),
  }),
});
const labels = z.object({ labels: z.record(z.string(), z.string()).default({}) });
const pageSchema = z.object({
  timeSeries: z
    .array(z.object({ metric: labels, resource: labels, points: z.array(pointSchema).default([]) }))
    .default([]),
});

/** One time series. */
export interface TimeSeries {
  /** Of the metric and of the resource. */
  readonly labels: Readonly<Record<string, string>>;
  /** The latest first. A distribution counts as the sum of its values. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

export interface SeriesQuestion {
  /** https://cloud.google.com/monitoring/api/v3/filters */
  readonly filter: string;
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
  /** Points of this length, each with what the aligner makes of them; without it, the points as they were written. */
  readonly aligned?: { readonly seconds: number; readonly aligner: string };
}

export type SeriesAnswer =
  | { readonly known: true; readonly series: readonly TimeSeries[] }
  | ({ readonly known: false } & NotKnown);

/** Returns why the first of the answers that are missing is not known; null if all are known. */
export function notKnownOf(...answers: readonly SeriesAnswer[]): NotKnown | null {
  const failed = answers.find((answer) => !answer.known);
  return failed === undefined ? null : { because: failed.because, fix: failed.fix };
}

/** Reads time series. */
export type ReadSeries = (question: SeriesQuestion) => Promise<SeriesAnswer>;

/** Returns what reads the time series of a project. */
export const createReadSeries =
  (api: CloudApi, project: string): ReadSeries =>
  async ({ filter, from, to, aligned }) => {
    const { monitoring } = await import('googleapis/build/src/apis/monitoring/index.js');
    const result = await api.list('monitoring', pageSchema, (options, pageToken) =>
      monitoring('v3').projects.timeSeries.list(
        {
          name: `projects/${project}`,
          filter,
          'interval.startTime': new Date(from).toISOString(),
          'interval.endTime': new Date(to).toISOString(),
          ...(aligned === undefined
            ? {}
            : {
                'aggregation.alignmentPeriod': `${String(aligned.seconds)}s`,
                'aggregation.perSeriesAligner': aligned.aligner,
              }),
          ...(pageToken === undefined ? {} : { pageToken }),
        },
        options,
      ),
    );
    if (result.state === 'missing') return { known: true, series: [] };
    if (result.state === 'unknown') {
      return { known: false, because: `Cloud Monitoring: ${result.because}`, fix: result.fix ?? null };
    }
    const series = result.value.flatMap(({ timeSeries }) => timeSeries);
    return {
      known: true,
      series: series.map(({ metric, resource, points }) => ({
        labels: { ...resource.labels, ...metric.labels },
        points: points.map(({ interval, value }) => ({
          at: Date.parse(interval.endTime),
          value: valueOf(value),
        })),
      })),
    };
  };

function valueOf({
  int64Value,
  doubleValue,
  distributionValue,
}: z.infer<typeof pointSchema>['value']): number {
  const { count = 0, mean = 0 } = distributionValue ?? {};
  return int64Value ?? doubleValue ?? count * mean;
}

/** Returns what reads the time series of a session's project. The emulators have none. */
export function readSeriesOf({ config }: Pick<Session, 'config'>): ReadSeries {
  const { PUBSUB_EMULATOR_HOST, CLOUD_API_ROOT_URL, GOOGLE_CLOUD_PROJECT } = config;
  if (PUBSUB_EMULATOR_HOST !== undefined && CLOUD_API_ROOT_URL === undefined) {
    return () =>
      Promise.resolve({ known: false, because: 'the emulators have no Cloud Monitoring', fix: null });
  }
  const { token } = createAmbient();
  return createReadSeries(
    createCloudApi(CLOUD_API_ROOT_URL, GOOGLE_CLOUD_PROJECT, token),
    GOOGLE_CLOUD_PROJECT,
  );
}
