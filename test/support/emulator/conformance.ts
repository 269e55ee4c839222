/** Checks responses of the emulator against the API's definition: an unknown field or a wrong type is a deviation. */
import {
  type ApiDefinition,
  type FieldType,
  methodsOf,
  resolveType,
} from '../../../infra/emulator/definition/definition.ts';

/**
 * Compares a response with the schema of its method.
 * @returns One line per deviation, with the path to the value; none if the response conforms.
 */
export function deviations(api: ApiDefinition, schema: string | undefined, value: unknown): string[] {
  if (schema === undefined) {
    return value === undefined || value === '' ? [] : ['the method declares no response body'];
  }
  return check(api, { $ref: schema }, value, schema);
}

function check(api: ApiDefinition, declared: FieldType, value: unknown, path: string): string[] {
  if (declared.$ref !== undefined && !(declared.$ref in api.schemas))
    return [`${path}: unknown schema ${declared.$ref}`];
  const type = resolveType(api, declared);
  const { items, properties, additionalProperties } = type;
  if (items) {
    if (!Array.isArray(value)) return [`${path} is not an array`];
    return value.flatMap((element: unknown, index) => check(api, items, element, `${path}[${index}]`));
  }
  if (!properties && !additionalProperties)
    return fits(type, value) ? [] : [`${path} is not ${type.format ?? type.type}: ${JSON.stringify(value)}`];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${path} is not an object`];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const memberType = additionalProperties ?? properties?.[name];
    const memberPath = `${path}.${name}`;
    return memberType === undefined
      ? [`${memberPath} is unknown`]
      : check(api, memberType, member, memberPath);
  });
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function fits({ type = 'any', format = '' }: FieldType, value: unknown): boolean {
  switch (`${type}/${format}`) {
    case 'any/':
      return true;
    case 'string/':
      return typeof value === 'string';
    case 'string/date-time':
      return typeof value === 'string' && RFC3339.test(value);
    case 'string/date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
    case 'string/int64':
      return typeof value === 'string' && /^-?\d+$/.test(value);
    case 'integer/int32':
      return Number.isInteger(value);
    case 'boolean/':
      return typeof value === 'boolean';
    default:
      throw new Error(`The definition has a type that is not checked yet: ${type} ${format}`);
  }
}

/** Returns the paths of all fields in a response, as in COVERAGE.md: `Event.attendees[].email`, `Events.items[]`; `*` is a key of a map. */
export function answeredFields(api: ApiDefinition, schema: string | undefined, value: unknown): string[] {
  if (schema === undefined) return [];
  const bodies = new Set([...methodsOf(api).values()].flatMap(({ response }) => response?.$ref ?? []));
  return walk({ $ref: schema }, value, schema);

  function walk(declared: FieldType, part: unknown, path: string): string[] {
    const type = resolveType(api, declared);
    const within = declared.$ref !== undefined && path !== declared.$ref && bodies.has(declared.$ref);
    const own = within ? [path, ...walk(declared, part, declared.$ref ?? '')] : [];
    if (within) return own;
    const { items, properties, additionalProperties } = type;
    if (items)
      return Array.isArray(part) ? part.flatMap((each: unknown) => walk(items, each, `${path}[]`)) : [];
    if (!properties && !additionalProperties) return [path];
    if (typeof part !== 'object' || part === null) return [];
    return Object.entries(part).flatMap(([name, member]: [string, unknown]) => {
      const memberType = additionalProperties ?? properties?.[name];
      return memberType ? walk(memberType, member, `${path}.${additionalProperties ? '*' : name}`) : [];
    });
  }
}
