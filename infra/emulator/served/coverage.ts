/** What is served of the API: each method, parameter and field, from its definition, the routes, and the list of exceptions. */
import {
  type ApiDefinition,
  type ApiMethod,
  type FieldType,
  methodsOf,
  resolveType,
} from '../definition/definition.ts';
import { PARAMETERS, REQUEST_FIELDS, RESPONSE_FIELDS, SYSTEM_PARAMETERS } from './exceptions.ts';

/** `never`: a field that is in no response. */
type State = 'served' | 'ignored' | 'refused' | 'never';

export interface Item {
  readonly name: string;
  /** As in the definition: `string`, `integer/int32`, … */
  readonly type: string;
  readonly state: State;
  /** The reason, or what is special. */
  readonly why?: string;
}

interface MethodCoverage {
  readonly id: string;
  readonly http: string;
  readonly state: State;
  readonly why?: string;
  readonly parameters: readonly Item[];
  /** The schemas of its bodies. */
  readonly request?: string;
  readonly response?: string;
}

interface SchemaCoverage {
  readonly name: string;
  /** Fields in requests; empty for a schema of responses only. */
  readonly request: readonly Item[];
  /** Fields in responses; empty for a schema of requests only. */
  readonly response: readonly Item[];
}

export interface Coverage {
  readonly revision: string;
  /** Parameters that every method accepts. */
  readonly parameters: readonly Item[];
  readonly methods: readonly MethodCoverage[];
  readonly schemas: readonly SchemaCoverage[];
}

const NO_ROUTE = { state: 'refused', why: '404 `notFound`' } as const;

/** Returns the coverage of an emulator that has routes for the methods in `served`. */
export function coverageOf(definition: ApiDefinition, served: ReadonlySet<string>): Coverage {
  const methods = [...methodsOf(definition).values()];
  const requests = new Set(methods.flatMap(({ request }) => request?.$ref ?? []));
  const responses = new Set(methods.flatMap(({ response }) => response?.$ref ?? []));
  const bodies = new Set([...requests, ...responses]);
  return {
    revision: definition.revision,
    parameters: systemParameters(definition),
    methods: methods.map((method) => methodCoverage(method, served)),
    schemas: [...bodies].toSorted().map((name) => {
      const fields = [...fieldsOf(definition, bodies, { $ref: name }, name)];
      return {
        name,
        request: requests.has(name) ? fields.map((field) => requestItem(name, field)) : [],
        response: responses.has(name) ? fields.map((field) => responseItem(name, field)) : [],
      };
    }),
  };
}

function systemParameters({ parameters }: ApiDefinition): Item[] {
  return [...new Set([...Object.keys(parameters), ...Object.keys(SYSTEM_PARAMETERS)])]
    .toSorted()
    .map((name) => {
      const type = parameters[name]?.type ?? 'string';
      return { name, type, ...(SYSTEM_PARAMETERS[name] ?? { state: 'served' }) };
    });
}

function methodCoverage(method: ApiMethod, served: ReadonlySet<string>): MethodCoverage {
  const id = method.id.replace(/^calendar\./, '');
  const { request, response } = method;
  const exists = served.has(method.id);
  const stateOf = (name: string) =>
    PARAMETERS[`${id}.${name}`] ?? PARAMETERS[id] ?? PARAMETERS[name] ?? ({ state: 'served' } as const);
  return {
    id: method.id,
    http: `${method.httpMethod} /${method.path}`,
    ...(exists ? { state: 'served' } : NO_ROUTE),
    parameters: Object.entries(method.parameters ?? {})
      .filter(([, { location }]) => location === 'query')
      .map(([name, parameter]) => ({
        name,
        type: typeName(parameter),
        ...(exists ? stateOf(name) : NO_ROUTE),
      })),
    ...(request && { request: request.$ref }),
    ...(response && { response: response.$ref }),
  };
}

interface Field {
  /** After the name of the schema: `Event.attendees[].email`; `*` is any key of a map. */
  readonly path: string;
  readonly type: string;
  readonly readOnly: boolean;
}

/** Yields all fields without parts of their own. A body within another, as in a list, is a field: it is listed by itself. */
function* fieldsOf(
  api: ApiDefinition,
  bodies: ReadonlySet<string>,
  declared: FieldType,
  path: string,
  readOnly = false,
): Generator<Field> {
  const type = resolveType(api, declared);
  const fixed = readOnly || declared.readOnly === true;
  const { items, additionalProperties, properties } = type;
  if (declared.$ref !== undefined && bodies.has(declared.$ref) && path !== declared.$ref)
    yield { path, type: declared.$ref, readOnly: fixed };
  else if (items) yield* fieldsOf(api, bodies, items, `${path}[]`, fixed);
  else if (additionalProperties) yield* fieldsOf(api, bodies, additionalProperties, `${path}.*`, fixed);
  else if (properties)
    for (const [name, member] of Object.entries(properties))
      yield* fieldsOf(api, bodies, member, `${path}.${name}`, fixed);
  else yield { path, type: typeName(type), readOnly: fixed };
}

function requestItem(schema: string, { path, type, readOnly }: Field): Item {
  const item = { name: path.slice(schema.length + 1), type };
  const exception = exceptionOf(REQUEST_FIELDS, path);
  if (exception) return { ...item, ...exception };
  return readOnly ? { ...item, state: 'ignored', why: 'read-only' } : { ...item, state: 'served' };
}

function responseItem(schema: string, { path, type }: Field): Item {
  const item = { name: path.slice(schema.length + 1), type };
  const why = exceptionOf(RESPONSE_FIELDS, path);
  return why === undefined ? { ...item, state: 'served' } : { ...item, state: 'never', why };
}

/** Returns the exception of a path, or of what contains it. */
function exceptionOf<T>(exceptions: Readonly<Record<string, T>>, path: string): T | undefined {
  const found = Object.keys(exceptions).find(
    (key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`),
  );
  return found === undefined ? undefined : exceptions[found];
}

const typeName = ({ type = 'any', format }: { type?: string; format?: string }): string =>
  format === undefined ? type : `${type}/${format}`;
