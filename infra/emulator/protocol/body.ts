import * as z from 'zod';
import { invalid, required } from './api-errors.ts';

/** A JSON object as it was received. */
export type Json = Readonly<Record<string, unknown>>;

/** Returns the body of a request. Throws 400 `required` if there is none. */
export function bodyOf(body: unknown): Json {
  if (!isObject(body)) throw required('body', 'Required');
  return body;
}

/** Parses a body; a null is an absent field. Throws 400 `invalid`, naming the field. */
export function parseBody<T>(schema: z.ZodType<T>, body: Json): T {
  const parsed = schema.safeParse(mergePatch({}, body));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  throw invalid(path, `Invalid value for: ${path === '' ? 'body' : path}: ${issue?.message ?? 'invalid'}`);
}

/** Returns what is wrong with a value, in one line: `[0].effect: Invalid input: expected object, received undefined`. */
export const describeIssues = ({ issues }: Pick<z.ZodError, 'issues'>): string =>
  issues
    .map(({ path, message }) => (path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`))
    .join('; ');

/** Returns the parsed argument of a function that programs call. @throws TypeError that says what is wrong with it */
export function checkArgument<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TypeError(describeIssues(parsed.error), { cause: parsed.error });
}

/**
 * Returns the schema of an integer. Google takes it as a number or as text, https://protobuf.dev/programming-guides/json/, and
 * clients rely on that: gcalcli sends the SEQUENCE of an .ics file as it stands there.
 */
export const integer = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  );

/**
 * Applies a patch as the API does (https://developers.google.com/workspace/calendar/api/guides/performance, RFC 7396):
 * given fields replace, objects are merged, lists are replaced as a whole, null removes.
 */
export function mergePatch(target: Json, patch: Json): Json {
  const merged: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else {
      const old = Object.hasOwn(merged, key) ? merged[key] : undefined;
      set(merged, key, isObject(value) ? mergePatch(isObject(old) ? old : {}, value) : value);
    }
  }
  return merged;
}

/** Assigns any key as an own property, including `__proto__`. */
function set(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Returns the value of a text in JSON, or undefined if the text is not valid JSON, or is nested too deeply. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/**
 * Google parses JSON with the libraries of protocol buffers, which read 100 levels
 * (https://protobuf.dev/programming-guides/proto-limits/). Deeper values would exhaust the stack of functions that call themselves.
 */
export const MAX_DEPTH = 100;

/** Returns whether objects and arrays are nested in more than `MAX_DEPTH` levels. */
export function isTooDeep(value: unknown): boolean {
  // A set, as aliases of YAML may repeat a value, or contain themselves.
  let level = new Set([value].filter(isNested));
  for (let depth = 1; level.size > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = new Set([...level].flatMap((each): unknown[] => Object.values(each)).filter(isNested));
  }
  return false;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Returns whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
