/**
 * Partial responses: the `fields` parameter of every method, see
 * https://developers.google.com/workspace/calendar/api/guides/performance.
 */
import {
  type ApiDefinition,
  type FieldType,
  loadDefinition,
  methodsOf,
  resolveType,
} from '../definition/definition.ts';
import { MAX_DEPTH } from '../protocol/body.ts';
import { CalendarError } from '../protocol/http.ts';

/** The selected part of an object: fields by name (or `*`), each either whole (`null`) or a selection itself. */
type Selection = Map<string, Selection | null>;

/** Returns the selected fields of a response. */
type Select = (body: unknown) => unknown;

/** Beyond this number of different selectors, they are compiled again: a program uses a few. */
const MAX_COMPILED = 1000;

/**
 * Returns the compiler of selectors: `nextPageToken,items(id,start/date)`; `*` is any field, and an empty selector selects none.
 * Each selector is compiled once per method, and checked against the definition of the method's response. A method without a
 * response has nothing to select from: its selectors are only parsed.
 * @throws CalendarError 400 `invalidParameter`, naming the selector if it is malformed, or the first field that does not exist (as in
 * https://github.com/googleapis/google-api-dotnet-client/issues/1444)
 */
export function createSelectors(definition: ApiDefinition): (method: string, fields: string) => Select {
  const methods = methodsOf(definition);
  const compiled = new Map<string, Select>();
  return (method, fields) => {
    const key = `${method} ${fields}`;
    const known = compiled.get(key);
    if (known) return known;
    const selection = parseSelector(fields);
    const response = methods.get(method)?.response;
    const unknown = response && findUnknown(definition, response, selection);
    if (unknown !== undefined) throw invalidSelection(unknown);
    const select: Select = (body) => pick(body, selection);
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(key, select);
    return select;
  };
}

let loaded: Promise<ReturnType<typeof createSelectors>> | undefined;
/** Returns the compiler for the API. Few programs select fields: only they wait for the definition to be loaded. */
export const loadSelectors = () => (loaded ??= loadDefinition().then(createSelectors));

/** Returns the first selected name that the type does not have. */
function findUnknown(api: ApiDefinition, declared: FieldType, selection: Selection): string | undefined {
  const type = resolveType(api, declared);
  if (type.items) return findUnknown(api, type.items, selection);
  if (isOpen(type)) return undefined;
  for (const [name, inner] of selection) {
    const members = membersOf(type, name);
    if (members.length === 0) return name;
    if (inner === null) continue;
    // Below `*`, a name exists if any of the fields has it.
    const unknown = members.map((member) => findUnknown(api, member, inner));
    if (!unknown.includes(undefined)) return unknown[0];
  }
  return undefined;
}

/** Returns the types of the fields that a name selects. */
function membersOf({ properties = {}, additionalProperties }: FieldType, name: string): readonly FieldType[] {
  if (additionalProperties) return [additionalProperties];
  if (name === '*') return Object.values(properties);
  return Object.entries(properties).flatMap(([key, member]) => (key === name ? [member] : []));
}

/** Returns whether the definition leaves open what the value is. */
const isOpen = ({ type, properties, additionalProperties }: FieldType): boolean =>
  (type === undefined || type === 'any') && !properties && !additionalProperties;

function parseSelector(fields: string): Selection {
  const selection: Selection = new Map();
  if (fields.trim() === '') return selection;
  const tokens = fields.match(/[(),/]|[^(),/]+/g) ?? [];
  const read = readList(0, [selection], 0);
  if (read !== tokens.length) throw invalidSelection(fields);
  return selection;

  /** Parses `a/b(c,d),e` into each of `targets` and returns the position after it. */
  function readList(start: number, targets: readonly Selection[], depth: number): number {
    let at = start;
    for (;;) {
      at = readPath(at, targets, depth);
      if (tokens[at] !== ',') return at;
      at += 1;
    }
  }

  function readPath(start: number, targets: readonly Selection[], depth: number): number {
    const name = tokens[start]?.trim();
    if (depth > MAX_DEPTH || name === undefined || !/^[\w*-]+$/.test(name)) throw invalidSelection(fields);
    const next = tokens[start + 1];
    if (next !== '/' && next !== '(') {
      for (const target of targets) target.set(name, null);
      return start + 1;
    }
    const inner = targets.map((target) => descend(target, name)).filter((found) => found !== null);
    if (next === '/') return readPath(start + 2, inner, depth + 1);
    const end = readList(start + 2, inner, depth + 1);
    if (tokens[end] !== ')') throw invalidSelection(fields);
    return end + 1;
  }
}

/** Returns the selection below `name`, or null if all of it is already selected. */
function descend(selection: Selection, name: string): Selection | null {
  const present = selection.get(name);
  if (present !== undefined) return present;
  const made: Selection = new Map();
  selection.set(name, made);
  return made;
}

function pick(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => pick(element, selection));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
      const wanted = selection.has(name) ? selection.get(name) : selection.get('*');
      if (wanted === undefined) return [];
      return [[name, wanted === null ? member : pick(member, wanted)]];
    }),
  );
}

const invalidSelection = (selected: string): CalendarError =>
  new CalendarError(400, {
    domain: 'global',
    reason: 'invalidParameter',
    message: `Invalid field selection ${selected}`,
    locationType: 'parameter',
    location: 'fields',
  });
