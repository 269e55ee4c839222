import * as z from 'zod';
import { ofType } from './deployed.ts';
import type { Plan } from './plan.ts';

/** The log-based metrics of a plan, applied to log entries as Cloud Logging does. */

/** The part of a log entry that filters read. */
export type Entry = Readonly<Record<string, unknown>>;

type Matches = (entry: Entry) => boolean;

const extractors = z.record(z.string(), z.string());
const planned = z.object({
  name: z.string(),
  filter: z.string(),
  label_extractors: extractors,
  value_extractor: z.string().nullish(),
  metric_descriptor: z.tuple([
    z.object({
      value_type: z.enum(['INT64', 'DISTRIBUTION']),
      labels: z.array(z.object({ key: z.string() })).default([]),
    }),
  ]),
});

const map = z.record(z.string(), z.unknown());

function at(entry: Entry, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, step) => (map.safeParse(value).success ? map.parse(value)[step] : undefined),
      entry,
    );
}

const literal = (text: string): string | number => z.union([z.string(), z.number()]).parse(JSON.parse(text));

/** Parses one comparison: `path="text"`, `path>=1`, or `path=("one" OR "two")`. A missing field matches nothing. */
function comparison(text: string): Matches {
  const [, path = '', operator = '', operand = ''] = /^([\w.]+)(>=|=|>)(.+)$/.exec(text) ?? [];
  if (path === '') throw new Error(`cannot read the comparison ${text}`);
  const [, list] = /^\((.+)\)$/.exec(operand) ?? [];
  const wanted = (list?.split(' OR ') ?? [operand]).map((each) => literal(each));
  return (entry) => {
    const value = at(entry, path);
    return wanted.some((each) => {
      if (operator === '=') return value === each;
      return typeof value === 'number' && (operator === '>' ? value > Number(each) : value >= Number(each));
    });
  };
}

/**
 * Parses a filter in Cloud Logging's language, as far as the module uses it: comparisons joined by AND.
 * @see https://cloud.google.com/logging/docs/view/logging-query-language
 */
export function filterOf(text: string): Matches {
  const all = text.split(' AND ').map((each) => comparison(each));
  return (entry) => all.every((matches) => matches(entry));
}

function pathOf(extractor: string): string {
  const [, path] = /^EXTRACT\(([\w.]+)\)$/.exec(extractor) ?? [];
  if (path === undefined) throw new Error(`cannot read the extractor ${extractor}`);
  return path;
}

const PAYLOAD = /jsonPayload\.(\w+)/g;

export const logMetricsOf = (plan: Plan) =>
  ofType(plan, 'google_logging_metric').map(({ values }) => {
    const metric = planned.parse(values);
    const {
      filter,
      label_extractors: labels,
      value_extractor: value,
      metric_descriptor: [descriptor],
    } = metric;
    return {
      type: `logging.googleapis.com/user/${metric.name}`,
      valueType: descriptor.value_type,
      declared: descriptor.labels.map(({ key }) => key),
      /** The payload fields that it reads. */
      fields: [filter, value ?? '', ...Object.values(labels)].flatMap((text) =>
        [...text.matchAll(PAYLOAD)].map(([, field = '']) => field),
      ),
      /** The metrics in log entries that it counts. */
      measures: [...filter.matchAll(/jsonPayload\.metric=(\("[^)]+"\)|"\w+")/g)].flatMap(([, names = '']) =>
        [...names.matchAll(/"(\w+)"/g)].map(([, name = '']) => name),
      ),
      labels,
      hasValue: typeof value === 'string',
      matches: filterOf(filter),
      /** Returns the labels and the value of a matching entry. */
      read: (entry: Entry) => ({
        labels: Object.fromEntries(
          Object.entries(labels).map(([name, extractor]) => [name, at(entry, pathOf(extractor))]),
        ),
        value: typeof value === 'string' ? at(entry, pathOf(value)) : 1,
      }),
    };
  });
