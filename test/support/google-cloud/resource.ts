import * as z from 'zod';

import { invalid } from './errors.ts';

/** Resources as JSON objects, and the changes that update masks describe. */

export const resourceSchema = z.record(z.string(), z.json());
export type Resource = z.infer<typeof resourceSchema>;
type Json = z.infer<ReturnType<typeof z.json>>;

/** Parses a part of a request. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  return parsed.data;
}

const isObject = (value: Json | undefined): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isDefault = (value: Json): boolean =>
  value === null ||
  value === false ||
  value === 0 ||
  value === '' ||
  (Array.isArray(value) && value.length === 0);

/** Returns a request's body without nulls. https://protobuf.dev/programming-guides/json: null is an accepted value of every field */
export function withoutNulls(resource: Resource): Resource {
  const fields = Object.entries(resource).flatMap(([name, value]): [string, Json][] =>
    value === null ? [] : [[name, cleaned(value)]],
  );
  return Object.fromEntries(fields);
}

function cleaned(value: Json): Json {
  if (Array.isArray(value)) return value.map(cleaned);
  return isObject(value) ? withoutNulls(value) : value;
}

/** Maps, which are left out when they are empty; an empty message is not. */
const MAPS = new Set(['labels', 'userLabels', 'labelExtractors', 'environmentVariables', 'annotations']);

/**
 * Returns a resource as a response has it: what is false, 0 or empty is left out.
 * https://protobuf.dev/programming-guides/json: implicit presence
 */
export function asResponse(resource: Resource): Resource {
  const fields: Resource = {};
  for (const [name, value] of Object.entries(resource)) {
    if (isDefault(value)) continue;
    if (Array.isArray(value)) {
      fields[name] = value.map((each) => (isObject(each) ? asResponse(each) : each));
    } else if (!isObject(value)) {
      fields[name] = value;
    } else if (!MAPS.has(name)) {
      fields[name] = asResponse(value);
    } else if (Object.keys(value).length > 0) {
      fields[name] = value;
    }
  }
  return fields;
}

const camel = (field: string): string =>
  field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function at(resource: Resource, path: readonly string[]): Json | undefined {
  let value: Json | undefined = resource;
  for (const field of path) value = isObject(value) ? value[field] : undefined;
  return value;
}

function assign(
  resource: Resource,
  [field = '', ...rest]: readonly string[],
  value: Json | undefined,
): Resource {
  const { [field]: before, ...others } = resource;
  const after = rest.length === 0 ? value : assign(isObject(before) ? before : {}, rest, value);
  return after === undefined ? others : { ...others, [field]: after };
}

/**
 * Returns `before` with the fields of `mask` as in `change`, or with all fields of `change` without a mask.
 * https://google.aip.dev/134#field-masks; masks of clients are in snake case or in camel case.
 */
export function patched(before: Resource, change: Resource, mask: string | null | undefined): Resource {
  if (!mask || mask === '*') return { ...before, ...change };
  return mask
    .split(',')
    .map((path) => path.split('.').map(camel))
    .reduce((resource, path) => assign(resource, path, at(change, path)), before);
}

/** Returns a field that is text; empty if it is not there. */
export function textIn(resource: Resource | undefined, field: string): string {
  const value = resource?.[field];
  return typeof value === 'string' ? value : '';
}
