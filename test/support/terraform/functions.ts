import { readFileSync } from 'node:fs';

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

const list = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? value : value === null || value === undefined ? [] : Object.values(value);
const text = (value: Value | undefined): string => {
  if (typeof value === 'object' || value === undefined)
    throw new Error(`${JSON.stringify(value)} is not a string`);
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

/** The functions of Terraform that the configuration uses. */
export const FUNCTIONS: Readonly<Record<string, (...values: readonly Value[]) => Value>> = {
  alltrue: (values) => list(values).every((value) => value === true),
  coalesce: (...values) => coalesce(values),
  concat: (...lists) => lists.flatMap((each) => list(each)),
  contains: (values, wanted = null) => list(values).some((value) => same(value, wanted)),
  distinct: (values) => distinct(list(values)),
  file: (path) => readFileSync(text(path), 'utf8'),
  floor: (value) => Math.floor(Number(value)),
  join: (separator, values) => list(values).map(text).join(text(separator)),
  jsondecode: (encoded) => decode(text(encoded)),
  jsonencode: (value) => JSON.stringify(value),
  keys: (value) => entries(value).map(([key]) => key),
  length: (value) => (typeof value === 'string' ? value.length : list(value).length),
  lookup: (map, key, fallback = null) => new Map(entries(map)).get(text(key)) ?? fallback,
  max: (...values) => Math.max(...values.map(Number)),
  merge: (...maps) => Object.fromEntries(maps.flatMap((map) => entries(map))),
  regexall: (pattern, value) =>
    [...text(value).matchAll(new RegExp(text(pattern), 'g'))].map(([match]) => match),
  setsubtract: (values, others) =>
    list(values).filter((value) => !list(others).some((other) => same(other, value))),
  sort: (values) => list(values).map(text).toSorted(),
  split: (separator, value) => text(value).split(text(separator)),
  tonumber: (value = null) => (value === null ? null : Number(value)),
  toset: (values) => distinct(list(values)),
  tostring: (value = null) => (value === null ? null : text(value)),
  values: (value) => entries(value).map(([, each]) => each),
};
