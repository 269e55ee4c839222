import * as z from 'zod';
import { ofType } from './deployed.ts';
import type { Plan } from './plan.ts';

/** Log-based metrics as a plan has them, and what Cloud Logging would make of a log entry with them. */

/** A log entry, as far as filters look at it. */
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

/** One comparison: `path="text"`, `path>=1`, or `path=("one" OR "two")`. A field that is not there matches nothing. */
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

/** What a filter of Cloud Logging's language lets through, as far as the module uses it: comparisons joined by AND. */
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
      /** Fields of the payload that it looks at in any way. */
      fields: [filter, value ?? '', ...Object.values(labels)].flatMap((text) =>
        [...text.matchAll(PAYLOAD)].map(([, field = '']) => field),
      ),
      /** The measures that it is made of. */
      measures: [...filter.matchAll(/jsonPayload\.metric=(\("[^)]+"\)|"\w+")/g)].flatMap(([, names = '']) =>
        [...names.matchAll(/"(\w+)"/g)].map(([, name = '']) => name),
      ),
      labels,
      hasValue: typeof value === 'string',
      matches: filterOf(filter),
      /** Labels and value of an entry that matches. */
      read: (entry: Entry) => ({
        labels: Object.fromEntries(
          Object.entries(labels).map(([name, extractor]) => [name, at(entry, pathOf(extractor))]),
        ),
        value: typeof value === 'string' ? at(entry, pathOf(value)) : 1,
      }),
    };
  });
