/** Log-based metrics, dashboard and alerts use only metrics, labels and values that exist. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../../functions/runtime/metrics.ts';
import { readConfiguration } from '../../../support/terraform/configuration.ts';
import { ofType } from '../../../support/terraform/deployed.ts';
import { filterOf, logMetricsOf } from '../../../support/terraform/log-metrics.ts';
import { MODULE, PLAIN } from '../../../support/terraform/module.ts';
import { alertsOf, chartsOf } from '../../../support/terraform/monitoring.ts';
import { planOf } from '../../../support/terraform/plan.ts';

const plan = planOf(await readConfiguration(MODULE), PLAIN);
const metrics = logMetricsOf(plan);

const measures = new Map<
  string,
  { readonly labels: ReadonlyMap<string, readonly string[]>; readonly numbers: readonly string[] }
>(
  Object.entries(METRICS).map(([name, { labels, values, maybe }]) => [
    name,
    { labels: new Map(Object.entries(labels)), numbers: [...values, ...maybe] },
  ]),
);

/** The metrics of Google Cloud that are used, each with its resource type and the labels of both. */
const GOOGLES: Readonly<Record<string, readonly [resource: string, labels: readonly string[]]>> = {
  'pubsub.googleapis.com/subscription/num_undelivered_messages': ['pubsub_subscription', ['subscription_id']],
  'pubsub.googleapis.com/subscription/oldest_unacked_message_age': [
    'pubsub_subscription',
    ['subscription_id'],
  ],
  'run.googleapis.com/container/instance_count': ['cloud_run_revision', ['service_name', 'state']],
  'run.googleapis.com/request_count': [
    'cloud_run_revision',
    ['service_name', 'response_code', 'response_code_class'],
  ],
  'serviceruntime.googleapis.com/api/request_count': ['consumed_api', ['service', 'method', 'response_code']],
  'serviceruntime.googleapis.com/quota/rate/net_usage': [
    'consumer_quota',
    ['service', 'method', 'quota_metric'],
  ],
};

const alerts = alertsOf(plan);

/** Every query to Cloud Monitoring: its filter, aligner and grouping. */
const queries = [
  ...alerts.flatMap(
    ({ display_name: title, conditions: [{ condition_threshold: over, condition_absent: none }] }) =>
      [...over, ...none].map(
        ({ filter, aggregations: [{ group_by_fields: by, per_series_aligner: aligner }] }) => ({
          title,
          filter,
          aligner,
          by,
        }),
      ),
  ),
  ...chartsOf(plan).flatMap(({ title, xyChart: { dataSets } }) =>
    dataSets.flatMap(({ timeSeriesQuery: asked }) => {
      if (!('timeSeriesFilter' in asked)) return [];
      const { filter, aggregation: by } = asked.timeSeriesFilter;
      return [{ title, filter, aligner: by.perSeriesAligner, by: by.groupByFields }];
    }),
  ),
];

describe.each(metrics)('the metric $type', (metric) => {
  test('uses only fields of the log entries that it counts', () => {
    expect(metric.measures).not.toEqual([]);
    for (const name of metric.measures) {
      const { labels, numbers } = measures.get(name) ?? { labels: new Map(), numbers: [] };
      expect(['metric', ...labels.keys(), ...numbers]).toEqual(expect.arrayContaining(metric.fields));
      // Labels are extracted from labels only, not from numbers.
      expect(['metric', ...labels.keys()]).toEqual(expect.arrayContaining(Object.keys(metric.labels)));
    }
  });

  test('declares its labels, and is a distribution if it has a value', () => {
    expect(metric.declared.toSorted()).toEqual(Object.keys(metric.labels).toSorted());
    expect(metric.valueType).toBe(metric.hasValue ? 'DISTRIBUTION' : 'INT64');
  });

  test('is on the dashboard or in an alert', () => {
    expect(queries.some(({ filter }) => filter.startsWith(`metric.type="${metric.type}" `))).toBe(true);
  });
});

test.each([...measures])(
  'every field of the log entries %s is used by a metric',
  (name, { labels, numbers }) => {
    const used = new Set(
      metrics.filter((metric) => metric.measures.includes(name)).flatMap(({ fields }) => fields),
    );
    expect([...labels.keys(), ...numbers].filter((field) => !used.has(field))).toEqual([]);
  },
);

describe.each(queries)('$title', ({ filter, by }) => {
  const type = /^metric\.type="([^"]+)" AND resource\.type="/.exec(filter)?.[1] ?? '';
  const resource = / AND resource\.type="(\w+)"/.exec(filter)?.[1];
  const own = metrics.find((metric) => metric.type === type);

  test('queries a metric and labels that exist', () => {
    const asked = [filter, ...by].flatMap((text) =>
      [...text.matchAll(/(?:metric|resource)\.labels\.(\w+)/g)].map(([, label = '']) => label),
    );
    const [of, labels] = own ? ['cloud_run_revision', Object.keys(own.labels)] : (GOOGLES[type] ?? []);
    expect(resource).toBe(of);
    expect(labels).toEqual(expect.arrayContaining(asked));
    expect(by.every((field) => /^(metric|resource)\.labels\.\w+$/.test(field))).toBe(true);
  });

  test('filters by values that its labels can have', () => {
    for (const [, label = '', one, several = ''] of filter.matchAll(
      /metric\.labels\.(\w+)=(?:"([^"]+)"|one_of\(([^)]+)\))/g,
    )) {
      if (!own) continue;
      const wanted =
        one === undefined ? [...several.matchAll(/"([^"]+)"/g)].map(([, value]) => value) : [one];
      expect(wanted).not.toEqual([]);
      for (const name of own.measures)
        expect(measures.get(name)?.labels.get(label)).toEqual(expect.arrayContaining(wanted));
    }
  });

  test('names subscriptions and functions that are deployed', () => {
    const deployed = [
      ...ofType(plan, 'google_pubsub_subscription'),
      ...ofType(plan, 'google_cloudfunctions2_function'),
    ].map(({ values }) => values['name']);
    const named = [...filter.matchAll(/"(calendar-(?!json)[\w-]+)"/g)].map(([, name]) => name);
    expect(deployed).toEqual(expect.arrayContaining(named));
  });
});

describe.each(alerts)('the alert $display_name', ({ documentation: [{ content }] }) => {
  test('says what it means and what to do', () => {
    expect(content).toMatch(/^\*\*What it means\.\*\* .+\n\n\*\*What to do\.\*\*\n\n1\. .+\n(?:\d\. .+\n)+$/);
  });

  test('names fields that log entries have', () => {
    const known = new Set([
      'metric',
      ...[...measures.values()].flatMap(({ labels, numbers }) => [...labels.keys(), ...numbers]),
    ]);
    const named = [...content.matchAll(/jsonPayload\.(\w+)/g)].map(([, field = '']) => field);
    expect(named.filter((field) => !known.has(field))).toEqual([]);
  });
});

test('percentiles are queried of distributions only, and sums of counts only', () => {
  const isPercentile = new Map(
    queries.map(({ filter, aligner }) => [filter, aligner.startsWith('ALIGN_PERCENTILE')] as const),
  );
  for (const { type, valueType } of metrics) {
    const asked = [...isPercentile].filter(([filter]) => filter.startsWith(`metric.type="${type}" `));
    expect(asked.map(([, is]) => is)).toEqual(asked.map(() => valueType === 'DISTRIBUTION'));
  }
});

test('every document belongs to an alert', () => {
  expect(readdirSync(`${MODULE}alerts`)).toHaveLength(alerts.length);
});

const runOf = (type: string, name: string) => ({
  resource: { type, labels: { service_name: name } },
  jsonPayload: { metric: 'renew' },
});

test('metrics count log entries of the functions only', () => {
  const runs = metrics.find(({ type }) => type.endsWith('/renew_runs'));
  expect(runs?.matches(runOf('cloud_run_revision', 'calendar-renew'))).toBe(true);
  expect(runs?.matches(runOf('cloud_run_revision', 'another'))).toBe(false);
  expect(runs?.matches(runOf('gce_instance', 'calendar-renew'))).toBe(false);
});

test.each([
  ['a="x"', { a: 'x' }, true],
  ['a="x"', {}, false],
  ['a.b=("x" OR "y")', { a: { b: 'y' } }, true],
  ['a.b=("x" OR "y")', { a: { b: 'z' } }, false],
  ['a>=0 AND b>1', { a: 0, b: 2 }, true],
  ['a>=0 AND b>1', { a: 0, b: 1 }, false],
  ['a>=0', { a: '5' }, false],
])('the filter %s on %j: %s', (filter, entry, expected) => {
  expect(filterOf(filter)(entry)).toBe(expected);
});
