import * as z from 'zod';
import { ofType } from './deployed.ts';
import type { Plan } from './plan.ts';

/** The alerts and the dashboard that a plan has. */

const aggregation = z.object({
  group_by_fields: z.array(z.string()).default([]),
  per_series_aligner: z.string(),
});
const condition = z.object({
  filter: z.string(),
  threshold_value: z.number().optional(),
  aggregations: z.tuple([aggregation]),
});
const policy = z.object({
  display_name: z.string(),
  documentation: z.tuple([z.object({ content: z.string() })]),
  conditions: z.tuple([
    z.object({
      condition_threshold: z.array(condition).default([]),
      condition_absent: z.array(condition).default([]),
    }),
  ]),
});
/** Returns the alerts of a plan. */
export const alertsOf = (of: Plan) =>
  ofType(of, 'google_monitoring_alert_policy').map(({ values }) => policy.parse(values));

const timeSeriesFilter = z.object({
  filter: z.string(),
  aggregation: z.object({
    perSeriesAligner: z.string(),
    groupByFields: z.array(z.string()).nonempty().default([]),
  }),
});
const dashboard = z.object({
  gridLayout: z.object({
    widgets: z.array(
      z.object({
        title: z.string(),
        xyChart: z.object({
          dataSets: z.array(
            z.object({
              timeSeriesQuery: z.union([
                z.strictObject({ timeSeriesFilter }),
                z.strictObject({ prometheusQuery: z.string() }),
              ]),
            }),
          ),
        }),
      }),
    ),
  }),
});
/** Returns the charts on the dashboard of a plan. */
export const chartsOf = (of: Plan) =>
  ofType(of, 'google_monitoring_dashboard').flatMap(
    ({ values }) =>
      dashboard.parse(JSON.parse(z.string().parse(values['dashboard_json']))).gridLayout.widgets,
  );
