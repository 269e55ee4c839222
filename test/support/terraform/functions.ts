import { readFileSync } from 'node:fs';

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

const list = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? value : value === null || value === undefined ? [] : Object.values(value);
const text = (value: Value | undefined): string => {
  if (typeof value === 'object' || value === undefined)
    throw new Error(`${JSON.stringify(value)} is no text`);
  return String(value);
};
const entries = (value: Value | undefined): readonly (readonly [string, Value])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
const same = (a: Value, b: Value): boolean => JSON.stringify(a) === JSON.stringify(b);
const distinct = (values: readonly Value[]): readonly Value[] =>
  values.filter((value, index) => values.findIndex((other) => same(other, value)) === index);

function coalesce(values: readonly Value[]): Value {
  const found = values.find((value) => value !== null && value !== '');
  if (found === undefined) throw new Error('coalesce: all are null or empty');
  return found;
}

function decode(encoded: string): Value {
  const parsed: Value = JSON.parse(encoded);
  return parsed;
}

/** Terraform's functions, as far as the configuration uses them. */
export const FUNCTIONS: Readonly<Record<string, (...values: readonly Value[]) => Value>> = {
  alltrue: (values) => list(values).every((value) => value === true),
  coalesce: (...values) => coalesce(values),
  compact: (values) => list(values).filter((value) => value !== null && value !== ''),
  concat: (...lists) => lists.flatMap((values) => list(values)),
  contains: (values, wanted = null) => list(values).some((value) => same(value, wanted)),
  distinct: (values) => distinct(list(values)),
  file: (path) => readFileSync(text(path), 'utf8'),
  flatten: (values) => list(values).flatMap((value) => (Array.isArray(value) ? list(value) : [value])),
  floor: (value) => Math.floor(Number(value)),
  format: (pattern, ...values) => {
    let next = 0;
    return text(pattern).replace(/%[sdvq]/g, () => text(values[next++]));
  },
  join: (separator, values) => list(values).map(text).join(text(separator)),
  jsondecode: (encoded) => decode(text(encoded)),
  jsonencode: (value) => JSON.stringify(value),
  keys: (value) => entries(value).map(([key]) => key),
  length: (value) => (typeof value === 'string' ? value.length : list(value).length),
  lookup: (map, key, fallback = null) => new Map(entries(map)).get(text(key)) ?? fallback,
  lower: (value) => text(value).toLowerCase(),
  max: (...values) => Math.max(...values.map(Number)),
  merge: (...maps) => Object.fromEntries(maps.flatMap((map) => entries(map))),
  min: (...values) => Math.min(...values.map(Number)),
  one: (values) => list(values)[0] ?? null,
  replace: (value, from, to) => text(value).replaceAll(text(from), text(to)),
  setsubtract: (values, others) =>
    list(values).filter((value) => !list(others).some((other) => same(other, value))),
  sort: (values) => list(values).toSorted((a, b) => (text(a) < text(b) ? -1 : 1)),
  split: (separator, value) => text(value).split(text(separator)),
  tolist: (values) => list(values),
  tomap: (map = null) => map,
  tonumber: (value = null) => (value === null ? null : Number(value)),
  toset: (values) => distinct(list(values)),
  tostring: (value = null) => (value === null ? null : text(value)),
  trimspace: (value) => text(value).trim(),
  trimsuffix: (value, suffix) => {
    const [whole, end] = [text(value), text(suffix)];
    return whole.endsWith(end) ? whole.slice(0, whole.length - end.length) : whole;
  },
  upper: (value) => text(value).toUpperCase(),
  values: (value) => entries(value).map(([, each]) => each),
};
