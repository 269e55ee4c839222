import * as z from 'zod';

import { parse, resourceSchema } from '../resource.ts';
import type { Route } from '../routes.ts';

/**
 * Time series of Cloud Monitoring: https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries. Each point counts as
 * one alignment period, and percentiles of a distribution are its mean: the stand-in keeps no buckets.
 */

const distributionSchema = z.looseObject({ mean: z.number() });
const pointSchema = z.looseObject({
  interval: z.looseObject({ endTime: z.string() }),
  value: z.looseObject({ distributionValue: distributionSchema.optional() }),
});
const typed = z.looseObject({ type: z.string(), labels: z.record(z.string(), z.string()).default({}) });
const seriesSchema = z.looseObject({ metric: typed, resource: typed, points: z.array(pointSchema) });
type Series = z.infer<typeof seriesSchema>;

/** `metric.type = "…"`, `resource.labels.service = "…"`: https://cloud.google.com/monitoring/api/v3/filters */
const CLAUSE = /\b(metric|resource)\.(?:labels\.(\w+)|type)\s*=\s*"([^"]*)"/g;

const matches = (series: Series, filter: string): boolean =>
  [...filter.matchAll(CLAUSE)].every(([, of, label, wanted]) => {
    const { type, labels } = of === 'metric' ? series.metric : series.resource;
    return (label === undefined ? type : labels[label]) === wanted;
  });

const alignedValue = ({ value }: z.infer<typeof pointSchema>, aligner: string) =>
  aligner.startsWith('ALIGN_PERCENTILE') && value.distributionValue
    ? { doubleValue: value.distributionValue.mean }
    : value;

export const timeSeriesRoutes: readonly Route[] = [
  {
    method: 'POST',
    pattern: 'v3/projects/{project}/timeSeries',
    handle: ({ body, cloud, ids }) => {
      for (const each of parse(z.object({ timeSeries: z.array(resourceSchema) }), body).timeSeries) {
        const name = `monitoring/projects/${ids['project'] ?? ''}/timeSeries/${String(cloud.serial())}`;
        cloud.store.insert(name, each);
      }
      return {};
    },
  },
  {
    method: 'GET',
    pattern: 'v3/projects/{project}/timeSeries',
    handle: ({ query, cloud, ids }) => {
      const [from, to] = ['interval.startTime', 'interval.endTime'].map((name) =>
        Date.parse(query.get(name) ?? ''),
      );
      const aligner = query.get('aggregation.perSeriesAligner') ?? 'ALIGN_NONE';
      const timeSeries = cloud.store
        .list(`monitoring/projects/${ids['project'] ?? ''}/timeSeries`)
        .map((stored) => parse(seriesSchema, stored))
        .filter((series) => matches(series, query.get('filter') ?? ''))
        .map((series) => ({
          ...series,
          points: series.points
            .filter(({ interval }) => {
              const end = Date.parse(interval.endTime);
              return end > (from ?? NaN) && end <= (to ?? NaN);
            })
            // "Newest first."
            .toSorted((a, b) => b.interval.endTime.localeCompare(a.interval.endTime))
            .map((point) => ({ ...point, value: alignedValue(point, aligner) })),
        }))
        .filter(({ points }) => points.length > 0);
      return parse(resourceSchema, timeSeries.length === 0 ? {} : { timeSeries });
    },
  },
];
